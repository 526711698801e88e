import axiosPlugin from 'wechatpay-axios-plugin';
import type { Received } from './receiver.ts';

const { Aes, Formatter, Rsa } = axiosPlugin;

type ReaderShop = {
  readonly keys: { readonly wechatpayPublicKey: string };
  readonly merchant: { readonly apiV3Key: string };
};

/** Reads notices to a shop as the outside library does; `opened` throws when the content does not open. */
export const noticeReader = ({ keys, merchant }: ReaderShop) => ({
  verifies: ({ headers, body }: Received, key = keys.wechatpayPublicKey): boolean =>
    Rsa.verify(
      Formatter.response(
        headers['wechatpay-timestamp'] ?? '',
        headers['wechatpay-nonce'] ?? '',
        body,
      ),
      headers['wechatpay-signature'] ?? '',
      Rsa.from(key, Rsa.KEY_TYPE_PUBLIC),
    ),
  opened: ({ body }: Received): Record<string, unknown> => {
    const { resource } = JSON.parse(body);
    const { ciphertext, nonce, associated_data: aad } = resource;
    return JSON.parse(Aes.AesGcm.decrypt(ciphertext, merchant.apiV3Key, nonce, aad));
  },
});

export const first = (received: readonly Received[]): Received => {
  if (received[0] === undefined) throw new Error('nothing was received');
  return received[0];
};
