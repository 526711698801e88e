import { randomUUID } from 'node:crypto';
import type { NoticeHead } from '../notice-message.ts';
import type { Order, Payment } from '../order.ts';
import type { Refund, RefundEnd } from '../refund.ts';
import { wallTime } from '../timers.ts';
import type { V2Values } from './call.ts';
import { paymentValues } from './order-view.ts';
import type { SignType } from './signing.ts';
import { type Fields, xmlText } from './xml.ts';

/** A payment is told in the open and signed; a refund is told sealed, and never signed. */
export type V2Content =
  | {
      readonly about: 'payment';
      readonly signType: SignType;
      /** All fields but `nonce_str`, `sign_type` and `sign`. */
      readonly fields: Fields;
    }
  | {
      readonly about: 'refund';
      /** All fields but `nonce_str` and `req_info`. */
      readonly fields: Fields;
      /** What `req_info` says. */
      readonly sealed: Fields;
    };

/** A notice of APIv2; each send of it has a nonce of its own. */
export type V2Notice = NoticeHead & { readonly v2: V2Content };

/** The notice that an order was paid, signed as its placing was; amounts in fen. */
export const v2PaymentNotice = (order: Order, payment: Payment): V2Notice => ({
  id: payment.noticeId,
  mchid: order.mchid,
  outTradeNo: order.outTradeNo,
  url: order.notifyUrl,
  v2: {
    about: 'payment',
    signType: order.v2?.signType ?? 'MD5',
    fields: fieldsOf({
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      appid: order.appid,
      mch_id: order.mchid,
      ...paymentValues(order, payment),
    }),
  },
});

/** The notice that a refund of the order ended as it did. Throws while it is PROCESSING. */
export const v2RefundNotice = (order: Order, refund: Refund, url: string): V2Notice => {
  const { ended, status } = refund;
  if (ended === undefined || status === 'PROCESSING') {
    throw new Error(`refund ${refund.outRefundNo} has not ended`);
  }
  return {
    id: ended.noticeId,
    mchid: refund.mchid,
    outTradeNo: refund.outTradeNo,
    outRefundNo: refund.outRefundNo,
    url,
    v2: {
      about: 'refund',
      fields: fieldsOf({ return_code: 'SUCCESS', appid: order.appid, mch_id: refund.mchid }),
      sealed: fieldsOf({
        out_refund_no: refund.outRefundNo,
        out_trade_no: refund.outTradeNo,
        refund_account: sourceOf(refund),
        refund_fee: refund.refund,
        cash_refund_fee: refund.payerRefund,
        refund_id: refund.refundId,
        refund_recv_accout: '支付用户零钱',
        refund_request_source: refund.origin === 'api' ? 'API' : 'VENDOR_PLATFORM',
        refund_status: STATUSES[status],
        settlement_refund_fee: refund.refund,
        settlement_total_fee: refund.total,
        success_time: status === 'SUCCESS' ? wallTime(ended.atMs) : undefined,
        total_fee: refund.total,
        transaction_id: refund.transactionId,
      }),
    },
  };
};

const STATUSES: Readonly<Record<RefundEnd, string>> = {
  SUCCESS: 'SUCCESS',
  ABNORMAL: 'CHANGE',
  CLOSED: 'REFUNDCLOSE',
};

const sourceOf = ({ fundsAccount }: Refund): string =>
  fundsAccount === 'AVAILABLE' ? 'REFUND_SOURCE_RECHARGE_FUNDS' : 'REFUND_SOURCE_UNSETTLED_FUNDS';

/** A notice that says something else under an id of its own. */
export const alteredV2Notice = (notice: V2Notice, v2: V2Content): V2Notice => ({
  ...notice,
  id: randomUUID(),
  v2,
});

const fieldsOf = (values: V2Values): Fields =>
  new Map(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, xmlText(String(value))]],
    ),
  );
