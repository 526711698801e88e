import Tenpay from 'tenpay';
import axiosPlugin from 'wechatpay-axios-plugin';
import NodeV3 from 'wechatpay-node-v3';
import type { SignedRequest } from '#adapters/wechat/v3/signing.ts';
import packageJson from '../package.json' with { type: 'json' };
import { seal } from '../simulator/sealing.ts';
import type { Shop, ShopNotice } from './shop.ts';

// Other people's clients, each used as its own pages say.

const { Aes, Formatter, Hash, Rsa, Transformer } = axiosPlugin;
const { devDependencies } = packageJson;

export const nodeV3Name = `wechatpay-node-v3 ${devDependencies['wechatpay-node-v3']}`;
export const axiosPluginName = `wechatpay-axios-plugin ${devDependencies['wechatpay-axios-plugin']}`;
export const tenpayName = `tenpay ${devDependencies.tenpay}`;

/** wechatpay-node-v3: `verifySign`, which fetches the certificates once, and `decipher_gcm`. */
export function nodeV3Reader(shop: Shop, { headers, body }: ShopNotice) {
  const { apiV3Key } = shop.merchant;
  const peer = nodeV3Of(shop);
  return async (): Promise<unknown> => {
    const text = body.toString();
    const isSigned = await peer.verifySign({
      timestamp: headers['wechatpay-timestamp'] ?? '',
      nonce: headers['wechatpay-nonce'] ?? '',
      serial: headers['wechatpay-serial'] ?? '',
      signature: headers['wechatpay-signature'] ?? '',
      body: text,
      apiSecret: apiV3Key,
    });
    if (!isSigned) {
      throw new Error('wechatpay-node-v3 refused the signature.');
    }
    const { ciphertext, associated_data, nonce } = JSON.parse(text).resource;
    return peer.decipher_gcm(ciphertext, associated_data, nonce, apiV3Key);
  };
}

/** wechatpay-node-v3: `getSignature` and `getAuthorization`, the key as a Buffer of its PEM. */
export function nodeV3Authorization(shop: Shop, { method, target, body }: SignedRequest) {
  const peer = nodeV3Of(shop);
  return (): string => {
    const nonce = Math.random().toString(36).slice(2, 17);
    const timestamp = String(Math.floor(Date.now() / 1000));
    return peer.getAuthorization(
      nonce,
      timestamp,
      peer.getSignature(method, nonce, timestamp, target, body),
    );
  };
}

/** wechatpay-axios-plugin: `Rsa.verify` with a key object and `Aes.AesGcm.decrypt`. */
export function axiosPluginReader({ wechat, merchant }: Shop, { headers, body }: ShopNotice) {
  const key = Rsa.from(wechat.platform.certificatePem, 'public');
  return (): unknown => {
    const text = body.toString();
    const { 'wechatpay-timestamp': timestamp = '', 'wechatpay-nonce': nonce = '' } = headers;
    const message = Formatter.response(timestamp, nonce, text);
    if (!Rsa.verify(message, headers['wechatpay-signature'] ?? '', key)) {
      throw new Error('wechatpay-axios-plugin refused the signature.');
    }
    const { resource } = JSON.parse(text);
    const { ciphertext, associated_data } = resource;
    return JSON.parse(
      Aes.AesGcm.decrypt(ciphertext, merchant.apiV3Key, resource.nonce, associated_data),
    );
  };
}

/** wechatpay-axios-plugin: `Rsa.sign` with a key object and `Formatter.authorization`. */
export function axiosPluginAuthorization(
  { merchant }: Shop,
  { method, target, body }: SignedRequest,
) {
  const key = Rsa.from(merchant.merchantPrivateKey, 'private');
  return (): string => {
    const nonce = Formatter.nonce();
    const timestamp = Formatter.timestamp();
    const signature = Rsa.sign(Formatter.request(method, target, timestamp, nonce, body), key);
    const { mchid, merchantSerial } = merchant;
    return Formatter.authorization(mchid, nonce, signature, timestamp, merchantSerial);
  };
}

/** wechatpay-axios-plugin: `Transformer.toObject`, then `Hash.sign` and `Hash.equals`. */
export function axiosPluginXmlReader({ merchant }: Shop, { body }: ShopNotice) {
  return (): unknown => {
    const message: { readonly sign?: string } = Transformer.toObject(body.toString());
    const sign = Hash.sign('MD5', message, merchant.apiKey);
    if (!Hash.equals(sign, message.sign)) {
      throw new Error('wechatpay-axios-plugin refused the signature.');
    }
    return message;
  };
}

/** tenpay: `middlewareForExpress`, which checks the signature and whose the message is. */
export function tenpayXmlReader({ merchant }: Shop, { body }: ShopNotice) {
  const { appid, mchid, apiKey: partnerKey } = merchant;
  const receive = new Tenpay({ appid, mchid, partnerKey }).middlewareForExpress('pay');
  return async (): Promise<unknown> => {
    const request: { readonly body: string; weixin?: unknown } = { body: body.toString() };
    let isTaken = false;
    await receive(request, { header: () => undefined, send: () => undefined }, () => {
      isTaken = true;
    });
    if (!isTaken) {
      throw new Error('tenpay refused the notice.');
    }
    return request.weixin;
  };
}

function nodeV3Of({ merchant, wechat }: Shop): NodeV3 {
  const peer = new NodeV3({
    appid: merchant.appid,
    mchid: merchant.mchid,
    serial_no: merchant.merchantSerial,
    publicKey: Buffer.from(merchant.merchantCertificate),
    privateKey: Buffer.from(merchant.merchantPrivateKey),
    key: merchant.apiV3Key,
  });
  const encrypt_certificate = seal({
    plaintext: wechat.platform.certificatePem,
    apiV3Key: merchant.apiV3Key,
    associatedData: 'certificate',
  });
  const certificates = [{ serial_no: wechat.platform.serial, encrypt_certificate }];
  const unexpected = () => Promise.reject(new Error('Only certificates are fetched here.'));
  peer.createHttp({
    get: () => Promise.resolve({ status: 200, data: { data: certificates } }),
    post: unexpected,
    upload: unexpected,
  });
  return peer;
}
