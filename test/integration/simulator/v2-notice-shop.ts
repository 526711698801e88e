import { request } from 'node:https';
import { openShop } from './outside-client.ts';
import { startReceiver } from './receiver.ts';
import { fieldsOf, signOf } from './v2-notice-reader.ts';

export type SignType = 'MD5' | 'HMAC-SHA256';

/** The answer of a merchant that took a notice of APIv2. */
export const OK = {
  status: 200,
  body: '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>',
};

type Fields = Readonly<Record<string, string>>;

const documentOf = (fields: Fields): string => {
  const elements = Object.entries(fields).map(
    ([name, value]) => `<${name}>${escaped(value)}</${name}>`,
  );
  return `<xml>${elements.join('')}</xml>`;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A shop that orders 100 fen through APIv2. */
export const openV2Shop = async () => {
  const shop = await openShop('public-key', { answerLimitMs: 500 });
  const { apiKey, appid, mchid, merchantCertificate, merchantPrivateKey } = shop.merchant;

  /** One call with the merchant's certificate; rejects when it is refused. */
  const call = (path: string, signType: SignType, more: Fields): Promise<Fields> => {
    const fields = {
      appid,
      mch_id: mchid,
      nonce_str: 'A'.repeat(32),
      sign_type: signType,
      ...more,
    };
    const options = {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      ca: shop.simulator.certificateAuthority,
      cert: merchantCertificate,
      key: merchantPrivateKey,
      agent: false,
    };
    return new Promise((resolve, reject) => {
      const sending = request(`${shop.simulator.tlsOrigin}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = fieldsOf(Buffer.concat(chunks).toString());
          if (answer['result_code'] === 'SUCCESS') resolve(answer);
          else reject(new Error(JSON.stringify(answer)));
        });
      });
      sending.on('error', reject);
      sending.end(documentOf({ ...fields, sign: signOf(fields, apiKey, signType) }));
    });
  };

  const place = (
    outTradeNo: string,
    notifyUrl: string,
    signType: SignType = 'MD5',
    more: Fields = {},
  ) =>
    call('/pay/unifiedorder', signType, {
      body: '一杯茶',
      out_trade_no: outTradeNo,
      total_fee: '100',
      spbill_create_ip: '127.0.0.1',
      notify_url: notifyUrl,
      trade_type: 'NATIVE',
      product_id: 'tea',
      ...more,
    });

  /** One order, paid unless nobody pays; its own notice is lost and one of the kind is sent. */
  const sent = async (
    kind: string,
    outTradeNo: string,
    order: { readonly signType?: SignType; readonly unpaid?: true; readonly times?: number } = {},
  ) => {
    const receiver = await startReceiver(OK);
    await place(outTradeNo, receiver.url, order.signType);
    if (order.unpaid !== true) {
      await shop.control('pay', { out_trade_no: outTradeNo, notice: 'lost' });
    }
    const { times } = order;
    const answer = await shop.control('notice', { out_trade_no: outTradeNo, kind, times });
    await receiver.close();
    return { ...answer, bodies: receiver.received.map(({ body }) => body) };
  };

  return { ...shop, v2Call: call, place, sent };
};
