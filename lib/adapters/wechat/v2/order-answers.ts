import {
  type MicropayOutcome,
  type OrderEvidence,
  type PaymentFacts,
  type PrepayLink,
  type PrepayOutcome,
  type ReverseOutcome,
  type TradeState,
  tradeStates,
} from '#core/evidence.ts';
import type { LinkTradeType } from '#core/subjects/order/order.ts';
import {
  isAppid,
  isMchid,
  isOpenid,
  isOutTradeNo,
  isTransactionId,
  type OutTradeNo,
  type TransactionId,
} from '#core/values/ids.ts';
import { oneOf } from '#core/values/json.ts';
import { tradeTypeNames } from './order-calls.ts';
import { fenIn, malformed, textIn, timeIn } from './values.ts';
import type { Fields } from './xml.ts';

const isTradeState = oneOf(tradeStates);
const statesWithMoney: readonly TradeState[] = ['SUCCESS', 'REFUND'];
const otherOrder = { type: 'unknown', code: 'OTHER_ORDER' } as const;

/**
 * Reads a signed answer to our query. Only a state that has money promises more than the order's number.
 * Anything that is not a whole answer about the order we asked for is `unknown`: an open outcome is looked
 * at again, a wrong one would move money.
 */
export function readOrder(
  fields: Fields,
  asked: { readonly out_trade_no: OutTradeNo; readonly transaction_id?: TransactionId },
): OrderEvidence {
  const [state, mchid, appid] = [
    fields.get('trade_state'),
    fields.get('mch_id'),
    fields.get('appid'),
  ];
  const out_trade_no = fields.get('out_trade_no');
  if (!isTradeState(state) || !isMchid(mchid) || !isAppid(appid) || !isOutTradeNo(out_trade_no)) {
    return malformed;
  }
  const transaction_id = textIn(fields, 'transaction_id');
  // An answer that denies the payment carries no transaction_id, and is an answer all the same.
  const isOtherPayment =
    asked.transaction_id !== undefined &&
    transaction_id !== undefined &&
    transaction_id !== asked.transaction_id;
  if (out_trade_no !== asked.out_trade_no || isOtherPayment) {
    return otherOrder;
  }
  const facts = { type: 'state', state, mchid, appid, out_trade_no } as const;
  const payment = paymentIn(fields);
  if (payment !== undefined) {
    return { ...facts, payment };
  }
  return statesWithMoney.includes(state) ? malformed : facts;
}

/** Reads a signed answer to a placing; its link must be one that a front end can use as it is. */
export function readPrepay(fields: Fields, trade_type: LinkTradeType): PrepayOutcome {
  const link = linkIn(fields, trade_type);
  const name = tradeTypeNames[trade_type];
  const isOther = (textIn(fields, 'trade_type') ?? name) !== name;
  return link === undefined || isOther ? malformed : { type: 'placed', link };
}

/** Reads a signed answer that a code was charged: it must name our order, and its payment. */
export function readCharged(fields: Fields, asked: OutTradeNo): MicropayOutcome {
  if (!isOutTradeNo(fields.get('out_trade_no')) || paymentIn(fields) === undefined) {
    return malformed;
  }
  return fields.get('out_trade_no') === asked ? { type: 'paid' } : otherOrder;
}

/**
 * Reads a signed answer to a reversal: it is over only when WeChat asks for no other call. A failure after
 * which it asks for one is no refusal.
 */
export function readReversed(fields: Fields, failure?: ReverseOutcome): ReverseOutcome {
  const recall = fields.get('recall');
  if (failure !== undefined) {
    return failure.type === 'refused' && recall === 'Y' ? { type: 'recall' } : failure;
  }
  switch (recall) {
    case 'N':
      return { type: 'done' };
    case 'Y':
      return { type: 'recall' };
    default:
      return malformed;
  }
}

function linkIn(fields: Fields, trade_type: LinkTradeType): PrepayLink | undefined {
  switch (trade_type) {
    case 'NATIVE': {
      const code_url = linkTextIn(fields, 'code_url', 512);
      return code_url === undefined ? undefined : { trade_type, code_url };
    }
    case 'H5': {
      const h5_url = linkTextIn(fields, 'mweb_url', 512);
      return h5_url?.startsWith('https://') ? { trade_type, h5_url } : undefined;
    }
    case 'JSAPI':
    case 'APP': {
      const prepay_id = linkTextIn(fields, 'prepay_id', 64);
      return prepay_id === undefined ? undefined : { trade_type, prepay_id };
    }
  }
}

/**
 * Number, amount and currency must be whole. A payer, paid total or time that cannot be read is left out:
 * an order that names its payer then fails the comparison, and no other payment waits for it for ever.
 */
function paymentIn(fields: Fields): PaymentFacts | undefined {
  const transaction_id = fields.get('transaction_id');
  const amountFen = fenIn(fields, 'total_fee');
  // WeChat's own default; a domestic merchant's orders have no other.
  const currency = textIn(fields, 'fee_type') ?? 'CNY';
  if (!isTransactionId(transaction_id) || amountFen === undefined || !/^[A-Z]{3}$/.test(currency)) {
    return undefined;
  }
  const openid = fields.get('openid');
  const payerTotalFen = fenIn(fields, 'cash_fee');
  const successAt = timeIn(fields, 'time_end');
  return {
    transaction_id,
    amountFen,
    currency,
    ...(payerTotalFen !== undefined && { payerTotalFen }),
    ...(isOpenid(openid) && { openid }),
    ...(successAt !== undefined && { successAt }),
  };
}

function linkTextIn(fields: Fields, name: string, maxLength: number): string | undefined {
  const text = fields.get(name) ?? '';
  return text.length <= maxLength && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}
