import { dayMs, hourMs, type Instant, instant, minuteMs } from '#core/values/time.ts';
import { answers, applyOutcomes } from './refund-answers.ts';
import type { Start } from './refund-starts.ts';
import { look, refundOf, type State, type Step, stateAfter } from './refund-steps.ts';

export type Walked = {
  /** Different records at different moments. */
  readonly states: number;
  readonly decisions: number;
  /** After so many looks, and one more, nothing new comes. */
  readonly looks: number;
};

/**
 * Looks at the refund at each of its moments, any number of times, with every answer and every end of an
 * apply, and goes on from each record that comes of it until none is new: every history there is at these
 * moments, however long. Shows each decision, those of shorter histories first.
 */
export function walk({ record }: Start, show: (step: Step) => void): Walked {
  const refund = refundOf(record);
  const moments = momentsOf(refund.startAt, refund.createdAt);
  const seen = new Set<string>();
  let fresh: Arrival[] = [];
  /** A record stays as it is until somebody looks: it is there at every later moment too. */
  const arrive = ({ state, moment: from }: Arrival): void => {
    for (let moment = from; moment < moments.length; moment += 1) {
      const key = keyOf(state, moments, moment);
      if (seen.has(key)) {
        return;
      }
      seen.add(key);
      fresh.push({ state, moment });
    }
  };
  let decisions = 0;
  let looks = 0;
  arrive({ state: { record, refund, told: refund.status }, moment: 0 });
  for (let layer = fresh; layer.length > 0; layer = fresh) {
    fresh = [];
    looks += 1;
    for (const { state, moment } of layer) {
      for (const step of looksAt(state, nth(moments, moment))) {
        decisions += 1;
        show(step);
        const next = stateAfter(step);
        if (next !== undefined) {
          arrive({ state: next, moment });
        }
      }
    }
  }
  return { states: seen.size, decisions, looks };
}

type Arrival = { readonly state: State; readonly moment: number };

/** Every look at this moment: one decision, or the apply and a second one. */
function* looksAt(state: State, now: Instant): Generator<Step> {
  const firsts = answers.map((answer) => look({ state, now, answer }));
  yield* firsts;
  // The second decision is not told the first answer.
  if (firsts.some(({ decision }) => decision.type === 'command')) {
    for (const applied of applyOutcomes) {
      yield* answers.map((answer) => look({ state, now, answer, applied }));
    }
  }
}

/** All that later decisions, and the judgement of them, can depend on; a minute that is over is just over. */
function keyOf(state: State, moments: readonly Instant[], moment: number): string {
  const { record, refund, told, refusedSince } = state;
  const { refusedAt: _, ...data } = record.data;
  const ages = [refund.refusedAt, refusedSince].map((since) =>
    since === undefined ? -1 : Math.min(nth(moments, moment) - since, minuteMs),
  );
  const names = Object.keys(data).sort();
  const lasting = [record.status, names, names.map((name) => data[name]), told];
  return `${moment} ${ages.join()} ${JSON.stringify(lasting)}`;
}

/** The boundaries of the table, just before each and on it, and a minute after each. */
function momentsOf(startAt: Instant, createdAt: Instant): readonly Instant[] {
  const offsetsMs = [
    ...[-minuteMs, -1, 0, minuteMs - 1, minuteMs],
    ...[hourMs - 1, hourMs, hourMs + minuteMs - 1, hourMs + minuteMs, dayMs],
  ];
  return offsetsMs.map((ms) => instant(startAt + ms)).filter((at) => at >= createdAt);
}

function nth(moments: readonly Instant[], index: number): Instant {
  const at = moments[index];
  if (at === undefined) {
    throw new RangeError(`There is no moment ${index}.`);
  }
  return at;
}
