import { seededChoices } from './choices.ts';
import type { HouseOptions } from './house.ts';
import { playSchedule } from './schedule.ts';

/** What a run of many schedules saw. */
export type Tally = {
  readonly schedules: number;
  readonly steps: number;
  readonly events: number;
  readonly mostWakes: number;
  /** Types of events and statuses that came about. */
  readonly seen: ReadonlySet<string>;
  /** The first seed that broke a promise, and which. */
  readonly broken?: { readonly seed: number; readonly violation: string };
};

/** Plays the seeds from `firstSeed` on, until one breaks a promise. Must be called outside of promise jobs. */
export function playSeeds(firstSeed: number, schedules: number, options: HouseOptions = {}): Tally {
  let [steps, events, mostWakes] = [0, 0, 0];
  const seen = new Set<string>();
  for (let played = 0; played < schedules; played += 1) {
    const seed = firstSeed + played;
    const result = playSchedule(seededChoices(seed), options);
    steps += result.steps;
    events += result.events;
    mostWakes = Math.max(mostWakes, result.mostWakes);
    for (const what of result.seen) {
      seen.add(what);
    }
    const { violation } = result;
    if (violation !== undefined) {
      const tally = { schedules: played + 1, steps, events, mostWakes, seen };
      return { ...tally, broken: { seed, violation } };
    }
  }
  return { schedules, steps, events, mostWakes, seen };
}
