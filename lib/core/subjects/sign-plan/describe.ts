import { commandsView } from '../../payscore/describe.ts';
import type { StoredRecord } from '../../record.ts';
import type { JsonObject } from '../../values/json.ts';
import { formatUtc } from '../../values/time.ts';
import type { SignPlan } from './sign-plan.ts';

/** The `data` of a sign plan's event: what happened, in WeChat's names; nothing about the payer. */
export function signPlanEventData(record: StoredRecord, signPlan: SignPlan): JsonObject {
  return {
    mchid: record.key.mchid,
    merchant_sign_plan_no: record.key.number,
    ...factsOf(signPlan),
  };
}

/** What `GET` shows of a sign plan; what opens the sign page only while it can still be signed. */
export function signPlanView(record: StoredRecord, signPlan: SignPlan): JsonObject {
  return {
    merchant_sign_plan_no: record.key.number,
    mchid: record.key.mchid,
    ...factsOf(signPlan),
    appid: signPlan.appid,
    service_id: signPlan.service_id,
    created_at: formatUtc(signPlan.createdAt),
    ...launchOf(signPlan),
    history: record.history.map((row) => ({ ...row, at: formatUtc(row.at) })),
    history_count: record.historyCount,
  };
}

/**
 * What a front end opens the sign page with (payscore-plan, launching): nothing of it is signed by the
 * merchant. Empty unless it waits for the user's signature.
 */
export function launchOf({ status, package: launched }: SignPlan): JsonObject {
  if (status !== 'UNSIGNED' || launched === undefined) {
    return {};
  }
  const query = `package=${encodeURIComponent(launched)}`;
  return {
    package: launched,
    launch: {
      mini_program: { business_type: 'wxpayScorePlan', extra_data: { package: launched } },
      web: { business_type: 'wxpayScorePlan', query_string: query },
      app: { business_type: 'wxpayScorePlan', query },
    },
  };
}

function factsOf(signPlan: SignPlan): JsonObject {
  const { merchant_plan_no, sign_plan_id, signedAt, overAt, cancel_sign_type } = signPlan;
  return {
    status: signPlan.status,
    ...(merchant_plan_no !== undefined && { merchant_plan_no }),
    plan_id: signPlan.plan_id,
    ...(sign_plan_id !== undefined && { sign_plan_id }),
    ...(cancel_sign_type !== undefined && { cancel_sign_type }),
    ...(signedAt !== undefined && { sign_time: formatUtc(signedAt) }),
    ...(overAt !== undefined && { plan_over_time: formatUtc(overAt) }),
    details: signPlan.details.map(
      ({ plan_detail_no, merchant_plan_detail_no, actualFen, state }) => ({
        plan_detail_no,
        merchant_plan_detail_no,
        actual_price: actualFen,
        plan_detail_state: state,
      }),
    ),
    ...commandsView(signPlan),
  };
}
