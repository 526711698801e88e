import { type SubjectKey, subjectId } from '#core/record.ts';
import type { Instant } from '#core/values/time.ts';
import type { House } from './house.ts';
import { isAbout } from './queue.ts';

/** Something at rest that should not be so. */
export type Gap = {
  readonly what: string;
  /** Nobody could hear of it: it is for the next day's bill. */
  readonly mayWait: boolean;
};

/** Whether no message told of this subject, or none since that moment. */
export function isUnheard(
  { desk, hints, timers }: House,
  key: SubjectKey,
  since?: Instant,
): boolean {
  const acknowledgedAt = desk.acknowledged.get(subjectId(key));
  const isHeard = acknowledgedAt !== undefined && acknowledgedAt >= (since ?? acknowledgedAt);
  return !isHeard || isLost({ hints, timers }, key);
}

/** Whether a message about this subject was lost, or came to the dead letters. */
export function isLost(
  { hints, timers }: Pick<House, 'hints' | 'timers'>,
  key: SubjectKey,
): boolean {
  return [...hints.gone(), ...timers.gone()].some((body) => isAbout(body, key));
}
