import type { Change } from '../../decision.ts';
import { commandChange, isRepeat } from '../../payscore/pending.ts';
import { type Answer, refuse } from '../../refusal.ts';
import type { Instant } from '../../values/time.ts';
import type { SignPlan } from './sign-plan.ts';

/**
 * The change that writes the merchant's stop into a sign plan's record: details that are not used are lost,
 * services that run go on. Undefined when this very request stands there, or was done. Refuses with
 * `sign_plan_not_signed`, `sign_plan_ended` or `command_pending`.
 */
export function noteSignPlanStop(
  signPlan: SignPlan,
  asked: { readonly stop_reason: string; readonly sha256: string; readonly now: Instant },
): Answer<Change | undefined> {
  const { stop_reason, sha256, now } = asked;
  const name = 'stop-sign-plan';
  const isOver = signPlan.status === 'SIGN_PLAN_CANCEL' && signPlan.pending === undefined;
  if (isRepeat(signPlan, { name, sha256 }) !== undefined || isOver) {
    return { ok: true, value: undefined };
  }
  switch (signPlan.status) {
    case 'UNSIGNED':
    case 'SIGNED':
      return signPlan.pending === undefined
        ? { ok: true, value: commandChange(name, JSON.stringify({ stop_reason }), { sha256, now }) }
        : refuse('command_pending');
    case 'COMPLETE':
    case 'EXPIRE':
      return refuse('sign_plan_ended');
    default:
      return refuse(signPlan.pending === undefined ? 'sign_plan_not_signed' : 'command_pending');
  }
}
