import { confirm } from '#app/confirm.ts';
import type { MerchantEvent } from '#core/events.ts';
import { encodeMessage, type Hint } from '#core/messages.ts';
import type { Notice, RawNotice } from '#core/notices.ts';
import { type SubjectKey, subjectId } from '#core/record.ts';
import { minuteMs } from '#core/values/time.ts';
import { createMemoryTable, type MemoryTable } from '../support/memory-table.ts';
import { createOnce } from './actors.ts';
import type { Agenda } from './agenda.ts';
import type { Choices } from './choices.ts';
import { createFunctions, type Functions } from './functions.ts';
import { createNoticeDesk, type NoticeDesk } from './notices.ts';
import { beginStories } from './orders.ts';
import { createEar } from './payscore-actors.ts';
import { tradeNumberOf } from './payscore-lives.ts';
import { beginPayscore } from './payscore-merchant.ts';
import { createPerson } from './persons.ts';
import { createWatch, type Watch } from './promises.ts';
import { createSimulatedQueue, type SimulatedQueue } from './queue.ts';
import { createSite, type Site, type SiteOptions } from './site.ts';
import { drawStories, type Wanted } from './stories.ts';
import { createSweeps } from './sweeps.ts';
import { orderKeyOf } from './trade.ts';
import { createWechat, type Wechat } from './wechat.ts';
import { shards } from './worker.ts';

export type HouseOptions = SiteOptions &
  Wanted & {
    /** Orders that nobody places, from 1; what is drawn for them is drawn all the same. */
    readonly absent?: readonly number[] | undefined;
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
  /** What came about so far. */
  readonly seen: ReadonlySet<string>;
  sweepsPlanned(): number;
  violation(): string | undefined;
  /** Everybody begins. */
  begin(): void;
  /** The next day: a hint about each trade and each refund that WeChat lists. */
  readBill(): void;
};

export function buildHouse(agenda: Agenda, choices: Choices, options: HouseOptions): House {
  const { site, seen, violation } = createSite(agenda, choices, options);
  const { weather } = site;
  const watch: Watch = createWatch({
    site,
    wechat: () => wechat,
    table: () => table,
    extraWakes: (key) => timers.extras(key),
  });
  const indexLagMs = weather.hasIndexLag ? choices.pick([300, 5000, 90_000]) : 0;
  const table = createMemoryTable({
    shards,
    onPut: watch.onRecord,
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
  const [oncePaid, onceLinked, onceCharged] = [createOnce(), createOnce(), createOnce()];
  const wechat: Wechat = createWechat(site, {
    onPaid: (trade) => {
      // Of a code payment WeChat sends no notice.
      if (!trade.isCode) {
        desk.begin(trade);
      }
      oncePaid.happens(orderKeyOf(trade));
    },
    onCharged: (trade) => onceCharged.happens(orderKeyOf(trade)),
    onReversed: (trade) => watch.onReversed(trade),
    onRefundMoved: (account, refund) => desk.beginRefund(account, refund),
    onPayscore: {
      onSigned: (account, key) => desk.beginPayscore(account, key, 'SIGN_PLAN'),
      onCancelled: (account, key) => desk.beginPayscore(account, key, 'CANCEL_SIGN_PLAN'),
      onPaid: (account, key) => desk.beginPayscore(account, key, 'PAID'),
    },
  });
  const ear = createEar();
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
  const publish = (event: MerchantEvent): void => {
    const sentAt = deduplicated.get(event.id);
    if (sentAt === undefined || agenda.now() - sentAt >= deduplicationMs) {
      deduplicated.set(event.id, agenda.now());
      watch.onEvent(event);
      person.hear(event);
      ear.hear(event);
    }
  };
  const functions: Functions = createFunctions(site, {
    table,
    claims: new Map(),
    wechat,
    signed,
    calls: watch,
    publish,
    putHint: (body, delayMs, { subject }) => {
      const id = subjectId(subject);
      hintsAbout.set(id, (hintsAbout.get(id) ?? 0) + 1);
      hints.put(body, delayMs);
    },
    putWake: (body, delayMs, wake) => {
      watch.onWakeSent(wake);
      timers.put(body, delayMs);
    },
  });
  const desk: NoticeDesk = createNoticeDesk({
    site,
    signed,
    functions: () => functions,
    hintsAbout: (key) => hintsAbout.get(subjectId(key)) ?? 0,
  });
  const person = createPerson({ site, functions: () => functions, onResolve: watch.onResolve });
  const sweeps = createSweeps(site, () => functions, table.earliestDue);
  let requests = 0;
  const nextRequestId = (): string => {
    requests += 1;
    return `request-${requests}`;
  };
  return {
    site,
    table,
    wechat,
    watch,
    desk,
    hints,
    timers,
    seen,
    sweepsPlanned: sweeps.planned,
    violation,
    begin: () => {
      const drawn = drawStories(site, options);
      const { onPut, onLink, onRefundAnswered } = watch;
      const common = {
        site,
        desk,
        functions: () => functions,
        onRefundAnswered,
        nextRequestId,
      };
      if ('signatures' in drawn) {
        beginPayscore({ ...common, wechat: wechat.payscore, watch, ear, tale: drawn });
      } else {
        const stories = drawn.filter(
          (_, position) => options.absent?.includes(position + 1) !== true,
        );
        beginStories(
          { ...common, wechat, onPut, onLink, oncePaid, onceLinked, onceCharged },
          stories,
        );
      }
      if (choices.draw(16) === 15) {
        agenda.after(choices.draw(10) * minuteMs, desk.sendUnhandled);
      }
      for (let left = choices.draw(16) === 15 ? choices.draw(12) : 0; left > 0; left -= 1) {
        agenda.after(choices.draw(180) * minuteMs, () => redrive(choices, [timers, hints]));
      }
    },
    readBill: () => {
      for (const hint of [...billOf(wechat), ...servicesIn(wechat, site)]) {
        hints.put(encodeMessage(hint), 0);
      }
    },
  };
}

function billOf(wechat: Wechat): readonly Hint[] {
  return [...wechat.trades()].flatMap((trade) => {
    const { name: account, mchid } = trade.account;
    const hintAbout = (subject: SubjectKey): Hint => ({
      type: 'hint',
      account,
      subject,
      reason: 'bill',
    });
    const refunds = wechat.refunds
      .refundsOf(trade)
      .map(({ request }) => hintAbout({ kind: 'refund', mchid, number: request.out_refund_no }));
    return [hintAbout(orderKeyOf(trade)), ...refunds];
  });
}

/** Of a charged service the bill names the number, too. */
function servicesIn({ payscore, refunds }: Wechat, { accounts }: Site): readonly Hint[] {
  return payscore.charged().flatMap((subject) => {
    const account = accounts.find(({ mchid }) => mchid === subject.mchid);
    if (account === undefined) {
      return [];
    }
    const hintAbout = (about: SubjectKey): Hint => ({
      type: 'hint',
      account: account.name,
      subject: about,
      reason: 'bill',
    });
    const back = refunds
      .refundsOf({ account, number: tradeNumberOf(subject) })
      .map(({ request }) =>
        hintAbout({ ...subject, kind: 'refund', number: request.out_refund_no }),
      );
    return [hintAbout(subject), ...back];
  });
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
