import type { Account } from '#core/account.ts';
import type { Agenda } from './agenda.ts';
import type { Choices } from './choices.ts';
import type { PlantedBug } from './planted-bug.ts';
import type { Weather } from './weather.ts';

/** What everything in one schedule shares. */
export type Site = {
  readonly agenda: Agenda;
  readonly choices: Choices;
  readonly weather: Weather;
  readonly account: Account;
  /** How far WeChat's clock is ahead of ours. */
  readonly wechatSkewMs: number;
  /** The mistake that was built in, if any. */
  readonly planted: PlantedBug | undefined;
  /** Adds a line to the story; absent when nobody reads it. */
  readonly tell?: (line: () => string) => void;
  /** The promise of the house that was just broken. The first one ends the schedule. */
  report(violation: string): void;
};
