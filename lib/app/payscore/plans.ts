import type { Account } from '#core/account.ts';
import type { Answer } from '#core/refusal.ts';
import { noteStop, stopSha256 } from '#core/subjects/plan/commands.ts';
import { planView } from '#core/subjects/plan/describe.ts';
import { decodePlan, type Plan } from '#core/subjects/plan/plan.ts';
import { type NewPlan, newPlanRecord } from '#core/subjects/plan/start.ts';
import type { MerchantPlanNo } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { LoopPorts } from '../confirm.ts';
import { type Carried, command, createSubject } from './send-command.ts';

/** What a PUT or POST answers. `waits`: WeChat has not said yet, `GET` shows how it ends. */
export type Shown = {
  readonly created: boolean;
  readonly waits: boolean;
  readonly view: JsonObject;
};

/**
 * Makes a plan at WeChat, or answers for one that was made: the same request any number of times is one
 * plan. Its exact body is written first and sent until WeChat has it. Refuses with the rule that it breaks,
 * `plan_conflict` (the number has another body) or `wechat_refused`; ends in the ports' `AppError`s.
 */
export async function createPlan(
  ports: LoopPorts,
  account: Account,
  request: NewPlan,
): Promise<Answer<Shown>> {
  const key = { kind: 'plan', mchid: account.mchid, number: request.merchant_plan_no } as const;
  const made = await createSubject(ports, key, {
    decode: decodePlan,
    sha256: request.bodySha256,
    conflict: 'plan_conflict',
    fresh: () => newPlanRecord(request, account, ports.clock.now()),
  });
  return shown(made, made.ok && made.value.created);
}

/**
 * Stops a plan: nobody can sign it any more, who has goes on. Repeating is safe. Refuses with
 * `plan_unknown`, `plan_not_open`, `command_pending` or `wechat_refused`.
 */
export async function stopPlan(
  ports: LoopPorts,
  account: Account,
  number: MerchantPlanNo,
): Promise<Answer<Shown>> {
  const key = { kind: 'plan', mchid: account.mchid, number } as const;
  const stopped = await command(ports, key, {
    unknown: 'plan_unknown',
    decode: decodePlan,
    sha256: stopSha256,
    note: (plan) => noteStop(plan, ports.clock.now()),
  });
  return shown(stopped, false);
}

function shown(carried: Answer<Carried<Plan>>, created: boolean): Answer<Shown> {
  if (!carried.ok) {
    return carried;
  }
  const { record, subject, waits } = carried.value;
  return { ok: true, value: { created, waits, view: planView(record, subject) } };
}
