import { z } from 'zod';
import type { EventType } from '#core/events.ts';
import { mchid, outOrderNo, words } from './fields.ts';
import {
  cancelSignType,
  chargeFacts,
  lastCommand,
  merchantPlanNo,
  merchantSignPlanNo,
  pendingCommand,
  refusedCommand,
  serviceReviewReason,
  signFacts,
} from './payscore-fields.ts';

type Fields = Readonly<Record<string, z.ZodType>>;
type Statuses = readonly [string, ...string[]];

const commands = { pending_command: pendingCommand, last_command: lastCommand.optional() };
const refused = { ...commands, last_command: refusedCommand };

const signPlanData = (statuses: Statuses, more: Fields = commands) =>
  z.object({
    mchid,
    merchant_sign_plan_no: merchantSignPlanNo,
    status: words(statuses, 'What the sign plan is now.'),
    merchant_plan_no: merchantPlanNo,
    ...signFacts,
    ...more,
  });

const ofServiceOrder = { mchid, out_order_no: outOrderNo };

const serviceOrderData = (statuses: Statuses, more: Fields = commands) =>
  z.object({
    ...ofServiceOrder,
    status: words(statuses, 'What the service order is now.'),
    merchant_sign_plan_no: merchantSignPlanNo,
    ...chargeFacts,
    ...more,
  });

/** The types of events about PayScore. */
export type PayscoreEventType = Extract<
  EventType,
  `${'plan' | 'sign-plan' | 'service-order'}.${string}`
>;

/** The `data` of each of them; `docs/events.md` has the same fields. */
export const payscoreEventData: Readonly<Record<PayscoreEventType, z.ZodType>> = {
  'plan.refused': z.object({
    mchid,
    merchant_plan_no: merchantPlanNo,
    status: words(['REFUSED', 'NORMAL'], 'What the plan is now.'),
    ...refused,
  }),
  'sign-plan.signed': signPlanData(['SIGNED']),
  'sign-plan.cancelled': signPlanData(['SIGN_PLAN_CANCEL'], {
    ...commands,
    cancel_sign_type: cancelSignType,
  }),
  'sign-plan.completed': signPlanData(['COMPLETE']),
  'sign-plan.expired': signPlanData(['EXPIRE']),
  'sign-plan.refused': signPlanData(
    ['REFUSED', 'UNSIGNED', 'SIGNED', 'COMPLETE', 'EXPIRE', 'LAPSED'],
    refused,
  ),
  'sign-plan.unmatched': z.object({
    mchid,
    merchant_sign_plan_no: merchantSignPlanNo,
    status: words(['UNMATCHED'], 'What the sign plan is now.'),
    ...signFacts,
  }),
  'service-order.doing': serviceOrderData(['DOING']),
  'service-order.completed': serviceOrderData(['COMPLETED', 'DONE']),
  'service-order.paid': serviceOrderData(['PAID']),
  'service-order.revoked': serviceOrderData(['REVOKED']),
  'service-order.expired': serviceOrderData(['EXPIRED']),
  'service-order.review': serviceOrderData(['REVIEW'], {
    ...commands,
    reason: serviceReviewReason,
  }),
  'service-order.refused': serviceOrderData(
    ['REFUSED', 'DOING', 'COMPLETED', 'PAID', 'DONE', 'REVOKED', 'EXPIRED', 'REVIEW'],
    refused,
  ),
  'service-order.unmatched': z.object({
    ...ofServiceOrder,
    status: words(['UNMATCHED'], 'What the service order is now.'),
    ...chargeFacts,
  }),
};
