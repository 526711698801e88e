import {
  type OrderEvidence,
  type PaymentFacts,
  type PrepayLink,
  type PrepayOutcome,
  tradeStates,
} from '#core/evidence.ts';
import type { Result } from '#core/result.ts';
import type { LinkTradeType } from '#core/subjects/order/order.ts';
import {
  isMchid,
  isOpenid,
  isOutTradeNo,
  isTransactionId,
  type OutTradeNo,
  type TransactionId,
} from '#core/values/ids.ts';
import { fieldsOf, isObject, isText, type JsonObject, oneOf } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { instantIn, malformed, objectIn } from './answers.ts';

const statesWithMoney: readonly string[] = ['SUCCESS', 'REFUND'];

/**
 * Reads a signed answer to our query (4012791859). Anything that is not a whole answer about the order
 * we asked for is `unknown`: an open outcome is looked at again, a wrong one would move money.
 */
export function readTransaction(
  body: Uint8Array,
  asked: { readonly out_trade_no: OutTradeNo; readonly transaction_id?: TransactionId },
): OrderEvidence {
  const answer = objectIn(body);
  const fields = fieldsOf(answer);
  const given = {
    state: fields.required('trade_state', oneOf(tradeStates)),
    mchid: fields.required('mchid', isMchid),
    appid: fields.required('appid', isAppidText),
    out_trade_no: fields.required('out_trade_no', isOutTradeNo),
  };
  const read = fields.result(() => given);
  if (answer === undefined || !read.ok) {
    return malformed;
  }
  const facts = read.value;
  const { transaction_id } = answer;
  // An answer that denies the payment carries no transaction_id, and is an answer all the same.
  const isOtherPayment =
    asked.transaction_id !== undefined &&
    transaction_id !== undefined &&
    transaction_id !== asked.transaction_id;
  const isOther = facts.out_trade_no !== asked.out_trade_no || isOtherPayment;
  if (isOther) {
    return { type: 'unknown', code: 'OTHER_ORDER' };
  }
  const payment = readPayment(answer);
  if (payment.ok) {
    return { type: 'state', ...facts, payment: payment.value };
  }
  return statesWithMoney.includes(facts.state) ? malformed : { type: 'state', ...facts };
}

/** Reads a signed answer to a prepay; its link must be one that a front end can use as it is. */
export function readPrepay(body: Uint8Array, trade_type: LinkTradeType): PrepayOutcome {
  const link = linkIn(objectIn(body) ?? {}, trade_type);
  return link === undefined ? malformed : { type: 'placed', link };
}

function linkIn(
  { code_url, h5_url, prepay_id }: JsonObject,
  trade_type: LinkTradeType,
): PrepayLink | undefined {
  switch (trade_type) {
    case 'NATIVE':
      return isLink(code_url, 512) ? { trade_type, code_url } : undefined;
    case 'H5':
      return isLink(h5_url, 512) && h5_url.startsWith('https://')
        ? { trade_type, h5_url }
        : undefined;
    case 'JSAPI':
    case 'APP':
      return isLink(prepay_id, 64) ? { trade_type, prepay_id } : undefined;
  }
}

/**
 * Number, amount and currency must be whole. A payer or time that cannot be read is left out: an order
 * that names its payer then fails the comparison, and no other payment waits for it for ever.
 */
function readPayment(answer: JsonObject): Result<PaymentFacts> {
  const fields = fieldsOf(answer);
  const transaction_id = fields.required('transaction_id', isTransactionId);
  const given = fields.required('amount', isObject);
  const amount = fieldsOf(given);
  const amountFen = amount.required('total', isFen);
  // WeChat's own default; a domestic merchant's orders have no other.
  const currency = amount.optional('currency', isCurrency) ?? 'CNY';
  const whole = amount.result(() => ({ amountFen, currency }));
  if (!whole.ok) {
    return whole;
  }
  const { payer_total } = given;
  const openid = isObject(answer['payer']) ? answer['payer']['openid'] : undefined;
  const successAt = instantIn(answer['success_time']);
  return fields.result(() => ({
    transaction_id,
    ...whole.value,
    ...(isFen(payer_total) && { payerTotalFen: payer_total }),
    ...(isOpenid(openid) && { openid }),
    ...(successAt !== undefined && { successAt }),
  }));
}

function isLink(value: unknown, maxLength: number): value is string {
  return isText(value) && value.length <= maxLength && /^[\x21-\x7e]+$/.test(value);
}

function isAppidText(value: unknown): value is string {
  return isText(value) && /^[\x21-\x7e]{1,64}$/.test(value);
}

function isCurrency(value: unknown): value is string {
  return isText(value) && /^[A-Z]{3}$/.test(value);
}
