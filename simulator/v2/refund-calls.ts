import type { FieldRules } from '../field-rules.ts';
import { OUT_REFUND_NO } from '../number-rules.ts';
import { beforeEnd, isTooFast, type Refund, type RefundRefusal } from '../refund.ts';
import { refundNow } from '../refund-desk.ts';
import type { World } from '../world.ts';
import {
  checkFields,
  type V2Call,
  type V2Refusal,
  type V2Reply,
  v2Done,
  v2Refuse,
} from './call.ts';
import { findOrder } from './find-order.ts';
import { ORDER_NUMBERS } from './order-rules.ts';
import { checkRefund } from './refund-rules.ts';
import { refundPage, refundValues } from './refund-view.ts';

/** `POST /secapi/pay/refund`: SUCCESS means accepted; the same number and parameters are the same refund. */
export const refundOrder = (world: World, call: V2Call): V2Reply => {
  const checked = checkRefund(call);
  if (!checked.ok) return checked;
  const { wish, given } = checked;
  const known = world.refunds.get(call.account.mchid, wish.outRefundNo);
  if (known !== undefined) {
    return known.fingerprint === wish.fingerprint
      ? v2Done(refundValues(known))
      : v2Refuse('ERROR', 'out_refund_no was used with other parameters');
  }
  const order = findOrder(world, call, given);
  if (order === undefined) return v2Refuse('ORDERNOTEXIST', 'no such paid order');
  if (isTooFast(world.refunds.ofOrder(order), world.timers.now())) {
    return v2Refuse('BIZERR_NEED_RETRY', 'another refund of the order is less than a minute old');
  }
  const refunded = refundNow(world, call.account, order, wish);
  return refunded.ok
    ? v2Done(refundValues(refunded.refund))
    : { ok: false, refusal: REFUSALS[refunded.because] };
};

const businessError = (message: string): V2Refusal => ({ code: 'ERROR', message });

const REFUSALS: Readonly<Record<RefundRefusal | 'not-enough', V2Refusal>> = {
  unpaid: { code: 'ORDERNOTEXIST', message: 'no such paid order' },
  closed: businessError('the order is closed or reversed'),
  'too-old': { code: 'TRADE_OVERDUE', message: 'the order was paid more than a year ago' },
  'amounts-differ': businessError('total_fee is not what the order cost'),
  'fully-refunded': businessError('the order is refunded in full'),
  'too-much': businessError('more than can still be refunded'),
  'too-many': businessError('the order has 50 refunds'),
  'not-enough': { code: 'NOTENOUGH', message: 'the balance does not suffice' },
};

const QUERY: FieldRules = {
  refund_id: { kind: 'string', maxLength: 32 },
  out_refund_no: { ...OUT_REFUND_NO, minLength: 1 },
  ...ORDER_NUMBERS,
  offset: { kind: 'string', maxLength: 4, pattern: /^[0-9]+$/ },
};

const PAGE = 10;

/** `POST /pay/refundquery`: one refund by its numbers, or ten at a time by those of its order. */
export const queryRefunds = (world: World, call: V2Call): V2Reply => {
  const checked = checkFields(call, QUERY);
  if (!checked.ok) return checked;
  const { given } = checked;
  if (!NAMES.some((name) => given[name] !== undefined)) {
    return v2Refuse('LACK_PARAMS', `out_refund_no: one of ${NAMES.join(', ')} is required`);
  }
  const one = byRefundNumber(world, call, given);
  const order = one === undefined ? findOrder(world, call, given) : undefined;
  const all = one ?? (order === undefined ? [] : world.refunds.ofOrder(order));
  const [first] = all;
  if (first === undefined) return v2Refuse('REFUNDNOTEXIST', 'no such refund');
  const offset = Number(given['offset'] ?? 0);
  if (offset >= all.length) return v2Refuse('PARAM_ERROR', 'offset: past the last refund');
  const shown = all.slice(offset, offset + PAGE).map((refund) => asSeen(refund, call));
  return v2Done(refundPage(first, shown, one === undefined ? all.length : undefined));
};

/** The first that is given counts. */
const NAMES = ['refund_id', 'out_refund_no', 'transaction_id', 'out_trade_no'] as const;

/** The refund that a number of its own names, none or one; undefined when only its order is named. */
const byRefundNumber = (
  world: World,
  { account }: V2Call,
  { refund_id: refundId, out_refund_no: outRefundNo }: Readonly<Record<string, string>>,
): readonly Refund[] | undefined => {
  if (refundId === undefined && outRefundNo === undefined) return undefined;
  const refund =
    refundId === undefined
      ? world.refunds.get(account.mchid, outRefundNo ?? '')
      : world.refunds.getByRefundId(account.mchid, refundId);
  return refund === undefined ? [] : [refund];
};

const asSeen = (refund: Refund, { stale }: V2Call): Refund => (stale ? beforeEnd(refund) : refund);
