import { isWaiting } from '#core/subjects/order/order.ts';
import { dayMs, type Instant, instant, minuteMs, secondMs } from '#core/values/time.ts';
import { type Answer, closeOutcomes, rowNames } from './order-answers.ts';
import { isCode } from './order-conditions.ts';
import type { Scope, Surrounding } from './order-scopes.ts';
import type { Start } from './order-starts.ts';
import {
  type Look,
  look,
  meet,
  orderOf,
  type State,
  type Step,
  stateAfter,
} from './order-steps.ts';

export type Walked = {
  /** Different records at different moments. */
  readonly states: number;
  readonly decisions: number;
  /** Rounds of looks until nothing new came. */
  readonly looks: number;
};

/**
 * Looks at the order at each of the scope's moments, any number of times, with every answer and every end
 * of a close, lets as much happen beside the looks as the scope says, and goes on from each record that
 * comes of it until none is new: every history there is at these moments, however long. Shows each step;
 * those of histories with less beside their looks first, then of shorter ones.
 */
export function walk(start: Start, scope: Scope, show: (step: Step) => void): Walked {
  const moments = momentsOf(start, scope);
  const arrivals = arrivalsOf(start, scope, moments);
  let decisions = 0;
  let looks = 0;
  const order = orderOf(start.record);
  let met: Arrival[] = [{ state: { record: start.record, order, events: [] }, moment: 0 }];
  for (let asides = 0; asides <= scope.mostAsides; asides += 1) {
    met.forEach(arrivals.add);
    met = [];
    for (let layer = arrivals.take(); layer.length > 0; layer = arrivals.take()) {
      looks += 1;
      for (const { state, moment } of layer) {
        for (const { step, at } of stepsFrom(state, scope, { moments, moment })) {
          decisions += 1;
          show(step);
          const next = stateAfter(step);
          if (next !== undefined && step.type === 'look') {
            arrivals.add({ state: next, moment: at });
          } else if (next !== undefined) {
            met.push({ state: next, moment: at });
          }
        }
      }
    }
  }
  return { states: arrivals.count(), decisions, looks };
}

type Arrival = { readonly state: State; readonly moment: number };
type Time = { readonly moments: readonly Instant[]; readonly moment: number };
type Stepped = { readonly step: Step; readonly at: number };

/** Records at moments, each once. A record stays as it is until something happens: also at later ones. */
function arrivalsOf(start: Start, scope: Scope, moments: readonly Instant[]) {
  const seen = new Set<string>();
  let fresh: Arrival[] = [];
  return {
    add({ state, moment: from }: Arrival): void {
      const lasting = lastingKeyOf(state, start, scope);
      for (let moment = from; moment < moments.length; moment += 1) {
        const key = `${moment} ${agesOf(state, nth(moments, moment))} ${lasting}`;
        if (seen.has(key)) {
          return;
        }
        seen.add(key);
        fresh.push({ state, moment });
      }
    },
    /** Those that came since the last call. */
    take(): readonly Arrival[] {
      const taken = fresh;
      fresh = [];
      return taken;
    },
    count: () => seen.size,
  };
}

/**
 * All that later decisions, and the judgement of them, can depend on, but for its moments; since when it is
 * being reversed is not one that anything waits for. Of what the record began with `unplaced` alone can go:
 * that is told by how much there is.
 */
function lastingKeyOf(
  { record, order, events }: State,
  { record: first }: Start,
  { toldOf }: Scope,
): string {
  const { notFoundAt, contradictedAt, reversedAt, ...data } = record.data;
  const names = Object.keys(data);
  const others = names.filter((name) => data[name] !== first.data[name]).sort();
  const lasting = [
    record.status,
    names.length,
    others.map((name) => [name, data[name]]),
    !isWaiting(order) && notFoundAt !== undefined,
    reversedAt !== undefined,
    toldOf(events),
  ];
  return JSON.stringify(lasting).replaceAll(momentsWithin, '');
}

/** Nothing waits for the moment of a refund's start; that of a resolution is among the ages. */
const momentsWithin = /"(at|startAt)":\d+/g;

/** A pause that is over is just over. "Not found" counts while an order waits, a doubt until it is known. */
function agesOf({ order, unknownSince }: State, now: Instant): string {
  const unknownMs = isCode(order) ? 10 * minuteMs : 90 * secondMs;
  const ages = isWaiting(order)
    ? [ageOf(order.notFoundAt, now, unknownMs), ageOf(unknownSince, now, unknownMs)]
    : [ageOf(order.contradictedAt, now, 10 * minuteMs), ageOf(order.resolution?.at, now, dayMs)];
  return ages.join();
}

function ageOf(since: Instant | undefined, now: Instant, longestMs: number): number {
  return since === undefined ? -1 : Math.min(now - since, longestMs);
}

/** Everything that can happen at this moment. */
function* stepsFrom(state: State, scope: Scope, time: Time): Generator<Stepped> {
  const { moments, moment } = time;
  const now = nth(moments, moment);
  const swept = { ...state, record: { ...state.record, unknownLooks: 1, leases: 2 } };
  for (const aside of scope.asidesOf(state, now)) {
    yield { step: meet({ state: swept, now, aside }), at: moment };
  }
  for (const surrounding of scope.surroundings) {
    yield* looksAt(state, scope, { ...time, surrounding });
  }
}

/** Every look with this around it: one decision, or the close and a second one. */
function* looksAt(
  before: State,
  scope: Scope,
  { moments, moment, surrounding }: Time & { readonly surrounding: Surrounding },
): Generator<Stepped> {
  const { unknownLooks, answers, closed, ...policies } = surrounding;
  const state = afterUnknown(before, unknownLooks);
  const now = nth(moments, moment);
  const firsts = looksWith(answers, scope, { state, policies, now });
  for (const step of firsts) {
    yield { step, at: moment };
  }
  const closing = firsts.filter(({ decision }) => decision.type === 'command');
  // The second decision is not told the first answer; only whether that was signed matters to us.
  for (const [first] of Map.groupBy(closing, ({ answer }) => answer.isSigned).values()) {
    yield* first === undefined ? [] : secondLooks(first, scope, { moments, moment, surrounding });
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
  first: Look,
  scope: Scope,
  { moments, moment, surrounding }: Time & { readonly surrounding: Surrounding },
): Generator<Stepped> {
  const { state, policies, now } = first;
  const { answers, closed: ends } = surrounding;
  const outcomes = closeOutcomes.filter(({ type }) => ends.includes(type));
  // The close takes a moment, in which a boundary may pass.
  const times = [moment, moment + 1].filter((at) => (moments[at] ?? Infinity) - now < secondMs);
  for (const at of times) {
    for (const closed of outcomes) {
      const earlier = { answer: first.answer, closed };
      const seen = { state, policies, now: nth(moments, at), earlier };
      for (const step of looksWith(answers, scope, seen)) {
        yield { step, at };
      }
    }
  }
}

/** A look for each answer, and where it may be announced for its `reference` for each finding too. */
function looksWith(
  answers: readonly Answer[],
  { claims: findings }: Scope,
  seen: Pick<Look, 'state' | 'policies' | 'now' | 'earlier'>,
): readonly Look[] {
  const { terms, resolution } = seen.state.order;
  return answers.flatMap((answer) => {
    const isTaken = resolution !== undefined && answer.word === 'REFUND';
    const isPaid = answer.row === rowNames[0] || isTaken;
    const isOneOfMany = terms?.reference !== undefined && isPaid;
    const claims = isOneOfMany ? [undefined, ...findings] : [undefined];
    return claims.map((claim) => look({ ...seen, answer, ...(claim !== undefined && { claim }) }));
  });
}

function momentsOf({ record, from }: Start, { fromCloseAtMs }: Scope): readonly Instant[] {
  const { closeAt } = orderOf(record);
  return fromCloseAtMs.map((ms) => instant(closeAt + ms)).filter((at) => at >= from);
}

function nth(moments: readonly Instant[], index: number): Instant {
  const at = moments[index];
  if (at === undefined) {
    throw new RangeError(`There is no moment ${index}.`);
  }
  return at;
}
