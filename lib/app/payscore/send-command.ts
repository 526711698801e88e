import type { Change } from '#core/decision.ts';
import { firstLookMs } from '#core/payscore/looks.ts';
import type { Ended, Pending } from '#core/payscore/pending.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import type { Result } from '#core/result.ts';
import { startWake } from '#core/timing.ts';
import { plus } from '#core/values/time.ts';
import { commitChange, openRecord, withoutDebts } from '../carry-out.ts';
import { confirm, type LoopPorts } from '../confirm.ts';
import { writeRecord } from '../write-record.ts';

/** A subject with commands, read out of its record. */
export type Commanded = {
  readonly status: string;
  readonly pending: Pending | undefined;
  readonly ended: Ended | undefined;
};

/** A request's subject as it stands after WeChat was asked. */
export type Carried<T> = {
  readonly record: StoredRecord;
  readonly subject: T;
  /** WeChat has not said what became of it yet: the loop goes on. */
  readonly waits: boolean;
};

type Decode<T> = (record: StoredRecord) => Result<T>;

const tryLimit = 3;

/**
 * The first look at what was just written, now: it sends what is pending. Should this function die, a wake
 * does the same half a minute later, and the record's `dueAt` stands behind it. Refuses with
 * `wechat_refused` when WeChat refused the command for certain.
 */
export async function lookNow<T extends Commanded>(
  ports: LoopPorts,
  record: StoredRecord,
  { decode, sha256 }: { readonly decode: Decode<T>; readonly sha256: string },
): Promise<Answer<Carried<T>>> {
  const { account, key: subject } = record;
  const hint = { type: 'hint', account, subject, reason: 'request' } as const;
  await confirm(ports, hint, { receiveCount: 1 });
  const after = (await ports.store.load(subject)) ?? record;
  const decoded = decode(after);
  if (!decoded.ok) {
    return refuse('record_undecodable');
  }
  const { pending, ended } = decoded.value;
  const isOurs = pending === undefined && ended?.sha256 === sha256;
  return isOurs && ended.outcome === 'refused' && !wasMadeAllTheSame(ended, after)
    ? refuse('wechat_refused', ended.code === undefined ? {} : { wechatCode: ended.code })
    : { ok: true, value: { record: after, subject: decoded.value, waits: pending !== undefined } };
}

/** A creation that WeChat refused, and a later query found; one without its package cannot be signed. */
function wasMadeAllTheSame({ name }: Ended, { status }: StoredRecord): boolean {
  return name.startsWith('create-') && status !== 'REFUSED' && status !== 'UNSIGNED';
}

/**
 * Writes a new subject with its creation pending and looks at once, which sends it; or answers for the one
 * that the same request made. A repeat is judged by its record, not by today's rules. Refuses with what
 * `fresh` refuses, with `conflict` where the number has another body, or with `wechat_refused`.
 */
export async function createSubject<T extends Commanded>(
  ports: LoopPorts,
  key: SubjectKey,
  asked: {
    readonly decode: Decode<T>;
    readonly sha256: string;
    readonly conflict: 'plan_conflict' | 'sign_plan_conflict';
    readonly fresh: () => Answer<StoredRecord> | Promise<Answer<StoredRecord>>;
  },
): Promise<Answer<Carried<T> & { readonly created: boolean }>> {
  const { sha256, conflict } = asked;
  let record = await ports.store.load(key);
  let created = false;
  if (record === undefined || record.status === 'REFUSED') {
    const fresh = await asked.fresh();
    if (!fresh.ok) {
      return fresh;
    }
    const written = await writeRecord(ports.store, fresh.value);
    record = written.record;
    created = written.isNew;
  }
  if (record.data['bodySha256'] !== sha256) {
    return refuse(conflict);
  }
  if (created) {
    await wakeSoon(ports, record);
  }
  const carried = await lookNow(ports, record, asked);
  return carried.ok ? { ok: true, value: { ...carried.value, created } } : carried;
}

/** The wake that looks again in half a minute, whatever became of this function. */
async function wakeSoon(ports: LoopPorts, { account, key }: StoredRecord): Promise<void> {
  const slot = plus(ports.clock.now(), firstLookMs);
  try {
    await ports.timers.send(startWake({ account, subject: key }, slot), firstLookMs);
  } catch {
    ports.telemetry.log('warn', 'first wake not sent', { account, subject: subjectId(key) });
  }
}

/**
 * Writes a command into a subject's record and looks at once, which sends it. `note` makes the change, or
 * `undefined` when this very request stands there or was done. Refuses with `unknown` when there is no such
 * subject, with what `note` refuses, or with `wechat_refused`; ends in the ports' `AppError`s.
 */
export async function command<T extends Commanded>(
  ports: LoopPorts,
  key: SubjectKey,
  asked: {
    readonly unknown: 'plan_unknown' | 'sign_plan_unknown' | 'service_order_unknown';
    readonly decode: Decode<T>;
    /** What tells this request from another. */
    readonly sha256: string;
    readonly note: (subject: T) => Answer<Change | undefined>;
  },
): Promise<Answer<Carried<T>>> {
  for (let round = 0; round < tryLimit; round += 1) {
    const loaded = await ports.store.load(key);
    if (loaded === undefined) {
      return refuse(asked.unknown);
    }
    const record = await withoutDebts(ports, loaded, openRecord(ports, loaded));
    if (record === undefined) {
      continue;
    }
    const decoded = asked.decode(record);
    if (!decoded.ok) {
      return refuse('record_undecodable');
    }
    const noted = asked.note(decoded.value);
    if (!noted.ok) {
      return noted;
    }
    if (noted.value === undefined && decoded.value.pending === undefined) {
      return { ok: true, value: { record, subject: decoded.value, waits: false } };
    }
    if (
      noted.value === undefined ||
      (await commitChange(ports, record, noted.value, 'request')) === 'done'
    ) {
      await wakeSoon(ports, record);
      return outcomeOf(await lookNow(ports, record, asked), asked.sha256);
    }
  }
  return refuse('store_unavailable');
}

/** Where another command came after this one, only the events say how this one ended. */
function outcomeOf<T extends Commanded>(
  carried: Answer<Carried<T>>,
  sha256: string,
): Answer<Carried<T>> {
  const isKnown = !carried.ok || carried.value.subject.ended?.sha256 === sha256;
  return isKnown ? carried : { ok: true, value: { ...carried.value, waits: true } };
}
