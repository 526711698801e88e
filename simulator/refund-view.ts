import type { JsonObject } from './json.ts';
import type { Refund } from './refund.ts';
import { beijingTime } from './timers.ts';

const RECEIVER = '支付用户零钱';

/** A refund as the answers to its call and to its query show it (document 4013071036); amounts in fen. */
export const refundView = (refund: Refund): JsonObject => ({
  ...commonFields(refund),
  channel: 'ORIGINAL',
  create_time: beijingTime(refund.createdAtMs),
  status: refund.status,
  funds_account: refund.fundsAccount,
  amount: {
    ...amounts(refund),
    settlement_total: refund.total,
    settlement_refund: refund.refund,
    discount_refund: refund.refund - refund.payerRefund,
    currency: 'CNY',
    refund_fee: 0,
  },
  promotion_detail: promotions(refund),
});

/** A refund as the plaintext of its notice shows it (document 4013071196): there the status has another name. */
export const refundNoticeView = (refund: Refund): JsonObject => ({
  mchid: refund.mchid,
  ...commonFields(refund),
  refund_status: refund.status,
  amount: amounts(refund),
});

const commonFields = (refund: Refund): JsonObject => ({
  refund_id: refund.refundId,
  out_refund_no: refund.outRefundNo,
  transaction_id: refund.transactionId,
  out_trade_no: refund.outTradeNo,
  user_received_account: RECEIVER,
  ...(refund.status === 'SUCCESS' && refund.ended !== undefined
    ? { success_time: beijingTime(refund.ended.atMs) }
    : {}),
});

const amounts = (refund: Refund): JsonObject => ({
  total: refund.total,
  refund: refund.refund,
  payer_total: refund.payerTotal,
  payer_refund: refund.payerRefund,
});

const promotions = (refund: Refund): readonly JsonObject[] => {
  const refundAmount = refund.refund - refund.payerRefund;
  if (refundAmount === 0) return [];
  return [
    {
      promotion_id: '109519',
      scope: 'GLOBAL',
      type: 'COUPON',
      amount: refund.total - refund.payerTotal,
      refund_amount: refundAmount,
    },
  ];
};
