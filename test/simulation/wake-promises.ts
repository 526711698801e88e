import type { Wake } from '#core/messages.ts';
import { firstLookMs } from '#core/payscore/looks.ts';
import { type Kind, type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { dayMs, latest, minuteMs, plus } from '#core/values/time.ts';
import { pendingOf } from './payscore-commands.ts';
import { createPerSubject, type PerSubject } from './per-subject.ts';
import { skewAllowanceMs, type Watching } from './told.ts';

/** One chain, one wake for each lease, and somebody who looks as long as a record is open (I5). */
export type WakePromises = {
  onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
  onWakeSent(wake: Wake): void;
  /** A request may send one wake of its own, for what it writes. */
  onRequest(key: SubjectKey): void;
  mostWakes(): number;
};

/** What was planned for one subject, and sent. */
type Plan = {
  /** A refused number may be used again: each life has a chain. */
  lives: number;
  sent: number;
  /** Of the sent ones what requests sent, and how many there were. */
  begun: number;
  requests: number;
  /** How often it became due at a moment: so many leases, and so many wakes, there may be. */
  readonly due: Map<number, number>;
  /** How often the wake of a slot was sent, by the chain and by the sweep. */
  readonly chain: Map<number, number>;
  readonly sweep: Map<number, number>;
};

const wakeLimit = 100;
const never = Number.POSITIVE_INFINITY;

export function createWakePromises(
  { site, wechat, table }: Watching,
  /** How many wakes about this subject the queue itself handed out once more. */
  extraWakes: (key: SubjectKey) => number,
): WakePromises {
  const plans: Readonly<Record<Kind, PerSubject<Plan>>> = {
    order: createPerSubject(),
    refund: createPerSubject(),
    plan: createPerSubject(),
    'sign-plan': createPerSubject(),
    'service-order': createPerSubject(),
    notice: createPerSubject(),
  };
  const planOf = (key: SubjectKey): Plan => plans[key.kind].of(key, newPlan);

  /** What a request, or a refund of the order, changes beside a look leaves the looks that are owed. */
  function checkAside(after: StoredRecord, before: StoredRecord): void {
    const isForgotten = after.unknownLooks < before.unknownLooks;
    const soonest = plus(site.agenda.now(), 2 * minuteMs + skewAllowanceMs(site));
    const isLater =
      before.dueAt !== undefined && (after.dueAt ?? never) > latest(before.dueAt, soonest);
    if (isForgotten || isLater) {
      site.report(`${subjectId(after.key)} lost a look that it was owed (I5)`);
    }
  }

  /** A refund that has not ended is looked at once a day at least. */
  function checkDaily({ key, dueAt, data }: StoredRecord): void {
    const from = Math.max(site.agenda.now(), Number(data['startAt']));
    if ((dueAt ?? never) > from + dayMs + skewAllowanceMs(site)) {
      site.report(`${subjectId(key)} is not looked at for more than a day (I5)`);
    }
  }

  function checkOpen(after: StoredRecord): void {
    if (isOpen(after)) {
      site.report(`${subjectId(after.key)} is open and nobody is to look at it (I5)`);
    }
    // A number that was given up is not looked after any more.
    if (after.unknownLooks > 0 && after.status !== 'REFUSED') {
      site.report(`${subjectId(after.key)} is owed a look and nobody is to look at it (I5)`);
    }
  }

  /**
   * While a payer is at work WeChat is asked every minute; and what it does not reverse stays owed for two
   * days, and for one more after each time that a person wants it closed.
   */
  function checkMany({ mchid, number }: SubjectKey, sent: number): void {
    const { payingMs = 0, isForeign = false } = wechat().trade({ mchid, number }) ?? {};
    const isCode =
      table().peek({ kind: 'order', mchid, number })?.data['trade_type'] === 'MICROPAY';
    const most = isForeign && isCode ? 2 * wakeLimit : wakeLimit;
    if (sent > most + payingMs / minuteMs) {
      site.report(`${number} got ${sent} wakes (I5)`);
    }
  }

  return {
    onRecord: (after, before) => {
      const plan = planOf(after.key);
      if (after.dueAt === undefined) {
        checkOpen(after);
      } else if (after.dueAt !== before?.dueAt) {
        count(plan.due, after.dueAt);
      }
      if (after.key.kind === 'refund' && isOpen(after)) {
        checkDaily(after);
      }
      if (after.status === 'CREATED' && before?.status !== 'CREATED') {
        plan.lives += 1;
      }
      if (after.key.kind === 'refund' && before === undefined) {
        // The one wake that begins a refund is sent as if it had been swept.
        count(plan.due, Number(after.data['startAt']));
      }
      if (
        after.key.kind === 'service-order' &&
        after.status === 'CREATED' &&
        before?.status !== 'CREATED'
      ) {
        count(plan.due, Number(after.data['createdAt']) + firstLookMs);
      }
      if (before !== undefined && isAside(after, before)) {
        checkAside(after, before);
      }
    },
    onWakeSent: ({ subject, origin, slot }) => {
      const plan = planOf(subject);
      plan.sent += 1;
      if (origin !== 'after-close') {
        const times = count(plan[origin], slot);
        const mayBe =
          origin === 'sweep' ? (plan.due.get(slot) ?? 0) : plan.lives + extraWakes(subject);
        if (times > mayBe && origin === 'sweep' && plan.begun < plan.requests) {
          plan.begun += 1;
        } else if (times > mayBe) {
          site.report(
            `the wake ${subjectId(subject)} ${origin} ${slot} was sent ${times} times (I5)`,
          );
        }
      }
      if (plan.sent > (subject.kind === 'sign-plan' ? 2 * wakeLimit : wakeLimit)) {
        checkMany(subject, plan.sent);
      }
    },
    onRequest: (key) => {
      planOf(key).requests += 1;
    },
    mostWakes: () => {
      const all = Object.values(plans).flatMap((each) => [...each.values()]);
      return Math.max(0, ...all.map(({ sent }) => sent));
    },
  };
}

function newPlan(): Plan {
  return {
    lives: 0,
    sent: 0,
    begun: 0,
    requests: 0,
    due: new Map(),
    chain: new Map(),
    sweep: new Map(),
  };
}

function isAside(after: StoredRecord, before: StoredRecord): boolean {
  if (after.version === before.version) {
    return false;
  }
  const evidence = after.history.at(-1)?.evidence ?? '';
  return evidence.startsWith('refund ') || evidence.startsWith('resolve ');
}

const openStatuses: Readonly<Record<string, ReadonlySet<string>>> = {
  order: new Set(['CREATED', 'AWAITING']),
  refund: new Set(['CREATED', 'PROCESSING', 'ABNORMAL']),
  plan: new Set(['CREATED']),
  'sign-plan': new Set(['CREATED', 'UNSIGNED', 'SIGNED']),
  'service-order': new Set(['CREATED', 'DOING', 'COMPLETED']),
};

export function isOpen(record: StoredRecord): boolean {
  const { key, status, outbox } = record;
  const isOwed = outbox.length > 0 || pendingOf(record) !== undefined;
  return isOwed || openStatuses[key.kind]?.has(status) === true;
}

function count(counts: Map<number, number>, what: number): number {
  const times = (counts.get(what) ?? 0) + 1;
  counts.set(what, times);
  return times;
}
