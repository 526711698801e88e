import { isWaiting } from '#core/subjects/order/order.ts';
import { dayMs, type Instant, instant, minuteMs, secondMs } from '#core/values/time.ts';
import { answers, closeOutcomes } from './order-answers.ts';
import type { Start } from './order-starts.ts';
import { orderOf, type State, type Step, stateAfter, stepOf } from './order-steps.ts';

export type Walked = {
  /** Different records at different moments. */
  readonly states: number;
  readonly decisions: number;
  /** After so many looks, and one more, nothing new comes. */
  readonly looks: number;
};

/**
 * Looks at the order at each of its moments, any number of times, with every answer and every end of a
 * close, and goes on from each record that comes of it until none is new: every history there is at
 * these moments, however long. Shows each decision, those of shorter histories first.
 */
export function walk(start: Start, show: (step: Step) => void): Walked {
  const moments = momentsOf(start);
  const seen = new Set<string>();
  let fresh: Arrival[] = [];
  /** A record stays as it is until somebody looks: it is there at every later moment too. */
  const arrive = (state: State, from: number): void => {
    const lasting = lastingKeyOf(state);
    for (let moment = from; moment < moments.length; moment += 1) {
      const key = `${moment} ${agesOf(state, nth(moments, moment))} ${lasting}`;
      if (seen.has(key)) {
        return;
      }
      seen.add(key);
      fresh.push({ state, moment });
    }
  };
  let decisions = 0;
  let looks = 0;
  arrive({ record: start.record, order: orderOf(start.record), events: [] }, 0);
  for (let layer = fresh; layer.length > 0; layer = fresh) {
    fresh = [];
    looks += 1;
    for (const { state, moment } of layer) {
      for (const { step, at } of looksAt(state, moments, moment)) {
        decisions += 1;
        show(step);
        const next = stateAfter(step);
        if (next !== undefined) {
          arrive(next, at);
        }
      }
    }
  }
  return { states: seen.size, decisions, looks };
}

type Arrival = { readonly state: State; readonly moment: number };

/** All that later decisions, and the judgement of them, can depend on, but for its moments. */
function lastingKeyOf({ record, order, events }: State): string {
  const { notFoundAt, contradictedAt, ...data } = record.data;
  const names = Object.keys(data).sort();
  return JSON.stringify([
    record.status,
    names,
    names.map((name) => data[name]),
    !isWaiting(order) && notFoundAt !== undefined,
    events,
  ]);
}

/** A pause that is over is just over. "Not found" counts while an order waits, a doubt until it is known. */
function agesOf({ order, unknownSince }: State, now: Instant): string {
  const ages = isWaiting(order)
    ? [ageOf(order.notFoundAt, now, 90 * secondMs), ageOf(unknownSince, now, 90 * secondMs)]
    : [ageOf(order.contradictedAt, now, 10 * minuteMs)];
  return ages.join();
}

function ageOf(since: Instant | undefined, now: Instant, longestMs: number): number {
  return since === undefined ? -1 : Math.min(now - since, longestMs);
}

/**
 * What can stand around a look: the policy, and how many looks before it had no answer. Each
 * policy is tried with every end of a close.
 */
const surroundings = [
  { policy: 'hold', unknownLooks: 0, isWithClose: true },
  { policy: 'fulfil', unknownLooks: 13, isWithClose: true },
  { policy: 'fulfil', unknownLooks: 1, isWithClose: false },
  { policy: 'hold', unknownLooks: 14, isWithClose: false },
] as const;

/** Every look at this moment: one decision, or the close and a second one. */
function* looksAt(
  before: State,
  moments: readonly Instant[],
  moment: number,
): Generator<{ readonly step: Step; readonly at: number }> {
  const now = nth(moments, moment);
  for (const { policy, unknownLooks, isWithClose } of surroundings) {
    const state = afterUnknown(before, unknownLooks);
    const firsts = answers.map((answer) => stepOf({ state, policy, now, answer }));
    for (const step of firsts) {
      yield { step, at: moment };
    }
    const closing = firsts.filter(({ decision }) => isWithClose && decision.type === 'command');
    // The second decision is not told the first answer; only whether that was signed matters to us.
    for (const [first] of Map.groupBy(closing, ({ answer }) => answer.isSigned).values()) {
      yield* first === undefined ? [] : secondLooks(first, moments, moment);
    }
  }
}

function afterUnknown(state: State, unknownLooks: number): State {
  return {
    ...state,
    record: { ...state.record, unknownLooks },
    order: { ...state.order, unknownLooks },
  };
}

function* secondLooks(
  first: Step,
  moments: readonly Instant[],
  moment: number,
): Generator<{ readonly step: Step; readonly at: number }> {
  const { state, policy, now } = first;
  // The close takes a moment, in which a boundary may pass.
  const times = [moment, moment + 1].filter((at) => (moments[at] ?? Infinity) - now < secondMs);
  for (const at of times) {
    for (const closed of closeOutcomes) {
      const earlier = { answer: first.answer, closed };
      for (const answer of answers) {
        yield { step: stepOf({ state, policy, now: nth(moments, at), answer, earlier }), at };
      }
    }
  }
}

/** The boundaries of the table, just before each and on it, and moments by which the pauses are over. */
function momentsOf({ record, from }: Start): readonly Instant[] {
  const { closeAt } = orderOf(record);
  const offsetsMs = [
    ...[-30 * minuteMs, -1, 0, 90 * secondMs - 1, 90 * secondMs],
    ...[10 * minuteMs - 1, 10 * minuteMs, dayMs - 1, dayMs],
  ];
  return offsetsMs.map((ms) => instant(closeAt + ms)).filter((at) => at >= from);
}

function nth(moments: readonly Instant[], index: number): Instant {
  const at = moments[index];
  if (at === undefined) {
    throw new RangeError(`There is no moment ${index}.`);
  }
  return at;
}
