import type { Decision } from '../../decision.ts';
import type { PlanEvidence, SendOutcome } from '../../payscore/evidence.ts';
import {
  decisionOf,
  judgePending,
  patchOf,
  refusedCreation,
  type Standing,
} from '../../payscore/pending.ts';
import type { Instant } from '../../values/time.ts';
import { isPlanSettled, type Plan } from './plan.ts';

/** What besides the plan and WeChat's answer a decision may look at. */
export type PlanContext = {
  readonly now: Instant;
  /** How the pending command's send ended in this look; then no second follows. */
  readonly sent?: SendOutcome;
};

type StateEvidence = Extract<PlanEvidence, { readonly type: 'state' }>;

/**
 * What WeChat says × our status. Pure and total. A plan has one life, NORMAL then STOP; what WeChat says in
 * words that no document lists decides nothing.
 */
export function decidePlan(plan: Plan, evidence: PlanEvidence, context: PlanContext): Decision {
  switch (evidence.type) {
    case 'unknown':
      return { type: 'unknown', code: evidence.code, isFault: false };
    case 'fault':
      return { type: 'unknown', code: evidence.code, isFault: true };
    case 'not-found':
      return decideNotFound(plan, evidence.code, context);
    case 'state':
      return decideState(plan, evidence, context);
  }
}

/** Unsigned: it proves nothing but that sending the same plan (again) can do no harm. */
function decideNotFound(plan: Plan, code: string, context: PlanContext): Decision {
  if (plan.status === 'REFUSED') {
    return { type: 'quiet' };
  }
  if (plan.status !== 'CREATED') {
    return { type: 'unknown', code, isFault: false };
  }
  const verdict = judgePending(plan.pending, 'open', { ...context, isCharging: false });
  return verdict.type === 'refused'
    ? refusedCreation(plan.pending, { code: verdict.code, event: 'plan.refused', now: context.now })
    : decisionOf(verdict, false);
}

function decideState(plan: Plan, evidence: StateEvidence, context: PlanContext): Decision {
  if (evidence.service_id !== plan.service_id) {
    if (plan.status === 'REFUSED') {
      return { type: 'quiet' };
    }
    return plan.status === 'CREATED'
      ? refusedCreation(plan.pending, {
          code: 'NUMBER_USED',
          event: 'plan.refused',
          now: context.now,
        })
      : { type: 'unknown', code: 'OTHER_PLAN', isFault: false };
  }
  const status = statusOf(evidence.state);
  if (status === undefined) {
    return { type: 'unknown', code: 'UNDOCUMENTED', isFault: false };
  }
  const standing = standingOf(plan, status);
  const verdict = judgePending(plan.pending, standing, { ...context, isCharging: false });
  const moves = plan.status !== status && plan.status !== 'STOP';
  const patch = plan.pending && patchOf(plan.pending, verdict, context.now);
  if (!moves && patch === undefined) {
    return decisionOf(verdict, isPlanSettled(plan));
  }
  const { nextLookAt, set, unset } = patch ?? {};
  return {
    type: 'commit',
    change: {
      status: moves ? status : plan.status,
      patch: { set: { ...set, plan_id: evidence.plan_id }, ...(unset && { unset }) },
      events: verdict.type === 'refused' ? ['plan.refused'] : [],
      evidence: evidence.state,
      ...(nextLookAt !== undefined && { nextLookAt }),
    },
  };
}

function standingOf({ pending }: Plan, status: 'NORMAL' | 'STOP'): Standing {
  return pending?.name === 'stop-plan' && status === 'NORMAL' ? 'open' : 'done';
}

function statusOf(state: string): 'NORMAL' | 'STOP' | undefined {
  return state === 'NORMAL' || state === 'STOP' ? state : undefined;
}
