import type { Account } from '#core/account.ts';
import type { PrepayLink, PrepayOutcome } from '#core/evidence.ts';
import type { OrderGateway, PrepayRequest } from '#core/ports.ts';
import type { LinkTradeType } from '#core/subjects/order/order.ts';
import type { Appid } from '#core/values/ids.ts';
import { formatBeijing, type Instant } from '#core/values/time.ts';
import { checkPrepay } from '../../simulator/prepay-rules.ts';
import { APP, H5, JSAPI, NATIVE, type Product } from '../../simulator/products.ts';

const products: Readonly<Record<LinkTradeType, Product>> = { NATIVE, JSAPI, APP, H5 };

/** What WeChat refuses in a prepay whatever it knows of the number; undefined when all is well. */
export function prepayRefusal(
  account: Account,
  request: PrepayRequest,
  now: Instant,
): PrepayOutcome | undefined {
  const { mchid, appids } = account;
  const { openid, details, amountFen: total, currency } = request;
  const body = {
    appid: request.appid,
    mchid,
    description: request.description,
    out_trade_no: request.out_trade_no,
    time_expire: formatBeijing(request.expiresAt),
    notify_url: request.notify_url,
    amount: { total, currency },
    ...(openid !== undefined && { payer: { openid } }),
    ...details,
  };
  const checked = checkPrepay(products[request.trade_type], body, { mchid, appids, nowMs: now });
  if (checked.ok) {
    return undefined;
  }
  const { code, detail } = checked.refusal;
  // APIv2 names no field.
  const field = account.api === 'v3' ? detail?.['field'] : undefined;
  return { type: 'refused', code, ...(typeof field === 'string' && { field }) };
}

/** The n-th link of an order: each prepay gives another. */
export function linkOf({ out_trade_no, trade_type }: PrepayRequest, n: number): PrepayLink {
  const number = `${out_trade_no}-${n}`;
  switch (trade_type) {
    case 'NATIVE':
      return { trade_type, code_url: `weixin://wxpay/bizpayurl?pr=${number}` };
    case 'H5':
      return { trade_type, h5_url: `https://wx.tenpay.com/checkmweb?prepay_id=wx-${number}` };
    case 'JSAPI':
    case 'APP':
      return { trade_type, prepay_id: `wx-${number}` };
  }
}

/** As WeChat's would look; the signature is not one. */
export function payParametersOf(
  account: Account,
  appid: Appid,
  link: Parameters<OrderGateway['payParameters']>[2],
  now: Instant,
): ReturnType<OrderGateway['payParameters']> {
  const timestamp = String(Math.floor(now / 1000));
  return link.trade_type === 'JSAPI'
    ? {
        appId: appid,
        timeStamp: timestamp,
        nonceStr: 'nonce',
        package: `prepay_id=${link.prepay_id}`,
        signType: account.api === 'v3' ? 'RSA' : (account.credentials.v2?.signType ?? 'MD5'),
        paySign: 'signature',
      }
    : {
        appid,
        partnerid: account.mchid,
        prepayid: link.prepay_id,
        package: 'Sign=WXPay',
        noncestr: 'nonce',
        timestamp,
        sign: 'signature',
      };
}
