import type { Refund } from '../refund.ts';
import { wallTime } from '../timers.ts';
import type { V2Values } from './call.ts';
import { refundAccount } from './refund-rules.ts';

/** A refund as the answer to its call shows it; amounts in fen. */
export const refundValues = (refund: Refund): V2Values => {
  const couponFee = refund.refund - refund.payerRefund;
  return {
    ...tradeValues(refund),
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_fee: refund.refund,
    settlement_refund_fee: refund.refund,
    cash_refund_fee: refund.payerRefund,
    ...(couponFee === 0
      ? {}
      : {
          coupon_refund_fee: couponFee,
          coupon_refund_count: 1,
          coupon_type_0: 'CASH',
          coupon_refund_id_0: '109519',
          coupon_refund_fee_0: couponFee,
        }),
  };
};

/** What the refunds of one order share. */
const tradeValues = (refund: Refund): V2Values => ({
  transaction_id: refund.transactionId,
  out_trade_no: refund.outTradeNo,
  total_fee: refund.total,
  settlement_total_fee: refund.total,
  fee_type: 'CNY',
  cash_fee: refund.payerTotal,
});

const STATUSES: Readonly<Record<Refund['status'], string>> = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  ABNORMAL: 'CHANGE',
  CLOSED: 'REFUNDCLOSE',
};

/** One page of the refunds of one order as their query shows them: `shown` out of `total`. */
export const refundPage = (
  first: Refund,
  shown: readonly Refund[],
  total: number | undefined,
): V2Values => {
  const values = shown.map((refund, index) => Object.entries(rowValues(refund, index)));
  return {
    ...tradeValues(first),
    refund_count: shown.length,
    total_refund_count: total,
    ...Object.fromEntries(values.flat()),
  };
};

const rowValues = (refund: Refund, n: number): V2Values => {
  const couponFee = refund.refund - refund.payerRefund;
  const done = refund.status === 'SUCCESS' && refund.ended !== undefined;
  return {
    [`out_refund_no_${n}`]: refund.outRefundNo,
    [`refund_id_${n}`]: refund.refundId,
    [`refund_channel_${n}`]: 'ORIGINAL',
    [`refund_fee_${n}`]: refund.refund,
    [`settlement_refund_fee_${n}`]: refund.refund,
    [`refund_status_${n}`]: STATUSES[refund.status],
    [`refund_account_${n}`]: refundAccount(refund.fundsAccount),
    [`refund_recv_accout_${n}`]: '支付用户零钱',
    [`refund_success_time_${n}`]: done ? wallTime(refund.ended.atMs) : undefined,
    ...(couponFee === 0
      ? {}
      : {
          [`coupon_refund_fee_${n}`]: couponFee,
          [`coupon_refund_count_${n}`]: 1,
          [`coupon_type_${n}_0`]: 'CASH',
          [`coupon_refund_id_${n}_0`]: '109519',
          [`coupon_refund_fee_${n}_0`]: couponFee,
        }),
  };
};
