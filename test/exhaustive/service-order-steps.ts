import assert from 'node:assert/strict';
import { applyChange, withDueAt } from '#core/commit.ts';
import type { Change, Decision } from '#core/decision.ts';
import type { SendOutcome } from '#core/payscore/evidence.ts';
import { nextQuietSlot } from '#core/payscore/looks.ts';
import type { StoredRecord } from '#core/record.ts';
import { noteCommand, type ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import { decideServiceOrder } from '#core/subjects/service-order/decide.ts';
import {
  decodeServiceOrder,
  isServiceOrderSettled,
  type ServiceOrder,
  type ServiceOrderStatus,
} from '#core/subjects/service-order/service-order.ts';
import type { Instant } from '#core/values/time.ts';
import type { Answer } from './service-order-answers.ts';

/** A record between two looks, and what has to be remembered of its history to judge the next one. */
export type State = {
  readonly record: StoredRecord;
  readonly order: ServiceOrder;
  /** What its sign plan was told last. */
  readonly told: ServiceOrderStatus;
  /** The total of the last completion or lowering that WeChat showed to be done. */
  readonly agreedFen?: number;
  readonly cause?: Step;
};

/** The record as a commit leaves it, and when what it owes is carried out and cleared. */
export type Written = {
  readonly change: Change;
  readonly owing: StoredRecord;
  readonly record: StoredRecord;
  readonly order: ServiceOrder;
};

/** One decision of a look. */
export type Look = {
  readonly state: State;
  readonly now: Instant;
  readonly answer: Answer;
  /** How the send ended that followed the first answer of the same look. */
  readonly sent?: SendOutcome;
  readonly decision: Decision;
  readonly after?: Written;
};

/** What a merchant asked for, and what was noted of it. */
export type Asked = {
  readonly state: State;
  readonly now: Instant;
  readonly request: ServiceOrderRequest;
  readonly refusal?: string;
  readonly after?: Written;
};

export type Step = Look | Asked;

export function orderOf(record: StoredRecord): ServiceOrder {
  const decoded = decodeServiceOrder(record);
  assert.ok(decoded.ok, decoded.ok ? '' : `No service order: ${decoded.error}`);
  return decoded.value;
}

/** Decides on what was seen, and commits as the loop does. */
export function look(seen: Omit<Look, 'decision' | 'after'>): Look {
  const { state, now, answer, sent } = seen;
  const context = { now, ...(sent !== undefined && { sent }) };
  const decision = decideServiceOrder(state.order, answer.evidence, context);
  return decision.type === 'commit'
    ? { ...seen, decision, after: written(state.record, decision.change, now) }
    : { ...seen, decision };
}

/** Asks for a command; the same request has the same hash. */
export function ask(state: State, request: ServiceOrderRequest, now: Instant): Asked {
  const total = 'total_amount' in request ? request.total_amount : '';
  const noted = noteCommand(state.order, request, { sha256: `${request.name} ${total}`, now });
  if (!noted.ok) {
    return { state, now, request, refusal: noted.refusal.code };
  }
  return noted.value === undefined
    ? { state, now, request }
    : { state, now, request, after: written(state.record, noted.value, now) };
}

function written(before: StoredRecord, change: Change, now: Instant): Written {
  const changed = applyChange(before, change, { now, because: 'timer' });
  const order = orderOf(changed);
  const settled = isServiceOrderSettled(order);
  const nextSlot = nextQuietSlot(order.createdAt, now);
  const owing = withDueAt(changed, change, { now, settled, nextSlot });
  const { dueAt, ...rest } = owing;
  const record = { ...rest, outbox: [], ...(dueAt !== undefined && !settled && { dueAt }) };
  return { change, owing, record, order };
}

/** The state that a step leads to, if it does. */
export function stateAfter(step: Step): State | undefined {
  const { state, after } = step;
  if (after === undefined) {
    return undefined;
  }
  const agreedFen = doneTotal(step) ?? state.agreedFen;
  return {
    record: after.record,
    order: after.order,
    told: after.change.tells === true ? after.order.status : state.told,
    ...(agreedFen !== undefined && { agreedFen }),
    cause: step,
  };
}

/** The total that a completion or a lowering set, where this step says that it was done. */
export function doneTotal({ state, after }: Step): number | undefined {
  const { pending } = state.order;
  const isDone = pending !== undefined && after?.order.pending === undefined;
  if (!isDone || after?.order.ended?.outcome !== 'done') {
    return undefined;
  }
  const body: { readonly total_amount?: number } = JSON.parse(pending.body);
  return body.total_amount;
}

/** How the service came here, in words: for the message of a check that fails. */
export function storyOf(step: Step): string {
  const { state, now } = step;
  const before = state.cause === undefined ? '' : `${storyOf(state.cause)}\n`;
  const here = `${state.order.status} ${state.order.pending?.name ?? ''}`;
  const at = new Date(now).toISOString();
  if ('request' in step) {
    const came = step.refusal ?? (step.after === undefined ? 'nothing' : 'noted');
    return `${before}${here} at ${at}: asked to ${step.request.name} → ${came}`;
  }
  const { answer, sent, decision } = step;
  const first = sent === undefined ? '' : `sent ${sent.type}, `;
  const came = decision.type === 'commit' ? JSON.stringify(decision.change) : decision.type;
  return `${before}${here} at ${at}: ${first}${answer.name} → ${came}`;
}
