import type { FieldRules } from '../field-rules.ts';
import { notifyUrlIssue } from '../notify-url.ts';
import { OUT_REFUND_NO } from '../number-rules.ts';
import type { RefundWish } from '../refund.ts';
import { checkFields, fingerprintOf, type V2Call, type V2Refusal, v2Refuse } from './call.ts';
import { namesNoOrder } from './find-order.ts';
import { FEN, ORDER_NUMBERS } from './order-rules.ts';

const RECHARGE = 'REFUND_SOURCE_RECHARGE_FUNDS';
const UNSETTLED = 'REFUND_SOURCE_UNSETTLED_FUNDS';

const FIELDS: FieldRules = {
  ...ORDER_NUMBERS,
  out_refund_no: { ...OUT_REFUND_NO, minLength: 1, required: true },
  total_fee: { ...FEN, required: true },
  refund_fee: { ...FEN, required: true },
  refund_fee_type: { kind: 'string', maxLength: 8, oneOf: ['CNY'] },
  refund_desc: { kind: 'string', maxLength: 80 },
  refund_account: { kind: 'string', maxLength: 30, oneOf: [UNSETTLED, RECHARGE] },
  notify_url: { kind: 'string', maxLength: 256 },
};

type RefundCheck =
  | {
      readonly ok: true;
      readonly wish: RefundWish;
      readonly given: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly refusal: V2Refusal };

/** Checks the fields of `/secapi/pay/refund` and works out what it asks for; `given` names the order. */
export const checkRefund = (call: V2Call): RefundCheck => {
  const checked = checkFields(call, FIELDS);
  if (!checked.ok) return checked;
  const { given } = checked;
  if (namesNoOrder(given)) {
    return v2Refuse('LACK_PARAMS', 'out_trade_no: this field or transaction_id is required');
  }
  const notifyUrl = given['notify_url'];
  const urlIssue = notifyUrl === undefined ? undefined : notifyUrlIssue(notifyUrl);
  if (urlIssue !== undefined) return v2Refuse('PARAM_ERROR', `notify_url: ${urlIssue}`);
  const wish: RefundWish = {
    outRefundNo: given['out_refund_no'] ?? '',
    refund: Number(given['refund_fee']),
    total: Number(given['total_fee']),
    notifyUrl,
    fundsAccount: given['refund_account'] === RECHARGE ? 'AVAILABLE' : 'UNSETTLED',
    fingerprint: fingerprintOf(call.fields),
    origin: 'api',
    v2: { signType: call.signType },
  };
  return { ok: true, wish, given };
};

/** Where the money of a refund comes from, in the words of APIv2. */
export const refundAccount = (fundsAccount: string): string =>
  fundsAccount === 'AVAILABLE' ? RECHARGE : UNSETTLED;
