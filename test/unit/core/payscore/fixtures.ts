import assert from 'node:assert/strict';
import type { Account } from '#core/account.ts';
import type { Decision } from '#core/decision.ts';
import type { CommandName, SendOutcome } from '#core/payscore/evidence.ts';
import { isPayscoreId, isServiceId } from '#core/values/ids.ts';
import { isObject, type Json, type JsonObject } from '#core/values/json.ts';
import { formatUtc } from '#core/values/time.ts';
import { account, checked, moment } from '../fixtures.ts';

export const serviceId = checked(isServiceId, '00004000000000162930000000000001');
export const otherServiceId = checked(isServiceId, '00004000000000162930000000000002');
export const planId = checked(isPayscoreId, '1405458854');
export const signPlanId = checked(isPayscoreId, '2405458854');
export const orderId = checked(isPayscoreId, '15646546545165651651');

/** A merchant with a PayScore service of at most 300 days and 3 deductions. */
export const school: Account = {
  ...account,
  services: [{ id: serviceId, maxDays: 300, maxDeductions: 3 }],
};

/** Everything is noted at 04:00 and looked at three hours later. */
export const notedAt = moment('2026-11-21T04:00:00Z');
export const now = moment('2026-11-21T07:00:00Z');

/** What a request is told from others by. */
export const sha = 'nZ6mWn4x9mSZ0Vd7Fv0ZbK5xJ4ZqRr2Jm0x2m3m3m3M';

/** A record's data as a test wants it: undefined takes a field away. */
export function dataWith(
  data: JsonObject,
  changes: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries({ ...data, ...changes })) {
    if (value !== undefined) {
      kept[name] = value;
    }
  }
  return kept;
}

/** A command that stands in a record, noted at 04:00. */
export function pendingOf(name: CommandName, changes: JsonObject = {}): JsonObject {
  return { name, body: '{}', sha256: sha, at: notedAt, refusals: 0, ...changes };
}

/** Every way in which a send can end. */
export const outcomes = {
  accepted: { type: 'accepted' },
  refused: { type: 'refused', code: 'INVALID_ORDER_STATE' },
  unknown: { type: 'unknown', code: 'SYSTEM_ERROR' },
  fault: { type: 'fault', code: 'NO_AUTH' },
} as const satisfies Readonly<Record<string, SendOutcome>>;

export type Sent = 'unsent' | keyof typeof outcomes;
export const sents: readonly Sent[] = ['unsent', 'accepted', 'refused', 'unknown', 'fault'];

/** The context of a look whose send ended so. */
export function contextOf(sent: Sent): { readonly now: typeof now; readonly sent?: SendOutcome } {
  return sent === 'unsent' ? { now } : { now, sent: outcomes[sent] };
}

/**
 * A decision in one line, for tables. `–` quiet · `? CODE` no answer · `! CODE` a fault · `→ STATUS …` a
 * commit, its events, `tells`, `on` (looks on at once), when it looks next, what became of the command.
 */
export function brief(decision: Decision): string {
  switch (decision.type) {
    case 'quiet':
      return '–';
    case 'wait':
      return decision.at === undefined ? 'wait' : `wait ${formatUtc(decision.at).slice(11, 19)}`;
    case 'unknown':
      return `${decision.isFault ? '!' : '?'} ${decision.code}`;
    case 'command':
      return decision.command;
    case 'commit': {
      const { status, events, tells, looksOn, nextLookAt, patch } = decision.change;
      const { ended, pending } = patch.set ?? {};
      return [
        `→ ${status}`,
        ...events,
        ...(tells === true ? ['tells'] : []),
        ...(looksOn === true ? ['on'] : []),
        ...(nextLookAt === undefined ? [] : [`look ${formatUtc(nextLookAt).slice(11, 19)}`]),
        ...(pending === undefined ? [] : [`refusals ${fieldOf(pending, 'refusals')}`]),
        ...(ended === undefined ? [] : [endedText(ended)]),
        ...(ended !== undefined && patch.unset?.includes('pending') !== true ? ['STANDS'] : []),
      ].join(' ');
    }
  }
}

function endedText(ended: Json): string {
  const words = ['name', 'outcome', 'code'].map((name) => fieldOf(ended, name));
  return `[${words.filter((word) => word !== undefined).join(' ')}]`;
}

function fieldOf(value: Json, name: string): Json | undefined {
  assert.ok(isObject(value));
  return value[name];
}
