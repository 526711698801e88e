import type { Change, Decision } from '../decision.ts';
import type { EventType } from '../events.ts';
import type { DataPatch } from '../record.ts';
import { fieldsOf, isCount, isText, type Json, type JsonObject, oneOf } from '../values/json.ts';
import { withoutUndefined } from '../values/optional.ts';
import { type Instant, isInstant, minuteMs, plus } from '../values/time.ts';
import { type CommandName, commandNames, type SendOutcome } from './evidence.ts';
import { firstDueAtOf } from './looks.ts';

/**
 * A command that stands in the record before it is sent, with its exact body: whoever looks next sends the
 * same bytes again, until a query shows it done or WeChat refused it. One a record.
 */
export type Pending = {
  readonly name: CommandName;
  readonly body: string;
  /** SHA-256 of the merchant's request, base64url: tells its repeat from another one. */
  readonly sha256: string;
  readonly at: Instant;
  /** How often WeChat refused it, though its state allows it: it may be charging at this moment. */
  readonly refusals: number;
  readonly refusedAt: Instant | undefined;
};

/** How the last command of a record ended; shown by GET, and what a repeated request is compared with. */
export type Ended = {
  readonly name: CommandName;
  readonly sha256: string;
  readonly outcome: 'done' | 'refused';
  /** WeChat's code, where it refused. */
  readonly code: string | undefined;
};

const isCommandName = oneOf(commandNames);

export function isPending(value: unknown): value is JsonObject {
  return readPending(value) !== undefined;
}

export function readPending(value: unknown): Pending | undefined {
  const fields = fieldsOf(value);
  const pending: Pending = {
    name: fields.required('name', isCommandName),
    body: fields.required('body', isText),
    sha256: fields.required('sha256', isText),
    at: fields.required('at', isInstant),
    refusals: fields.required('refusals', isCount),
    refusedAt: fields.optional('refusedAt', isInstant),
  };
  const read = fields.result(() => pending);
  return read.ok ? read.value : undefined;
}

export function readEnded(value: unknown): Ended | undefined {
  const fields = fieldsOf(value);
  const ended: Ended = {
    name: fields.required('name', isCommandName),
    sha256: fields.required('sha256', isText),
    outcome: fields.required('outcome', oneOf(['done', 'refused'])),
    code: fields.optional('code', isText),
  };
  const read = fields.result(() => ended);
  return read.ok ? read.value : undefined;
}

export function isEnded(value: unknown): value is JsonObject {
  return readEnded(value) !== undefined;
}

/** A command about to be noted. */
export function newPending(asked: Pick<Pending, 'name' | 'body' | 'sha256' | 'at'>): JsonObject {
  const { name, body, sha256, at } = asked;
  return { name, body, sha256, at, refusals: 0 };
}

/** Writes a command down; the look that follows sends it, and another one soon if that dies. */
export function commandChange(
  name: CommandName,
  body: string,
  { sha256, now }: { readonly sha256: string; readonly now: Instant },
): Change {
  return {
    patch: { set: { pending: newPending({ name, body, sha256, at: now }) } },
    events: [],
    evidence: name,
    nextLookAt: firstDueAtOf(now),
  };
}

/**
 * What a query says of a pending command.
 * - `done`: it shows. - `open`: it does not, and the state allows it: send it. - `void`: it can never
 * happen any more.
 */
export type Standing = 'done' | 'open' | 'void';

/** What becomes of a pending command in this look. */
export type Verdict =
  | { readonly type: 'none' }
  | { readonly type: 'send' }
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly code: string }
  /** Refused while WeChat may be charging: the same again after a pause. */
  | { readonly type: 'later'; readonly refusals: number; readonly code: string }
  | { readonly type: 'wait'; readonly at: Instant }
  | { readonly type: 'unknown'; readonly code: string; readonly isFault: boolean };

/** "The document is being charged, try later": WeChat asks for three minutes (payscore-plan, modify). */
const laterMs = 3 * minuteMs;
/** After so many refusals it is not the charging that stands in the way. */
const mostRefusals = 4;
const refusedWhileCharging: readonly CommandName[] = ['cancel', 'modify', 'sync', 'pay'];

/**
 * Pure: the pending command, what the query (the one after the send, where there was one) says of it, and
 * how the send ended. An acceptance that no query shows is not done; but that of `pay`, which no query can.
 */
export function judgePending(
  pending: Pending | undefined,
  standing: Standing,
  context: {
    readonly now: Instant;
    readonly sent?: SendOutcome;
    /** WeChat is charging at this moment, as far as we know: a refusal may mean "not now". */
    readonly isCharging: boolean;
  },
): Verdict {
  const { now, sent, isCharging } = context;
  if (pending === undefined) {
    return { type: 'none' };
  }
  if (standing === 'done') {
    return { type: 'done' };
  }
  if (standing === 'void') {
    return { type: 'refused', code: sent?.type === 'refused' ? sent.code : 'STATE' };
  }
  if (sent === undefined) {
    const { refusedAt } = pending;
    const at = refusedAt === undefined ? undefined : plus(refusedAt, laterMs);
    return at !== undefined && now < at ? { type: 'wait', at } : { type: 'send' };
  }
  switch (sent.type) {
    case 'accepted':
      return pending.name === 'pay'
        ? { type: 'done' }
        : { type: 'unknown', code: 'NOT_SHOWN', isFault: false };
    case 'refused': {
      const refusals = pending.refusals + 1;
      const mayPass = isCharging && refusedWhileCharging.includes(pending.name);
      return mayPass && refusals < mostRefusals
        ? { type: 'later', refusals, code: sent.code }
        : { type: 'refused', code: sent.code };
    }
    case 'unknown':
      return { type: 'unknown', code: sent.code, isFault: false };
    case 'fault':
      return { type: 'unknown', code: sent.code, isFault: true };
  }
}

/** What a verdict writes; undefined where it writes nothing. */
export function patchOf(
  pending: Pending,
  verdict: Verdict,
  now: Instant,
): (DataPatch & { readonly nextLookAt?: Instant }) | undefined {
  const { name, sha256 } = pending;
  switch (verdict.type) {
    case 'done':
      return { set: { ended: { name, sha256, outcome: 'done' } }, unset: ['pending'] };
    case 'refused': {
      const { code } = verdict;
      return { set: { ended: { name, sha256, outcome: 'refused', code } }, unset: ['pending'] };
    }
    case 'later': {
      const { refusals } = verdict;
      const waiting: Json = { ...pendingJson(pending), refusals, refusedAt: now };
      return { set: { pending: waiting }, nextLookAt: plus(now, laterMs) };
    }
    case 'none':
    case 'send':
    case 'wait':
    case 'unknown':
      return undefined;
  }
}

/** The decision where nothing else has changed. */
export function decisionOf(verdict: Verdict, isSettled: boolean): Decision {
  switch (verdict.type) {
    case 'send':
      return { type: 'command', command: 'send' };
    case 'wait':
      return { type: 'wait', at: verdict.at };
    case 'unknown':
      return { type: 'unknown', code: verdict.code, isFault: verdict.isFault };
    case 'none':
    case 'done':
    case 'refused':
    case 'later':
      return isSettled ? { type: 'quiet' } : { type: 'wait' };
  }
}

/** WeChat will never take this creation: the number may be used again. */
export function refusedCreation(
  pending: Pending | undefined,
  refusal: { readonly code: string; readonly event: EventType; readonly now: Instant },
  tells = false,
): Decision {
  const { code, event, now } = refusal;
  const patch = pending && patchOf(pending, { type: 'refused', code }, now);
  return {
    type: 'commit',
    change: {
      status: 'REFUSED',
      patch: patch ?? {},
      events: [event],
      evidence: code,
      ...(tells && { tells }),
    },
  };
}

function pendingJson(pending: Pending): JsonObject {
  return withoutUndefined(pending);
}

/** Whether a request is the one that stands, or stood last, in the record. */
export function isRepeat(
  { pending, ended }: { readonly pending: Pending | undefined; readonly ended: Ended | undefined },
  asked: { readonly name: CommandName; readonly sha256: string },
): 'pending' | 'ended' | undefined {
  if (pending?.name === asked.name && pending.sha256 === asked.sha256) {
    return 'pending';
  }
  const isLast = ended?.name === asked.name && ended.sha256 === asked.sha256;
  return isLast && ended.outcome === 'done' ? 'ended' : undefined;
}
