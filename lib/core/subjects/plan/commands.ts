import type { Change } from '../../decision.ts';
import { commandChange } from '../../payscore/pending.ts';
import { type Answer, refuse } from '../../refusal.ts';
import type { Instant } from '../../values/time.ts';
import type { Plan } from './plan.ts';

/** A stop has no body: every request for it is the same. */
export const stopSha256 = 'stop';

/** The change that writes a stop into a plan's record; undefined when it is stopped, or being stopped. */
export function noteStop(plan: Plan, now: Instant): Answer<Change | undefined> {
  if (plan.status === 'STOP' || plan.pending?.name === 'stop-plan') {
    return { ok: true, value: undefined };
  }
  if (plan.pending !== undefined) {
    return refuse('command_pending');
  }
  return plan.status === 'NORMAL'
    ? { ok: true, value: commandChange('stop-plan', '', { sha256: stopSha256, now }) }
    : refuse('plan_not_open');
}
