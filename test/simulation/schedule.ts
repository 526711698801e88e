import { at } from '../support/clock.ts';
import { createAgenda } from './agenda.ts';
import type { Choices } from './choices.ts';
import { buildHouse, type HouseOptions } from './house.ts';
import { checkRest } from './rest.ts';

export type ScheduleResult = {
  /** The first promise that was broken. */
  readonly violation?: string;
  /** How many things happened. */
  readonly steps: number;
  readonly events: number;
  /** The types of the events and the statuses in which records came to rest. */
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
  const comeToRest = (): void => {
    while (house.violation() === undefined && agenda.step()) {
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
  const violation = house.violation();
  return {
    steps,
    events: house.watch.received().length,
    seen: new Set([
      ...house.watch.received().map(({ type }) => type),
      ...house.table.records().map(({ status }) => status),
    ]),
    mostWakes: Math.max(0, ...house.numbers.map((number) => house.watch.wakesSent(number))),
    ...(violation !== undefined && { violation }),
  };
}
