import type { Account } from '#core/account.ts';
import type { PrepayRequest } from '#core/ports.ts';
import type { OutTradeNo, TransactionId } from '#core/values/ids.ts';
import { formatBeijing } from '#core/values/time.ts';
import type { SignedRequest } from './signing.ts';

const transactions = '/v3/pay/transactions';

/**
 * `POST /v3/pay/transactions/{native|jsapi}` (4012791870, 4012791856). The same request gives the same
 * bytes: only an identical prepay of an unpaid number is allowed.
 */
export function prepayCall(account: Account, request: PrepayRequest): SignedRequest {
  const { attach, openid } = request;
  const body = {
    appid: request.appid,
    mchid: account.mchid,
    description: request.description,
    out_trade_no: request.out_trade_no,
    time_expire: formatBeijing(request.expiresAt),
    // JSON has no undefined: without one it is left out.
    attach,
    notify_url: request.notify_url,
    amount: { total: request.amountFen, currency: request.currency },
    ...(openid !== undefined && { payer: { openid } }),
  };
  const product = request.trade_type === 'NATIVE' ? 'native' : 'jsapi';
  return { method: 'POST', target: `${transactions}/${product}`, body: JSON.stringify(body) };
}

/** By WeChat's number where it is known, else by the merchant's (4012791858, 4012791859). */
export function queryCall(
  account: Account,
  order: { readonly out_trade_no: OutTradeNo; readonly transaction_id?: TransactionId },
): SignedRequest {
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
