import type { Account } from '#core/account.ts';
import type { AskedOrder, PrepayRequest } from '#core/ports.ts';
import type { LinkTradeType } from '#core/subjects/order/order.ts';
import type { OutTradeNo } from '#core/values/ids.ts';
import { formatBeijing } from '#core/values/time.ts';
import type { SignedRequest } from './signing.ts';

const transactions = '/v3/pay/transactions';

const products = {
  NATIVE: 'native',
  JSAPI: 'jsapi',
  APP: 'app',
  H5: 'h5',
} as const satisfies Readonly<Record<LinkTradeType, string>>;

/**
 * `POST /v3/pay/transactions/{native|jsapi|app|h5}` (4012791870, 4012791856). The same request gives the
 * same bytes: only an identical prepay of an unpaid number is allowed.
 */
export function prepayCall(account: Account, request: PrepayRequest): SignedRequest {
  const { openid } = request;
  // By name: the order of the bytes is ours, and nothing else goes along.
  const { attach, goods_tag, support_fapiao, detail, scene_info, settle_info } = request.details;
  const body = {
    appid: request.appid,
    mchid: account.mchid,
    description: request.description,
    out_trade_no: request.out_trade_no,
    time_expire: formatBeijing(request.expiresAt),
    // JSON has no undefined: what is absent is left out.
    attach,
    notify_url: request.notify_url,
    goods_tag,
    support_fapiao,
    amount: { total: request.amountFen, currency: request.currency },
    ...(openid !== undefined && { payer: { openid } }),
    detail,
    scene_info,
    settle_info,
  };
  return {
    method: 'POST',
    target: `${transactions}/${products[request.trade_type]}`,
    body: JSON.stringify(body),
  };
}

/** By WeChat's number where it is known, else by the merchant's (4012791858, 4012791859). */
export function queryCall(account: Account, order: AskedOrder): SignedRequest {
  const path =
    order.transaction_id === undefined
      ? `out-trade-no/${encodeURIComponent(order.out_trade_no)}`
      : `id/${encodeURIComponent(order.transaction_id)}`;
  return { method: 'GET', target: `${transactions}/${path}?mchid=${account.mchid}` };
}

/** `POST …/close` with the mchid as its only field (4012791860). */
export function closeCall(account: Account, out_trade_no: OutTradeNo): SignedRequest {
  return {
    method: 'POST',
    target: `${transactions}/out-trade-no/${encodeURIComponent(out_trade_no)}/close`,
    body: JSON.stringify({ mchid: account.mchid }),
  };
}
