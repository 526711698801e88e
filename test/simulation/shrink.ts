import { replayedChoices, seededChoices } from './choices.ts';
import type { HouseOptions } from './house.ts';
import { playSchedule } from './schedule.ts';

/** A schedule that breaks a promise, as small as it could be made, told line by line. */
export type Story = {
  readonly violation: string;
  /** Orders that the story does not need. */
  readonly absent: readonly number[];
  readonly choices: readonly number[];
  readonly lines: readonly string[];
};

type Tale = { readonly absent: readonly number[]; readonly choices: readonly number[] };

const tryLimit = 6000;
const mostOrders = 5;

/**
 * The shortest story that still breaks the promise which this seed breaks: without the orders that it
 * does not need, then ever smaller stretches of its choices left out, made dull or made smaller, as long
 * as anything helps.
 * Undefined when the seed breaks none.
 */
export function shortestStory(
  seed: number,
  options: Pick<HouseOptions, 'orders' | 'isPayscore' | 'planted'>,
): Story | undefined {
  const first = seededChoices(seed);
  const { violation } = playSchedule(first, options);
  if (violation === undefined) {
    return undefined;
  }
  const promise = promiseIn(violation);
  let best: Tale = { absent: [], choices: withoutDullEnd(first.taken()) };
  let tries = 0;
  const isBetter = (tale: Tale): boolean => {
    tries += 1;
    const choices = replayedChoices(tale.choices);
    const result = playSchedule(choices, { ...options, absent: tale.absent });
    if (result.violation === undefined || promiseIn(result.violation) !== promise) {
      return false;
    }
    const kept = withoutDullEnd(choices.taken().slice(0, tale.choices.length));
    const isSmaller =
      tale.absent.length > best.absent.length || weightOf(kept) < weightOf(best.choices);
    if (isSmaller) {
      best = { absent: tale.absent, choices: kept };
    }
    return isSmaller;
  };
  let hasHelped = true;
  while (hasHelped && tries < tryLimit) {
    hasHelped = false;
    for (let order = 1; order <= mostOrders; order += 1) {
      if (!best.absent.includes(order)) {
        hasHelped = isBetter({ ...best, absent: [...best.absent, order] }) || hasHelped;
      }
    }
    for (let size = 64; size >= 1; size >>= 1) {
      for (let from = 0; from < best.choices.length && tries < tryLimit; from += size) {
        for (const choices of smaller(best.choices, from, size)) {
          hasHelped = isBetter({ ...best, choices }) || hasHelped;
        }
      }
    }
  }
  const lines: string[] = [];
  const told = playSchedule(replayedChoices(best.choices), {
    ...options,
    absent: best.absent,
    onLine: (line) => lines.push(line),
  });
  return { ...best, violation: told.violation ?? violation, lines };
}

/** The same choices with a stretch left out, dull, or halved. */
function smaller(
  choices: readonly number[],
  from: number,
  size: number,
): readonly (readonly number[])[] {
  const [before, stretch, after] = [
    choices.slice(0, from),
    choices.slice(from, from + size),
    choices.slice(from + size),
  ];
  if (stretch.every((choice) => choice === 0)) {
    return [[...before, ...after]];
  }
  const dull = stretch.map(() => 0);
  const halved = stretch.map((choice) => choice >> 1);
  return [
    [...before, ...after],
    [...before, ...dull, ...after],
    ...(size <= 2 ? [[...before, ...halved, ...after]] : []),
  ];
}

/** The promise without its numbers: the same one may be broken at another moment. */
function promiseIn(violation: string): string {
  return violation.replaceAll(/[0-9]+/g, '#');
}

function weightOf(choices: readonly number[]): number {
  return choices.reduce((weight, choice) => weight + 1 + (choice === 0 ? 0 : 4 + choice / 1024), 0);
}

function withoutDullEnd(choices: readonly number[]): readonly number[] {
  const last = choices.findLastIndex((choice) => choice !== 0);
  return choices.slice(0, last + 1);
}
