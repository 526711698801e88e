import assert from 'node:assert/strict';
import { applyChange } from '#core/commit.ts';
import type { StoredRecord } from '#core/record.ts';
import { decodePlan } from '#core/subjects/plan/plan.ts';
import { newPlanRecord } from '#core/subjects/plan/start.ts';
import type { ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import { serviceOrderRecord, startServiceOrder } from '#core/subjects/service-order/start.ts';
import { decodeSignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import { newSignPlanRecord } from '#core/subjects/sign-plan/start.ts';
import { type Instant, minuteMs, plus } from '#core/values/time.ts';
import { at } from '../support/clock.ts';
import { newLesson, newPlan, newSignPlan, school } from '../support/payscore-builder.ts';
import { answers, sends } from './service-order-answers.ts';
import {
  ask,
  type Look,
  look,
  orderOf,
  type State,
  type Step,
  stateAfter,
} from './service-order-steps.ts';

const from = at('2026-11-21T05:00:00Z');
const pauseMs = 3 * minuteMs;
/** Around the pause after a refusal, and far enough for four of them. */
const moments: readonly Instant[] = [0, pauseMs - 1, pauseMs, 2 * pauseMs, 3 * pauseMs].map((ms) =>
  plus(from, ms),
);

/** The second lesson of 120.00 yuan, as its sign plan's outbox begins it. */
export function firstRecord(): StoredRecord {
  const planned = newPlanRecord(newPlan(), school, from);
  assert.ok(planned.ok);
  const known = { ...planned.value.data, plan_id: 'plan-1' };
  const { pending: _, ...data } = known as typeof known & { readonly pending: unknown };
  const plan = decodePlan({ ...planned.value, status: 'NORMAL', data });
  assert.ok(plan.ok);
  const launched = newSignPlanRecord(newSignPlan(), plan.value, school, from);
  assert.ok(launched.ok);
  const signed = signedRecord(launched.value);
  const signPlan = decodeSignPlan(signed);
  assert.ok(signPlan.ok);
  const change = startServiceOrder(signPlan.value, newLesson(2), from);
  assert.ok(change.ok);
  const [entry] = applyChange(signed, change.value, { now: from, because: 'request' }).outbox;
  assert.ok(entry?.type === 'start');
  return serviceOrderRecord(signed, entry);
}

function signedRecord(launched: StoredRecord): StoredRecord {
  const { pending: _, ...data } = launched.data;
  const details = data['details'];
  assert.ok(Array.isArray(details));
  const used = details.map((each, n) => (n === 0 ? { ...each, state: 'USED' } : each));
  const known = { ...data, details: used, sign_plan_id: 'sign-plan-1' };
  return { ...launched, status: 'SIGNED', data: known };
}

function charge(total_amount: number) {
  return { post_payments: [{ name: '课', amount: total_amount }], total_amount };
}

/** Everything that a merchant may ask for. */
function requestsAt(now: Instant): readonly ServiceOrderRequest[] {
  const timeRange = { endAt: at('2026-11-21T04:59:00Z') };
  return [
    { name: 'complete', ...charge(12_000), timeRange },
    { name: 'complete', ...charge(9_000), timeRange },
    { name: 'modify', ...charge(9_000), reason: '少' },
    { name: 'cancel', reason: '停' },
    { name: 'sync', paidAt: now },
    { name: 'pay' },
  ];
}

export type Walked = { readonly states: number; readonly decisions: number };

/**
 * Looks at the service order at each moment, with every answer and every end of a send, and asks for every
 * command, and goes on from each record that comes of it until none is new. Shows each step.
 */
export function walk(record: StoredRecord, show: (step: Step) => void): Walked {
  const seen = new Set<string>();
  let fresh: { readonly state: State; readonly moment: number }[] = [];
  const arrive = (state: State, first: number): void => {
    for (let moment = first; moment < moments.length; moment += 1) {
      const key = keyOf(state, moment);
      if (seen.has(key)) {
        return;
      }
      seen.add(key);
      fresh.push({ state, moment });
    }
  };
  let decisions = 0;
  const order = orderOf(record);
  arrive({ record, order, told: order.status }, 0);
  for (let layer = fresh; layer.length > 0; layer = fresh) {
    fresh = [];
    for (const { state, moment } of layer) {
      for (const step of stepsAt(state, nth(moment))) {
        decisions += 1;
        show(step);
        const next = stateAfter(step);
        if (next !== undefined) {
          arrive(next, moment);
        }
      }
    }
  }
  return { states: seen.size, decisions };
}

function* stepsAt(state: State, now: Instant): Generator<Step> {
  yield* requestsAt(now).map((request) => ask(state, request, now));
  const firsts: readonly Look[] = answers.map((answer) => look({ state, now, answer }));
  yield* firsts;
  // The second decision is not told the first answer.
  if (firsts.some(({ decision }) => decision.type === 'command')) {
    for (const sent of sends) {
      yield* answers.map((answer) => look({ state, now, answer, sent }));
    }
  }
}

/** All that later decisions, and the judgement of them, can depend on. */
function keyOf({ record, order, told, agreedFen }: State, moment: number): string {
  const { pending, ended, totalFen, transaction_id, reviewReason } = order;
  const { refusedAt } = pending ?? {};
  const ageMs = refusedAt === undefined ? -1 : Math.min(nth(moment) - refusedAt, pauseMs);
  const command = [pending?.name, pending?.sha256, pending?.refusals, ageMs];
  const last = [ended?.name, ended?.sha256, ended?.outcome];
  const paid = [totalFen, agreedFen, transaction_id, reviewReason];
  return JSON.stringify([moment, record.status, told, command, last, paid]);
}

function nth(moment: number): Instant {
  const found = moments[moment];
  assert.ok(found !== undefined);
  return found;
}
