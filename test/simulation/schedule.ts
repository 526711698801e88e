import { at } from '../support/clock.ts';
import { createAgenda } from './agenda.ts';
import type { Choices } from './choices.ts';
import { markEnds } from './ends.ts';
import { buildHouse, type HouseOptions } from './house.ts';
import { checkRest, isAtRest } from './rest.ts';

export type ScheduleResult = {
  /** The first promise that was broken. */
  readonly violation?: string;
  /** How many things happened. */
  readonly steps: number;
  readonly events: number;
  /** What came about: types of events, statuses at rest, and ends that a run must have seen. */
  readonly seen: ReadonlySet<string>;
  readonly mostWakes: number;
};

const startsAt = at('2026-11-21T04:00:00Z');
const stepLimit = 20_000;

/**
 * Plays one schedule to its end: some orders, everybody who touches them, and a weather. Afterwards the
 * weather is calm, everything comes to rest, and the next day's bill is read. Happens at once; must be
 * called outside of promise jobs.
 */
export function playSchedule(choices: Choices, options: HouseOptions): ScheduleResult {
  const agenda = createAgenda(startsAt);
  const house = buildHouse(agenda, choices, options);
  let steps = 0;
  const isOver = (): boolean =>
    house.violation() !== undefined || (agenda.size() === house.sweepsPlanned() && isAtRest(house));
  const comeToRest = (): void => {
    while (!isOver() && agenda.step()) {
      steps += 1;
      if (steps > stepLimit) {
        house.site.report(`after ${stepLimit} steps nothing has come to rest`);
      }
    }
  };
  house.begin();
  comeToRest();
  const isUnheard = checkRest(house, { isBillRead: false });
  // Most schedules have to do without a bill.
  if (house.violation() === undefined && (isUnheard || choices.draw(4) === 3)) {
    agenda.at(house.site.weather.calmAt, house.readBill);
    comeToRest();
    checkRest(house, { isBillRead: true });
  }
  markEnds(house);
  const violation = house.violation();
  return {
    steps,
    events: house.watch.received().length,
    seen: house.seen,
    mostWakes: house.watch.mostWakes(),
    ...(violation !== undefined && { violation }),
  };
}
