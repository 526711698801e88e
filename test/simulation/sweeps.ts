import { sweep } from '#app/sweep.ts';
import { type Instant, instant, minuteMs, secondMs } from '#core/values/time.ts';
import type { Functions } from './functions.ts';
import type { Site } from './site.ts';

/**
 * The schedule that sweeps every minute. A run that would find nothing changes nothing, so only the
 * minutes are run in which the index holds something due.
 */
export type Sweeps = {
  /** The index now holds this moment. */
  onDue(dueAt: Instant): void;
  /** How many runs are planned. */
  planned(): number;
};

export function createSweeps(
  site: Site,
  functions: () => Functions,
  earliestDue: () => Instant | undefined,
): Sweeps {
  const { agenda, choices, weather } = site;
  let plannedAt: Instant | undefined;
  let planned = 0;

  const onDue = (dueAt: Instant): void => {
    const from = dueAt > agenda.now() ? dueAt : agenda.now();
    const minute = instant((Math.floor(from / minuteMs) + 1) * minuteMs);
    if (plannedAt === undefined || minute < plannedAt) {
      plannedAt = minute;
      planned += 1;
      agenda.at(minute, () => runAt(minute));
    }
  };
  const runAt = (minute: Instant): void => {
    planned -= 1;
    if (plannedAt !== minute) {
      return;
    }
    plannedAt = undefined;
    const due = earliestDue();
    if (due === undefined) {
      return;
    }
    if (due <= agenda.now() && !choices.chance(weather.rates().sweepLost)) {
      run();
      if (choices.chance(weather.rates().sweepDoubled)) {
        agenda.after(choices.pick([0, 5, 2 * secondMs]), run);
      }
    }
    onDue(due);
  };
  const run = (): void => {
    functions().invoke(
      'sweep',
      ({ ports }) => (site.planted?.sweep ?? sweep)(ports),
      () => undefined,
    );
  };
  return { onDue, planned: () => planned };
}
