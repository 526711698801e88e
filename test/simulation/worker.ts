import { createKinds } from '#app/kinds.ts';
import { AppError } from '#core/errors.ts';
import type { MerchantEvent } from '#core/events.ts';
import type { Hint, UnhandledNotice, Wake } from '#core/messages.ts';
import type { Notice, RawNotice } from '#core/notices.ts';
import type { Accounts, Inbox } from '#core/ports.ts';
import { fail, ok } from '#core/result.ts';
import type { Telemetry } from '#core/telemetry.ts';
import { type Instant, plus, secondMs } from '#core/values/time.ts';
import { type FaultSource, perform, type Step } from '../support/faults.ts';
import { type ClaimTable, claimsOver } from '../support/memory-claims.ts';
import { eventsOver, hintsOver, type Put, timersOver } from '../support/memory-queues.ts';
import { storeOver } from '../support/memory-store.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { createDice, type Operation } from './dice.ts';
import { type CallListener, gatewaysOver } from './gateways.ts';
import type { SimulationPorts } from './ports.ts';
import type { Site } from './site.ts';
import type { Outage } from './weather.ts';
import type { Wechat } from './wechat.ts';

/** One execution environment of a function: it dies alone, and its clock is its own. */
export type Worker = {
  readonly name: string;
  readonly ports: SimulationPorts;
  /** The queue's commands, as this worker gives them. */
  inboxOver(
    inbox: { readonly [Name in keyof Inbox]: (...args: Parameters<Inbox[Name]>) => void },
  ): Inbox;
  /** A new invocation: its time is counted from now, and `onDeath` is told at most once. */
  begin(onDeath: () => void): void;
  isDead(): boolean;
};

/** Where the ports of every worker lead. */
export type Clouds = {
  readonly table: MemoryTable;
  readonly claims: ClaimTable;
  readonly wechat: Wechat;
  readonly calls: CallListener;
  readonly putHint: Put<Hint | UnhandledNotice>;
  readonly putWake: Put<Wake>;
  readonly publish: (event: MerchantEvent) => void;
  /** The notices that WeChat signed. */
  readonly signed: ReadonlyMap<RawNotice, Notice>;
};

export const shards = 1;
const functionTimeoutMs = 30 * secondMs;
const callNeedsMs = 9 * secondMs;

const silent: Telemetry = { count: () => undefined, log: () => undefined };
const noLongerThere = (): Promise<never> => new Promise(() => undefined);

export function createWorker(site: Site, clouds: Clouds, name: string): Worker {
  const { agenda, weather } = site;
  const skewMs = weather.skewMs();
  const dice = createDice(site);
  let endsAt: Instant = agenda.now();
  let isDead = false;
  let tellDeath: () => void = () => undefined;

  const die = (): Promise<never> => {
    if (!isDead) {
      isDead = true;
      site.tell?.(() => `${name} dies`);
      tellDeath();
    }
    return noLongerThere();
  };
  const isOver = (): boolean => isDead || agenda.now() >= endsAt;
  const sourceOf = (outage?: Outage): FaultSource<Operation> => ({
    before: (operation) => {
      const waited = agenda.pause(dice.durationMs(operation));
      if (waited === undefined) {
        return isOver() ? die() : undefined;
      }
      return waited.then(() => (isOver() ? die() : undefined));
    },
    take: (operation): Step | undefined => {
      const isOut = outage !== undefined && weather.isOut(outage);
      const step = isOut ? 'fail' : dice.step(operation);
      site.tell?.(() => `${name} ${operation}${step === undefined ? '' : ` [${step}]`}`);
      return step;
    },
    crash: die,
  });
  const source = sourceOf();
  const { gateway, refundGateway, payscoreGateway } = gatewaysOver(site, clouds, source);
  const claims = claimsOver(clouds.claims, sourceOf('store'));
  const store = storeOver(clouds.table, sourceOf('store'));
  const ports: SimulationPorts = {
    clock: { now: () => plus(agenda.now(), skewMs) },
    gateway,
    refundGateway,
    payscoreGateway,
    claims,
    store,
    shards,
    rowsPerShard: 25,
    telemetry: silent,
    hints: hintsOver(clouds.putHint, sourceOf('hints')),
    timers: timersOver(clouds.putWake, sourceOf('timers')),
    events: eventsOver(clouds.publish, sourceOf('events')),
    accounts: accountsOf(site),
    reader: {
      read: (_, raw) => {
        const notice = clouds.signed.get(raw);
        return notice === undefined ? fail('signature') : ok(notice);
      },
    },
    kinds: createKinds({ gateway, refundGateway, payscoreGateway, claims, store }),
    hasTime: () => endsAt - agenda.now() >= callNeedsMs,
  };
  return {
    name,
    ports: site.planted?.ports?.(ports, clouds.table) ?? ports,
    inboxOver: (inbox) => ({
      postpone: (message, delayMs) =>
        perform(source, 'send', { run: () => inbox.postpone(message, delayMs), failure }),
      park: (message, reason) =>
        perform(source, 'send', { run: () => inbox.park(message, reason), failure }),
    }),
    begin: (onDeath) => {
      endsAt = plus(agenda.now(), functionTimeoutMs);
      tellDeath = onDeath;
    },
    isDead: () => isDead,
  };
}

function accountsOf({ accounts }: Site): Accounts {
  const get: Accounts['get'] = (name) =>
    Promise.resolve(accounts.find((account) => account.name === name));
  return { get, refresh: get };
}

function failure(): Error {
  return new AppError('queue_unavailable', 'Refused, as the weather wants it.');
}
