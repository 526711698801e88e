import { isDeepStrictEqual } from 'node:util';
import type { Change, Decision } from '#core/decision.ts';
import type { AsideEffect } from './order-aside.ts';
import { expectedOf } from './order-expected.ts';
import { expectedOfLearning } from './order-learn.ts';
import type { Effect, Start } from './order-outcomes.ts';
import { expectedOfRequest } from './order-requests.ts';
import type { Look, Meeting, Step, Written } from './order-steps.ts';

/** What the tables say of a step: where, which of their cases held, and what must come out. */
export type Verdict = {
  readonly cell: string;
  readonly cases: readonly (readonly [string, string])[];
  readonly effect: Effect | AsideEffect;
};

export function verdictOf(step: Step): Verdict {
  return step.type === 'look' ? expectedOfLook(step) : expectedOfMeeting(step);
}

function expectedOfLook({ state, answer, now, policies, claim, earlier }: Look): Verdict {
  const { record, order } = state;
  return expectedOf({
    record,
    order,
    answer,
    now,
    ...policies,
    ...(claim !== undefined && { claim }),
    ...(earlier !== undefined && { closed: earlier.closed }),
  });
}

function expectedOfMeeting({ state, now, aside }: Meeting): Verdict {
  const { record, order } = state;
  if (aside.type === 'learn') {
    return expectedOfLearning({ record, order, now, ...aside });
  }
  const cell = aside.type === 'start' ? 'a refund is asked for' : 'a person resolves';
  return { cell, ...expectedOfRequest({ record, order, now, ...aside }) };
}

/** Whether what was decided, carried through the commit, is what the tables say. */
export function isAsExpected(step: Step, { effect }: Verdict): boolean {
  return isDeepStrictEqual(effectOf(step), effect);
}

function effectOf(step: Step): Effect | AsideEffect {
  if (step.type === 'look') {
    return effectOfDecision(step.decision, step.after);
  }
  if (step.after !== undefined) {
    return writeOf(step.after.change, step.after);
  }
  return step.error === undefined ? { type: 'nothing' } : { type: 'refused', error: step.error };
}

function effectOfDecision(decision: Decision, after: Written | undefined): Effect {
  switch (decision.type) {
    case 'quiet':
      return { type: 'rest' };
    case 'wait':
      return { type: 'look', ...(decision.at !== undefined && { at: decision.at }) };
    case 'unknown':
      return unanswered(decision);
    case 'command':
      return { type: decision.command };
    case 'commit': {
      const lookAfterClose = decision.change.lookAfterClose ?? false;
      return { ...writeOf(decision.change, after), lookAfterClose };
    }
  }
}

function unanswered({ code, isFault }: Extract<Decision, { readonly type: 'unknown' }>): Effect {
  if (isFault) {
    return { type: 'unanswered', isFault };
  }
  switch (code) {
    case 'UNCLAIMED':
      return { type: 'unclaimed' };
    case 'CLAIM_WAITS':
      return { type: 'claim-waits' };
    default:
      return { type: 'unanswered', isFault };
  }
}

function writeOf(change: Change, after: Written | undefined) {
  return {
    type: 'write',
    status: after?.record.status ?? '',
    data: after?.record.data ?? {},
    events: change.events,
    starts: startsOf(after),
    because: change.evidence,
    ...(change.nextLookAt !== undefined && { lookAt: change.nextLookAt }),
    ...(change.looksOn !== undefined && { looksOn: change.looksOn }),
  } as const;
}

/** As they are owed: what the outbox says is what is carried out. */
function startsOf(after: Written | undefined): readonly Start[] {
  const entries = after?.owing.outbox ?? [];
  return entries.flatMap(({ at: _, ...entry }) => {
    if (entry.type !== 'start') {
      return [];
    }
    const { type: __, ...start } = entry;
    return [start];
  });
}
