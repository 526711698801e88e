import type { MerchantEvent } from '#core/events.ts';
import type { OrderEvidence, TradeState } from '#core/evidence.ts';
import type { Wake } from '#core/messages.ts';
import { type StoredRecord, subjectId } from '#core/record.ts';
import { type Instant, minuteMs, secondMs } from '#core/values/time.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import type { Site } from './site.ts';
import type { Wechat } from './wechat.ts';

/** Watches every record, event and answer of one schedule, and reports the first broken promise. */
export type Watch = {
  onPut(after: StoredRecord, before: StoredRecord | undefined): void;
  onEvent(event: MerchantEvent): void;
  onAnswer(number: string, evidence: OrderEvidence): void;
  onWakeSent(wake: Wake): void;
  onPlacing(number: string, table: MemoryTable): void;
  /** A link was handed out for this number. */
  onLink(number: string, link: string): void;
  /** What the receiver has, in the order in which it came first. */
  received(): readonly MerchantEvent[];
  wakesSent(number: string): number;
};

/** What our queries were told about one number. */
type Told = { readonly states: Set<TradeState>; isPaid: boolean; readonly notFoundAt: Instant[] };

const moves: Readonly<Record<string, readonly string[]>> = {
  CREATED: ['AWAITING', 'PAID', 'CLOSED', 'REVIEW', 'REFUSED'],
  AWAITING: ['PAID', 'CLOSED', 'REVIEW'],
  PAID: [],
  CLOSED: ['PAID', 'REVIEW'],
  REVIEW: ['PAID', 'CLOSED'],
  REFUSED: ['CREATED', 'PAID', 'REVIEW'],
  UNMATCHED: [],
  KEPT: [],
};
/** "No such order" is believed only when it was told twice, so far apart; clocks may be off. */
const notFoundApartMs = 90 * secondMs;
const skewAllowanceMs = 50 * secondMs;
const wakeLimit = 100;
/** A placing begun before the fence has ended within a function's time. */
const fenceMs = 60 * secondMs;
const functionMs = 30 * secondMs;

export type Watched = {
  readonly wechat: () => Wechat;
  /** How many wakes about this number the queue itself handed out once more. */
  readonly extraWakes: (number: string) => number;
};

export function createWatch(site: Site, { wechat, extraWakes }: Watched): Watch {
  const committed = new Set<string>();
  const received = new Map<string, MerchantEvent>();
  const lastSequence = new Map<string, string>();
  const stoodLinks = new Set<string>();
  const wakes = new Map<string, number>();
  /** How often a record became due at a moment: so many leases, and so many wakes, there may be. */
  const dueTimes = new Map<string, number>();
  /** A refused number may be used again: each life has a chain. */
  const lives = new Map<string, number>();
  const tolds = new Map<string, Told>();

  const toldOf = (number: string): Told => {
    const told = tolds.get(number) ?? { states: new Set(), isPaid: false, notFoundAt: [] };
    tolds.set(number, told);
    return told;
  };

  function checkMove(after: StoredRecord, before: StoredRecord | undefined): void {
    const id = subjectId(after.key);
    if (before !== undefined && before.status !== after.status) {
      if (moves[before.status]?.includes(after.status) !== true) {
        site.report(`${id} moved from ${before.status} to ${after.status}`);
      }
      if (after.status === 'CLOSED' && !mayClose(toldOf(after.key.number))) {
        site.report(`${id} was closed although WeChat never said so to a query`);
      }
    }
    if (isOpen(after) && after.dueAt === undefined) {
      site.report(`${id} is open and nobody is to look at it (I5)`);
    }
  }

  function mayClose(told: Told): boolean {
    const [first] = told.notFoundAt;
    const last = told.notFoundAt.at(-1);
    const isTwice =
      first !== undefined &&
      last !== undefined &&
      last - first >= notFoundApartMs - (site.weather.isSkewed ? skewAllowanceMs : 0);
    return told.states.has('CLOSED') || told.states.has('REVOKED') || isTwice;
  }

  /** Version n's events are out before n+1 exists, and nothing is forgotten when an outbox is cleared. */
  function checkOutbox(after: StoredRecord, before: StoredRecord | undefined): void {
    for (const entry of after.outbox) {
      if (entry.type === 'event') {
        committed.add(`${subjectId(after.key)}/${entry.event}/${entry.n}`);
      }
    }
    const isCleared =
      before !== undefined && before.outbox.length > 0 && after.outbox !== before.outbox;
    for (const entry of isCleared ? before.outbox : []) {
      const id =
        entry.type === 'event' ? `${subjectId(after.key)}/${entry.event}/${entry.n}` : undefined;
      if (id !== undefined && !received.has(id)) {
        site.report(`${id} was cleared before it was sent (I3)`);
      }
    }
  }

  function checkPaid(event: MerchantEvent): void {
    const number = String(event.data['out_trade_no']);
    const trade = wechat().trade(number);
    if (trade?.paidAs !== 'right' || trade.isForeign || !toldOf(number).isPaid) {
      site.report(`${event.id} although WeChat told no matching payment (I1)`);
    }
  }

  /** One chain, and one wake for each lease: only what the queue repeats may be there more often. */
  function checkWake({ subject, origin, slot }: Wake): void {
    const { number } = subject;
    const id = `${number} ${origin} ${slot}`;
    const times = (wakes.get(id) ?? 0) + 1;
    wakes.set(id, times);
    const sent = (wakes.get(number) ?? 0) + 1;
    wakes.set(number, sent);
    const mayBe =
      origin === 'sweep' ? (dueTimes.get(id) ?? 0) : (lives.get(number) ?? 0) + extraWakes(number);
    if (origin !== 'after-close' && times > mayBe) {
      site.report(`the wake ${id} was sent ${times} times (I5)`);
    }
    // While a payer is at work WeChat is asked every minute.
    if (sent > wakeLimit + (wechat().trade(number)?.payingMs ?? 0) / minuteMs) {
      site.report(`${number} got ${sent} wakes (I5)`);
    }
  }

  /** The fence: no placing once it is nearly over, nor when it is over here. */
  function checkPlacing(number: string, table: MemoryTable): void {
    const record = table.peek({ kind: 'order', mchid: site.account.mchid, number });
    const now = site.agenda.now();
    const allowanceMs = functionMs + (site.weather.isSkewed ? skewAllowanceMs : 0);
    const latest = Number(record?.data['expiresAt']) - fenceMs + allowanceMs;
    const endedAt = record?.history.find(({ to }) => to === 'CLOSED' || to === 'REVIEW')?.at;
    if (now > latest || (endedAt !== undefined && now > endedAt + allowanceMs)) {
      site.report(`${number} was placed at WeChat although it was over (the fence)`);
    }
  }

  return {
    onPut: (after, before) => {
      site.tell?.(() => `table: ${describe(after)}`);
      if (after.data['link'] !== undefined && after.status === 'AWAITING') {
        stoodLinks.add(`${after.key.number} ${String(after.data['link'])}`);
      }
      if (after.dueAt !== undefined && after.dueAt !== before?.dueAt) {
        const id = `${after.key.number} sweep ${after.dueAt}`;
        dueTimes.set(id, (dueTimes.get(id) ?? 0) + 1);
      }
      if (after.status === 'CREATED' && before?.status !== 'CREATED') {
        lives.set(after.key.number, (lives.get(after.key.number) ?? 0) + 1);
      }
      checkMove(after, before);
      checkOutbox(after, before);
    },
    onEvent: (event) => {
      site.tell?.(() => `receiver: ${event.id}`);
      const first = received.get(event.id);
      if (first !== undefined) {
        if (JSON.stringify(first) !== JSON.stringify(event)) {
          site.report(`${event.id} came again with another content (I2)`);
        }
        return;
      }
      received.set(event.id, event);
      if (!committed.has(event.id)) {
        site.report(`${event.id} was sent before it was committed`);
      }
      if (event.sequence < (lastSequence.get(event.subject) ?? '')) {
        site.report(`${event.id} came after a newer one`);
      }
      lastSequence.set(event.subject, event.sequence);
      if (event.type === 'order.paid') {
        checkPaid(event);
      }
    },
    onAnswer: (number, evidence) => {
      const told = toldOf(number);
      if (evidence.type === 'not-found') {
        told.notFoundAt.push(site.agenda.now());
      }
      if (evidence.type !== 'state') {
        return;
      }
      told.states.add(evidence.state);
      const trade = wechat().trade(number);
      if (evidence.payment !== undefined && trade?.paidAs === 'right') {
        told.isPaid = true;
      }
    },
    onWakeSent: checkWake,
    onPlacing: checkPlacing,
    onLink: (number, link) => {
      if (!stoodLinks.has(`${number} ${link}`)) {
        site.report(
          `${number}: the link ${link} was handed out, but never stood on a waiting record`,
        );
      }
    },
    received: () => [...received.values()],
    wakesSent: (number) => wakes.get(number) ?? 0,
  };
}

function isOpen(record: StoredRecord): boolean {
  return record.status === 'CREATED' || record.status === 'AWAITING' || record.outbox.length > 0;
}

function describe(record: StoredRecord): string {
  const { key, status, version, outbox, dueAt, leases, unknownLooks } = record;
  const due = dueAt === undefined ? 'at rest' : `due ${new Date(dueAt).toISOString()}`;
  const owed = outbox.map((entry) => (entry.type === 'event' ? entry.event : entry.type)).join(' ');
  return `${key.number} ${status} v${version} ${due} leases ${leases} unknown ${unknownLooks} owes [${owed}]`;
}
