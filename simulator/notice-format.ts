import { type Notice, paymentNotice, refundNotice } from './notice-message.ts';
import { isReceived } from './notice-schedule.ts';
import type { Order, Payment } from './order.ts';
import type { Refund } from './refund.ts';
import type { Transmission } from './transmit.ts';
import { type V2Notice, v2PaymentNotice, v2RefundNotice } from './v2/notice.ts';
import { isTaken } from './v2/notice-answer.ts';

/** A notice in either format. */
export type AnyNotice = Notice | V2Notice;

export const NOTICE_FORMATS = ['v2', 'v3'] as const;

export type NoticeFormat = (typeof NOTICE_FORMATS)[number];

/** The notice that an order was paid, in the format in which it was placed. */
export const noticeOfPayment = (order: Order, payment: Payment): AnyNotice =>
  order.v2 === undefined ? paymentNotice(order, payment) : v2PaymentNotice(order, payment);

/** The notice that a refund of the order ended as it did; in the format in which it was made, unless told otherwise. Throws while it is PROCESSING. */
export const noticeOfRefund = (
  order: Order,
  refund: Refund,
  told: { readonly url: string; readonly format?: NoticeFormat | undefined },
): AnyNotice =>
  (told.format ?? formatOf(order, refund)) === 'v2'
    ? v2RefundNotice(order, refund, told.url)
    : refundNotice(refund, told.url);

/** A refund by hand is told as its order is. */
const formatOf = (order: Order, refund: Refund): NoticeFormat =>
  (refund.origin === 'console' ? order.v2 : refund.v2) === undefined ? 'v3' : 'v2';

/** Whether the answer ends the tries of this notice. */
export const hasArrived = (notice: AnyNotice, answer: Transmission): boolean =>
  notice.v2 === undefined ? isReceived(answer.status) : isTaken(answer);
