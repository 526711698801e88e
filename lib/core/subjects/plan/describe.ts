import { commandsView } from '../../payscore/describe.ts';
import type { StoredRecord } from '../../record.ts';
import type { JsonObject } from '../../values/json.ts';
import { formatUtc } from '../../values/time.ts';
import type { Plan } from './plan.ts';

/** The `data` of a plan's event: what happened, in WeChat's names. */
export function planEventData(record: StoredRecord, plan: Plan): JsonObject {
  return {
    mchid: record.key.mchid,
    merchant_plan_no: record.key.number,
    status: plan.status,
    ...commandsView(plan),
  };
}

/** What `GET` shows of a plan. */
export function planView(record: StoredRecord, plan: Plan): JsonObject {
  return {
    merchant_plan_no: record.key.number,
    mchid: record.key.mchid,
    status: plan.status,
    ...(plan.plan_id !== undefined && { plan_id: plan.plan_id }),
    service_id: plan.service_id,
    appid: plan.appid,
    plan_name: plan.plan_name,
    plan_duration: plan.plan_duration,
    plan_detail_list: plan.details.map(({ original_price, actual_price }, n) => ({
      plan_detail_no: n + 1,
      original_price,
      actual_price,
    })),
    created_at: formatUtc(plan.createdAt),
    ...commandsView(plan),
    history: record.history.map((row) => ({ ...row, at: formatUtc(row.at) })),
    history_count: record.historyCount,
  };
}
