import { noticeKind } from '#app/notice-kind.ts';
import { createOrderKind } from '#app/order-kind.ts';
import { AppError } from '#core/errors.ts';
import type { MerchantEvent } from '#core/events.ts';
import type { CloseOutcome, OrderEvidence, PrepayOutcome } from '#core/evidence.ts';
import type { Hint, UnhandledNotice, Wake } from '#core/messages.ts';
import type { Notice, RawNotice } from '#core/notices.ts';
import type { Inbox, OrderGateway, Telemetry } from '#core/ports.ts';
import { fail, ok } from '#core/result.ts';
import { type Instant, plus, secondMs } from '#core/values/time.ts';
import { type FaultSource, perform, type Step } from '../support/faults.ts';
import { eventsOver, hintsOver, type Put, timersOver } from '../support/memory-queues.ts';
import { storeOver } from '../support/memory-store.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { createDice, type Operation } from './dice.ts';
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
  readonly wechat: Wechat;
  readonly putHint: Put<Hint | UnhandledNotice>;
  readonly putWake: Put<Wake>;
  readonly publish: (event: MerchantEvent) => void;
  /** Told of each answer that a query of ours really got. */
  readonly onAnswer: (number: string, evidence: OrderEvidence) => void;
  /** Told of each placing that is sent to WeChat. */
  readonly onPlacing: (number: string) => void;
  /** The notices that WeChat signed. */
  readonly signed: ReadonlyMap<RawNotice, Notice>;
};

export const shards = 1;
const functionTimeoutMs = 30 * secondMs;
const callNeedsMs = 9 * secondMs;

const silent: Telemetry = { count: () => undefined, log: () => undefined };
const noLongerThere = (): Promise<never> => new Promise(() => undefined);

export function createWorker(site: Site, clouds: Clouds, name: string): Worker {
  const { agenda, weather, account } = site;
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
  const clock = { now: () => plus(agenda.now(), skewMs) };
  const gateway = gatewayOver(site, clouds, sourceOf());
  const ports: SimulationPorts = {
    clock,
    gateway,
    shards,
    rowsPerShard: 25,
    telemetry: silent,
    store: storeOver(clouds.table, sourceOf('store')),
    hints: hintsOver(clouds.putHint, sourceOf('hints')),
    timers: timersOver(clouds.putWake, sourceOf('timers')),
    events: eventsOver(clouds.publish, sourceOf('events')),
    accounts: {
      get: (wanted) => Promise.resolve(wanted === account.name ? account : undefined),
      refresh: () => Promise.resolve(account),
    },
    reader: {
      read: (_, raw) => {
        const notice = clouds.signed.get(raw);
        return notice === undefined ? fail('signature') : ok(notice);
      },
    },
    kinds: { order: createOrderKind(gateway), notice: noticeKind },
    hasTime: () => endsAt - agenda.now() >= callNeedsMs,
  };
  const source = sourceOf();
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

function gatewayOver(
  site: Site,
  { wechat, onAnswer, onPlacing }: Pick<Clouds, 'wechat' | 'onAnswer' | 'onPlacing'>,
  source: FaultSource<Operation>,
): OrderGateway {
  const noAnswer = { type: 'unknown', code: 'TIMEOUT' } as const;
  const refusesUs = { type: 'fault', code: 'NO_AUTH' } as const;
  /** What stands between us and WeChat, if anything does. */
  const hindrance = (): typeof noAnswer | typeof refusesUs | undefined => {
    if (site.weather.isOut('wechat')) {
      return noAnswer;
    }
    return site.choices.chance(site.weather.rates().wechatFault) ? refusesUs : undefined;
  };
  const call = <T>(
    operation: Operation,
    run: () => T | typeof noAnswer,
  ): Promise<T | typeof noAnswer> =>
    perform(source, operation, { run, failure, unknown: noAnswer });
  return {
    query: async (_, { out_trade_no }) => {
      const ask = () => hindrance() ?? wechat.query(out_trade_no);
      const evidence = await call<OrderEvidence>('query', ask);
      onAnswer(out_trade_no, evidence);
      return evidence;
    },
    close: (_, out_trade_no) =>
      call<CloseOutcome>('close', () => hindrance() ?? wechat.close(out_trade_no)),
    prepay: (account, request) =>
      call<PrepayOutcome>('prepay', () => {
        onPlacing(request.out_trade_no);
        return hindrance() === undefined ? wechat.prepay(account, request) : noAnswer;
      }),
    jsapiPayParameters: (_, appid, link) => ({
      appId: appid,
      timeStamp: '0',
      nonceStr: 'nonce',
      package: `prepay_id=${link.prepay_id}`,
      signType: 'RSA',
      paySign: 'signature',
    }),
  };
}

function failure(): Error {
  return new AppError('queue_unavailable', 'Refused, as the weather wants it.');
}
