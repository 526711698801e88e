import { z } from 'zod';
import { type EventType, eventTypes } from '#core/events.ts';
import { closeReasons, reviewReasons } from '#core/subjects/order/order.ts';
import { refundOrigins } from '#core/subjects/refund/refund.ts';
import {
  mchid,
  ofOrdered,
  outRefundNo,
  outTradeNo,
  payment,
  refundAmount,
  refundId,
  refundOf,
  text,
  time,
  transactionId,
  words,
} from './fields.ts';
import { payscoreEventData } from './payscore-event-schemas.ts';

const ofOrder = { mchid, out_trade_no: outTradeNo };

const orderData = (
  statuses: readonly [string, ...string[]],
  more: Readonly<Record<string, z.ZodType>> = {},
) =>
  z.object({
    ...ofOrder,
    status: words(statuses, 'What the order is now.'),
    ...more,
    ...ofOrdered,
    ...payment,
  });

const refundData = (status: string, more: Readonly<Record<string, z.ZodType>>) =>
  z.object({
    mchid,
    out_refund_no: outRefundNo,
    status: words([status], 'What the refund is now.'),
    ...refundOf,
    transaction_id: transactionId,
    amount: refundAmount,
    origin: words(
      refundOrigins,
      '`request`: yours. `late`, `duplicate`, `resolve`: automatic. `console`: made outside this system.',
    ),
    ...more,
  });

/** The `data` of each type of event; `docs/events.md` has the same fields. */
const dataOf: Readonly<Record<EventType, z.ZodType>> = {
  'order.paid': orderData(['PAID'], {
    accepted_by: text(
      'The person who took it as paid although it was not paid as ordered.',
    ).optional(),
  }),
  'order.paid_late': orderData(['PAID', 'REVIEW']),
  'order.duplicate': orderData(['PAID', 'REVIEW']),
  'order.closed': orderData(['CLOSED'], { reason: words(closeReasons, 'Why it was closed.') }),
  'order.review': orderData(['REVIEW', 'PAID'], {
    reason: words(
      [...reviewReasons, 'contradiction'],
      'Why a person must look. `contradiction`: WeChat denies a payment that was announced; the status stays PAID.',
    ),
  }),
  'order.unmatched': z.object({
    ...ofOrder,
    status: words(['UNMATCHED'], 'What the order is now.'),
    ...payment,
  }),
  'refund.succeeded': refundData('SUCCESS', {
    refund_id: refundId,
    success_time: time('When the money was back.').optional(),
  }),
  'refund.closed': refundData('CLOSED', { refund_id: refundId }),
  'refund.abnormal': refundData('ABNORMAL', { refund_id: refundId }),
  'refund.refused': refundData('REFUSED', {
    reason: text("WeChat's code, or `NUMBER_USED`: another refund has this number."),
  }),
  ...payscoreEventData,
  'notice.unhandled': z.object({
    mchid,
    notice_id: text("WeChat's id of the notice."),
    event_type: text("WeChat's name of its kind."),
    create_time: time('When WeChat made it.'),
  }),
};

/** `order.paid_late` as `OrderPaidLateEvent`. */
export function eventSchemaName(type: EventType): string {
  const parts = type
    .split(/[._-]/)
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`);
  return `${parts.join('')}Event`;
}

/** A CloudEvents 1.0 message in its JSON form, for each type. */
export const eventSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  eventTypes.map((type) => [
    eventSchemaName(type),
    z
      .object({
        specversion: z.literal('1.0'),
        id: z
          .string()
          .max(128)
          .meta({ description: '`{subject}/{type}/{n}`. Keep it: each id has one effect.' }),
        source: text('`/accounts/{account}`'),
        type: z.literal(type),
        subject: text('`{kind}#{mchid}#{number}`. Events of one subject come in order.'),
        time: time('When it was decided.'),
        datacontenttype: z.literal('application/json'),
        sequence: z
          .string()
          .regex(/^[0-9]{10}$/)
          .meta({ description: "The record's version. Drop what is older than what you have." }),
        data: dataOf[type],
      })
      .meta({ title: type, description: `The event \`${type}\`.` }),
  ]),
);
