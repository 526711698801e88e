import { confirm } from '#app/confirm.ts';
import type { MerchantEvent } from '#core/events.ts';
import { encodeMessage } from '#core/messages.ts';
import type { Notice, RawNotice } from '#core/notices.ts';
import type { SubjectKey } from '#core/record.ts';
import { minuteMs, secondMs } from '#core/values/time.ts';
import { createMemoryTable, type MemoryTable } from '../support/memory-table.ts';
import { account as shop } from '../support/order-builder.ts';
import type { Agenda } from './agenda.ts';
import type { Choices } from './choices.ts';
import { createFunctions, type Functions } from './functions.ts';
import { createNoticeDesk, type NoticeDesk } from './notices.ts';
import { createOrderActors } from './orders.ts';
import { drawStory } from './plans.ts';
import type { PlantedBug } from './planted-bug.ts';
import { createWatch, type Watch } from './promises.ts';
import { createSimulatedQueue, type SimulatedQueue } from './queue.ts';
import type { Site } from './site.ts';
import { createSweeps } from './sweeps.ts';
import { createWeather } from './weather.ts';
import { createWechat, type Wechat } from './wechat.ts';
import { shards } from './worker.ts';

export type HouseOptions = {
  /** How many orders there are; drawn when absent: mostly one, seldom five. */
  readonly orders?: number | undefined;
  /** Orders that nobody places, from 1; what is drawn for them is drawn all the same. */
  readonly absent?: readonly number[] | undefined;
  readonly planted?: PlantedBug | undefined;
  /** Given each line of the story, with its moment. */
  readonly onLine?: ((line: string) => void) | undefined;
};

/** The whole program of one schedule, over one table and one WeChat. */
export type House = {
  readonly site: Site;
  readonly table: MemoryTable;
  readonly wechat: Wechat;
  readonly watch: Watch;
  readonly desk: NoticeDesk;
  readonly hints: SimulatedQueue;
  readonly timers: SimulatedQueue;
  readonly numbers: readonly string[];
  violation(): string | undefined;
  /** Everybody begins. */
  begin(): void;
  /** The next day: a hint about each trade that WeChat lists. */
  readBill(): void;
};

export function buildHouse(agenda: Agenda, choices: Choices, options: HouseOptions): House {
  const { onLine } = options;
  let violation: string | undefined;
  const weather = createWeather(choices, agenda);
  const site: Site = {
    agenda,
    choices,
    weather,
    planted: options.planted,
    account: choices.draw(2) === 0 ? shop : { ...shop, latePolicy: 'fulfil' },
    wechatSkewMs: weather.isSkewed ? choices.pick([0, -20, 20]) * secondMs : 0,
    ...(onLine !== undefined && {
      tell: (line) => onLine(`${new Date(agenda.now()).toISOString().slice(8, 23)}  ${line()}`),
    }),
    report: (broken) => {
      violation ??= broken;
      site.tell?.(() => `BROKEN: ${broken}`);
    },
  };
  const watch: Watch = createWatch(site, {
    wechat: () => wechat,
    extraWakes: (number) => timers.extras(number),
  });
  const indexLagMs = weather.hasIndexLag ? choices.pick([300, 5000, 90_000]) : 0;
  const table = createMemoryTable({
    shards,
    onPut: watch.onPut,
    onIndex: (apply, dueAt) => {
      const catchUp = (): void => {
        apply();
        if (dueAt !== undefined) {
          sweeps.onDue(dueAt);
        }
      };
      if (indexLagMs === 0) {
        catchUp();
      } else {
        agenda.after(indexLagMs, catchUp);
      }
    },
  });
  const wechat: Wechat = createWechat(site, (trade) => desk.begin(trade));
  const signed = new Map<RawNotice, Notice>();
  const hintsAbout = new Map<string, number>();
  const deduplicated = new Map<string, number>();
  const queueOf = (name: string): SimulatedQueue =>
    createSimulatedQueue(site, () => functions, {
      name,
      handle: (ports, message, delivery) =>
        (options.planted?.confirm ?? confirm)(ports, message, delivery),
    });
  const hints = queueOf('confirm');
  const timers = queueOf('watch');
  const functions: Functions = createFunctions(site, {
    table,
    wechat,
    signed,
    onAnswer: watch.onAnswer,
    putHint: (body, delayMs, { subject: { number } }) => {
      hintsAbout.set(number, (hintsAbout.get(number) ?? 0) + 1);
      hints.put(body, delayMs);
    },
    putWake: (body, delayMs, wake) => {
      watch.onWakeSent(wake);
      timers.put(body, delayMs);
    },
    onPlacing: (number) => watch.onPlacing(number, table),
    publish: (event) => publish(event),
  });
  const publish = (event: MerchantEvent): void => {
    const sentAt = deduplicated.get(event.id);
    if (sentAt === undefined || agenda.now() - sentAt >= deduplicationMs) {
      deduplicated.set(event.id, agenda.now());
      watch.onEvent(event);
    }
  };
  const desk: NoticeDesk = createNoticeDesk({
    site,
    signed,
    functions: () => functions,
    hintsAbout: (number) => hintsAbout.get(number) ?? 0,
  });
  const sweeps = createSweeps(site, () => functions, table.earliestDue);
  const orders = options.orders ?? drawOrders(choices);
  const numbers = Array.from({ length: orders }, (_, n) => `S-000${n + 1}`);
  let requests = 0;
  const actors = createOrderActors({
    site,
    wechat,
    desk,
    functions: () => functions,
    onLink: watch.onLink,
    nextRequestId: () => {
      requests += 1;
      return `request-${requests}`;
    },
  });
  return {
    site,
    table,
    wechat,
    watch,
    desk,
    hints,
    timers,
    numbers,
    violation: () => violation,
    begin: () => {
      const plans = numbers.map((number) => drawStory(site, number));
      plans.forEach((story, position) => {
        if (options.absent?.includes(position + 1) !== true) {
          actors.begin(story);
        }
      });
      if (choices.draw(16) === 15) {
        agenda.after(choices.draw(10) * minuteMs, desk.sendUnhandled);
      }
      for (let left = choices.draw(8) === 7 ? choices.draw(12) : 0; left > 0; left -= 1) {
        agenda.after(choices.draw(180) * minuteMs, () => redrive(choices, [timers, hints]));
      }
    },
    readBill: () => {
      for (const { number } of wechat.trades()) {
        const subject: SubjectKey = { kind: 'order', mchid: shop.mchid, number };
        hints.put(encodeMessage({ type: 'hint', account: shop.name, subject, reason: 'bill' }), 0);
      }
    },
  };
}

function drawOrders(choices: Choices): number {
  const drawn = choices.draw(16);
  return drawn < 14 ? 1 : drawn === 14 ? 2 : 5;
}

const deduplicationMs = 5 * minuteMs;

/** An operator sends old messages again. */
function redrive(choices: Choices, queues: readonly [SimulatedQueue, ...SimulatedQueue[]]): void {
  const queue = choices.pick(queues);
  const sent = queue.sent();
  const body = sent[choices.draw(Math.max(1, sent.length))];
  if (body !== undefined) {
    queue.redrive(body);
  }
}
