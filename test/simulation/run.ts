import { seededChoices } from './choices.ts';
import type { HouseOptions } from './house.ts';
import { playSchedule } from './schedule.ts';

/** What a run of many schedules saw. */
export type Tally = {
  readonly schedules: number;
  readonly steps: number;
  readonly events: number;
  readonly mostWakes: number;
  /** What came about, and in how many schedules. */
  readonly seen: ReadonlyMap<string, number>;
  /** The first seed that broke a promise, and which. */
  readonly broken?: { readonly seed: number; readonly violation: string };
};

/** Plays the seeds from `firstSeed` on, until one breaks a promise. Must be called outside of promise jobs. */
export function playSeeds(firstSeed: number, schedules: number, options: HouseOptions = {}): Tally {
  let [steps, events, mostWakes] = [0, 0, 0];
  const seen = new Map<string, number>();
  for (let played = 0; played < schedules; played += 1) {
    const seed = firstSeed + played;
    const result = playSchedule(seededChoices(seed), options);
    steps += result.steps;
    events += result.events;
    mostWakes = Math.max(mostWakes, result.mostWakes);
    for (const what of result.seen) {
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
    const { violation } = result;
    if (violation !== undefined) {
      const tally = { schedules: played + 1, steps, events, mostWakes, seen };
      return { ...tally, broken: { seed, violation } };
    }
  }
  return { schedules, steps, events, mostWakes, seen };
}
