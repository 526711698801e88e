import { Agent } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import forge from 'node-forge';
import Payment from 'tenpay';
import axiosPlugin from 'wechatpay-axios-plugin';
import type { Merchant } from '../../../simulator/merchant.ts';
import type { Simulator } from '../../../simulator/server.ts';
import type { Fields } from './v2-till.ts';

/** Outcome of a call: what a library that verifies every answer believed, or the code of its refusal. */
export type Told =
  | { readonly fields: Fields; readonly refusal?: never }
  | { readonly fields?: never; readonly refusal: string };

/** One call of a library. */
type Call = (fields: Fields) => Promise<Told>;

export type OutsideClient = Readonly<
  Record<'order' | 'query' | 'close' | 'micropay' | 'reverse' | 'refund' | 'queryRefund', Call>
>;

/** The certificate and its key as `apiclient_cert.p12`; its password is the mchid. */
const pkcs12Of = (merchant: Merchant): Buffer => {
  const archive = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(merchant.merchantPrivateKey),
    [forge.pki.certificateFromPem(merchant.merchantCertificate)],
    merchant.mchid,
    { algorithm: '3des' },
  );
  return Buffer.from(forge.asn1.toDer(archive).getBytes(), 'binary');
};

/** tenpay; it takes no authority of its own, so that the whole process has to know the simulator's. */
export const tenpayClient = (simulator: Simulator, merchant: Merchant): OutsideClient => {
  setDefaultCACertificates([...getCACertificates('default'), simulator.certificateAuthority]);
  const { appid, mchid, apiKey } = merchant;
  const payment = new Payment({ appid, mchid, partnerKey: apiKey, pfx: pkcs12Of(merchant) });
  payment.urls = Object.fromEntries(
    Object.entries(payment.urls).map(([name, url]) => {
      return [name, `${simulator.tlsOrigin}${new URL(url).pathname}`];
    }),
  );
  const call =
    (ask: (fields: Fields) => Promise<Fields>): Call =>
    async (fields) => {
      try {
        return { fields: await ask(fields) };
      } catch (error) {
        return { refusal: error instanceof Error ? error.message : String(error) };
      }
    };
  return {
    order: call((fields) => payment.unifiedOrder(fields)),
    query: call((fields) => payment.orderQuery(fields)),
    close: call((fields) => payment.closeOrder(fields)),
    micropay: call((fields) => payment.micropay(fields)),
    reverse: call((fields) => payment.reverse(fields)),
    refund: call((fields) => payment.refund(fields)),
    queryRefund: call((fields) => payment.refundQuery(fields)),
  };
};

type AxiosFailure = {
  readonly code?: string;
  readonly response?: { readonly data: Fields };
};

/** wechatpay-axios-plugin, the XML half of it. */
export const axiosClient = (
  simulator: Simulator,
  merchant: Merchant,
  signType: 'MD5' | 'HMAC-SHA256' = 'MD5',
): OutsideClient => {
  const { appid, mchid, apiKey } = merchant;
  const ca = simulator.certificateAuthority;
  const config = {
    mchid,
    secret: apiKey,
    merchant: { cert: merchant.merchantCertificate, key: merchant.merchantPrivateKey, ca },
    baseURL: `${simulator.tlsOrigin}/`,
    httpsAgent: new Agent({ ca }),
    timeout: 5_000,
  };
  const client = axiosPlugin.Decorator.xmlBased(config);
  const call =
    (path: string, security = false): Call =>
    async (fields) => {
      const data = { appid, mch_id: mchid, sign_type: signType, ...fields };
      const options: object = { security };
      try {
        return { fields: (await client.post<Fields>(path, data, options)).data };
      } catch (error) {
        const { code, response } = error as AxiosFailure;
        return { refusal: response?.data['err_code'] ?? code ?? String(error) };
      }
    };
  return {
    order: call('pay/unifiedorder'),
    query: call('pay/orderquery'),
    close: call('pay/closeorder'),
    micropay: call('pay/micropay'),
    reverse: call('secapi/pay/reverse', true),
    refund: call('secapi/pay/refund', true),
    queryRefund: call('pay/refundquery'),
  };
};
