import { z } from 'zod';
import { planStatuses } from '#core/subjects/plan/plan.ts';
import { serviceOrderStatuses } from '#core/subjects/service-order/service-order.ts';
import { signPlanStatuses } from '#core/subjects/sign-plan/sign-plan.ts';
import { appid, fen, listedRefunds, mchid, outOrderNo, text, time, words } from './fields.ts';
import { historyCount, historyOf, refreshed } from './history.ts';
import {
  cancelSignType,
  chargeFacts,
  lastCommand,
  merchantPlanNo,
  merchantSignPlanNo,
  pendingCommand,
  planId,
  serviceId,
  serviceReviewReason,
  signFacts,
} from './payscore-fields.ts';

const commands = { pending_command: pendingCommand, last_command: lastCommand.optional() };
const createdAt = time('When it was written here.');

const plan = z.object({
  merchant_plan_no: merchantPlanNo,
  mchid,
  status: words(
    planStatuses,
    '`CREATED`: written, not yet known at WeChat for certain. `NORMAL`: can be signed. `STOP`: can not any more; who signed it goes on. `REFUSED`: WeChat refused it, the number may be used again.',
  ),
  plan_id: planId.optional(),
  service_id: serviceId,
  appid,
  plan_name: text('What the user reads.'),
  plan_duration: z.int().min(1).meta({ description: 'Days from the signing.' }),
  plan_detail_list: z
    .array(
      z.object({
        plan_detail_no: z.int().min(1).meta({ description: 'Its place in the plan, from 1.' }),
        original_price: fen('The usual price, in fen.'),
        actual_price: fen('The price in this plan, in fen.'),
      }),
    )
    .min(1)
    .meta({ description: 'What the plan lets you charge for, in order.' }),
  created_at: createdAt,
  ...commands,
  history: historyOf(planStatuses, 'plan'),
  history_count: historyCount,
  refreshed,
});

const businessType = z
  .literal('wxpayScorePlan')
  .meta({ description: "The name of WeChat's page for plans." });
const launchPackage = text('Opens the sign page. Nothing of it is signed by you.');

const launch = z
  .object({
    mini_program: z
      .object({
        business_type: businessType,
        extra_data: z.object({ package: launchPackage }),
      })
      .meta({ description: 'For `wx.openBusinessView`.' }),
    web: z
      .object({ business_type: businessType, query_string: text('`package=…`, encoded.') })
      .meta({ description: 'For `openBusinessView` of JSSDK, inside WeChat.' }),
    app: z
      .object({ business_type: businessType, query: text('`package=…`, encoded.') })
      .meta({ description: 'For `WXOpenBusinessView` of the SDK.' }),
  })
  .meta({ description: 'What a front end opens the sign page with. Only while it is UNSIGNED.' });

const signPlan = z.object({
  merchant_sign_plan_no: merchantSignPlanNo,
  mchid,
  status: words(
    signPlanStatuses,
    '`CREATED`: written, not yet known at WeChat for certain. `UNSIGNED`: the user can sign. `SIGNED`. `SIGN_PLAN_CANCEL`: the user or you ended it. `COMPLETE`: every detail is finished. `EXPIRE`: its time is over. `LAPSED`: unsigned for 30 days. `REFUSED`: WeChat refused it, the number may be used again. `UNMATCHED`: signed at WeChat, never launched here.',
  ),
  merchant_plan_no: merchantPlanNo.optional(),
  ...signFacts,
  cancel_sign_type: cancelSignType,
  appid,
  service_id: serviceId,
  created_at: createdAt,
  package: launchPackage.optional(),
  launch: launch.optional(),
  ...commands,
  history: historyOf(signPlanStatuses, 'sign plan'),
  history_count: historyCount,
  refreshed,
});

const serviceOrder = z.object({
  out_order_no: outOrderNo,
  mchid,
  status: words(
    serviceOrderStatuses,
    '`CREATED`: written, or not usable at WeChat yet. `DOING`: the service runs. `COMPLETED`: WeChat is charging. `PAID`. `DONE`: finished with nothing to pay. `REVOKED`: cancelled. `EXPIRED`: never begun. `REVIEW`: the money contradicts what was agreed. `REFUSED`: WeChat refused it, the detail is free again. `UNMATCHED`: paid at WeChat, never made here.',
  ),
  merchant_sign_plan_no: merchantSignPlanNo.optional(),
  ...chargeFacts,
  reason: serviceReviewReason.optional(),
  appid,
  service_id: serviceId,
  created_at: createdAt,
  refunds: listedRefunds.optional(),
  ...commands,
  history: historyOf(serviceOrderStatuses, 'service order'),
  history_count: historyCount,
  refreshed,
});

/** The answers about PayScore, by their names in `components`. */
export const payscoreSchemas = {
  Plan: plan.meta({ description: 'A PayScore plan as it stands.' }),
  SignPlan: signPlan.meta({ description: "One user's signature on a plan as it stands." }),
  ServiceOrder: serviceOrder.meta({ description: 'One detail being used, as it stands.' }),
} as const satisfies Readonly<Record<string, z.ZodType>>;
