import { secondMs } from '#core/values/time.ts';
import { drawAccounts, type TwoAccounts } from './accounts.ts';
import type { Agenda } from './agenda.ts';
import type { Choices } from './choices.ts';
import type { PlantedBug } from './planted-bug.ts';
import { createWeather, type Weather } from './weather.ts';

/** What everything in one schedule shares. */
export type Site = {
  readonly agenda: Agenda;
  readonly choices: Choices;
  readonly weather: Weather;
  readonly accounts: TwoAccounts;
  /** How far WeChat's clock is ahead of ours. */
  readonly wechatSkewMs: number;
  /** The mistake that was built in, if any. */
  readonly planted: PlantedBug | undefined;
  /** Adds a line to the story; absent when nobody reads it. */
  readonly tell?: (line: () => string) => void;
  /** The promise of the house that was just broken. The first one ends the schedule. */
  report(violation: string): void;
  /** Something came about that a run of many schedules must have seen. */
  mark(end: string): void;
};

export type SiteOptions = {
  readonly planted?: PlantedBug | undefined;
  /** Given each line of the story, with its moment. */
  readonly onLine?: ((line: string) => void) | undefined;
};

/** A site, and what was reported and marked there. */
export type ObservedSite = {
  readonly site: Site;
  readonly seen: ReadonlySet<string>;
  /** The first promise that was broken. */
  violation(): string | undefined;
};

export function createSite(
  agenda: Agenda,
  choices: Choices,
  { planted, onLine }: SiteOptions,
): ObservedSite {
  const seen = new Set<string>();
  let violation: string | undefined;
  const weather = createWeather(choices, agenda);
  const site: Site = {
    agenda,
    choices,
    weather,
    planted,
    accounts: drawAccounts(choices),
    wechatSkewMs: weather.isSkewed ? choices.pick([0, -20, 20]) * secondMs : 0,
    ...(onLine !== undefined && {
      tell: (line) => onLine(`${new Date(agenda.now()).toISOString().slice(8, 23)}  ${line()}`),
    }),
    report: (broken) => {
      violation ??= broken;
      site.tell?.(() => `BROKEN: ${broken}`);
    },
    mark: (end) => seen.add(end),
  };
  return { site, seen, violation: () => violation };
}
