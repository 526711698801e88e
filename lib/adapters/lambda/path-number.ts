import { fail, ok, type Result } from '#core/result.ts';
import { backPrefix } from '#core/subjects/order/refunds.ts';
import {
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOutOrderNo,
  isOutRefundNo,
  isOutTradeNo,
  type MerchantPlanNo,
  type MerchantSignPlanNo,
  type OutOrderNo,
  type OutRefundNo,
  type OutTradeNo,
} from '#core/values/ids.ts';

/** How the number in a path is read: its parameter, and its check, which answers what is wrong with it. */
export type PathNumber<N> = {
  readonly name: string;
  readonly read: (text: string | undefined) => Result<N>;
};

export const orderNumber: PathNumber<OutTradeNo> = {
  name: 'out_trade_no',
  read: (text) => (isOutTradeNo(text) ? ok(text) : fail('must be 6 to 32 of 0-9 A-Z a-z _ - | *')),
};

/** Of a refund to look at, which may have been made elsewhere or by ourselves. */
export const refundNumber: PathNumber<OutRefundNo> = {
  name: 'out_refund_no',
  read: (text) =>
    isOutRefundNo(text) ? ok(text) : fail('must be 1 to 64 of 0-9 A-Z a-z _ - | * @'),
};

const fewestOfNew = 6;

/** Of a refund to make: WeChat asks for six characters at least, and one prefix is ours. */
export const newRefundNumber: PathNumber<OutRefundNo> = {
  name: 'out_refund_no',
  read: (text) => {
    if (!isOutRefundNo(text) || text.length < fewestOfNew) {
      return fail('must be 6 to 64 of 0-9 A-Z a-z _ - | * @');
    }
    return text.startsWith(backPrefix)
      ? fail(`must not begin with ${backPrefix}, which is reserved for automatic refunds`)
      : ok(text);
  },
};

const payscoreDetail = 'must be 1 to 32 of 0-9 A-Z a-z _ - *';

export const planNumber: PathNumber<MerchantPlanNo> = {
  name: 'merchant_plan_no',
  read: (text) => (isMerchantPlanNo(text) ? ok(text) : fail(payscoreDetail)),
};

export const signPlanNumber: PathNumber<MerchantSignPlanNo> = {
  name: 'merchant_sign_plan_no',
  read: (text) => (isMerchantSignPlanNo(text) ? ok(text) : fail(payscoreDetail)),
};

/** Of a service order: the number that its detail was signed with. */
export const serviceOrderNumber: PathNumber<OutOrderNo> = {
  name: 'out_order_no',
  read: (text) => (isOutOrderNo(text) ? ok(text) : fail(payscoreDetail)),
};
