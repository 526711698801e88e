import type { Account } from '#core/account.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { decodePlan } from '#core/subjects/plan/plan.ts';
import { noteSignPlanStop } from '#core/subjects/sign-plan/commands.ts';
import { signPlanView } from '#core/subjects/sign-plan/describe.ts';
import { decodeSignPlan, type SignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import { type NewSignPlan, newSignPlanRecord } from '#core/subjects/sign-plan/start.ts';
import type { MerchantSignPlanNo } from '#core/values/ids.ts';
import type { LoopPorts } from '../confirm.ts';
import type { Shown } from './plans.ts';
import { type Carried, command, createSubject } from './send-command.ts';

/**
 * Launches a plan for one user, or answers for what was launched: the same request any number of times is
 * one sign plan. Answers what opens the sign page. Refuses with the rule that it breaks, `plan_unknown`,
 * `plan_not_open`, `sign_plan_conflict` or `wechat_refused`; ends in the ports' `AppError`s.
 */
export async function createSignPlan(
  ports: LoopPorts,
  account: Account,
  request: NewSignPlan,
): Promise<Answer<Shown>> {
  const { mchid } = account;
  const key = { kind: 'sign-plan', mchid, number: request.merchant_sign_plan_no } as const;
  const made = await createSubject(ports, key, {
    decode: decodeSignPlan,
    sha256: request.bodySha256,
    conflict: 'sign_plan_conflict',
    fresh: async () => {
      const plan = await ports.store.load({
        kind: 'plan',
        mchid,
        number: request.merchant_plan_no,
      });
      if (plan === undefined) {
        return refuse('plan_unknown', { pointer: '/merchant_plan_no' });
      }
      const decoded = decodePlan(plan);
      return decoded.ok
        ? newSignPlanRecord(request, decoded.value, account, ports.clock.now())
        : refuse('record_undecodable');
    },
  });
  return shown(made, made.ok && made.value.created);
}

/**
 * Ends a user's sign plan as the merchant. Repeating is safe. Refuses with `sign_plan_unknown`,
 * `sign_plan_not_signed`, `sign_plan_ended`, `command_pending` or `wechat_refused`.
 */
export async function stopSignPlan(
  ports: LoopPorts,
  account: Account,
  asked: {
    readonly merchant_sign_plan_no: MerchantSignPlanNo;
    readonly stop_reason: string;
    readonly sha256: string;
  },
): Promise<Answer<Shown>> {
  const number = asked.merchant_sign_plan_no;
  const stopped = await command(
    ports,
    { kind: 'sign-plan', mchid: account.mchid, number },
    {
      unknown: 'sign_plan_unknown',
      decode: decodeSignPlan,
      sha256: asked.sha256,
      note: (signPlan) => noteSignPlanStop(signPlan, { ...asked, now: ports.clock.now() }),
    },
  );
  return shown(stopped, false);
}

function shown(carried: Answer<Carried<SignPlan>>, created: boolean): Answer<Shown> {
  if (!carried.ok) {
    return carried;
  }
  const { record, subject, waits } = carried.value;
  return { ok: true, value: { created, waits, view: signPlanView(record, subject) } };
}
