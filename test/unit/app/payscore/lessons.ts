import assert from 'node:assert/strict';
import { createPlan, type Shown } from '#app/payscore/plans.ts';
import { commandServiceOrder, createServiceOrder } from '#app/payscore/service-orders.ts';
import { createSignPlan } from '#app/payscore/sign-plans.ts';
import type { Hint } from '#core/messages.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import { at } from '../../../support/clock.ts';
import {
  lessonNo,
  newLesson,
  newPlan,
  newSignPlan,
  school,
  signPlanNo,
} from '../../../support/payscore-builder.ts';
import { createTestBed, type TestBed } from '../../../support/test-bed.ts';
import { look, standing } from '../looking.ts';

/** What a job answered; a refusal ends the test. */
export function shownIn(answer: Answer<Shown>): Shown {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value;
}

export function codeIn(answer: Answer<unknown>): string {
  return answer.ok ? 'done' : answer.refusal.code;
}

/** A bed in which the plan of three lessons is NORMAL. */
export async function planned(bed = createTestBed([school])): Promise<TestBed> {
  shownIn(await createPlan(bed, school, newPlan()));
  return bed;
}

/** The same, launched for a user who has not signed. */
export async function launched(bed?: TestBed): Promise<TestBed> {
  const made = await planned(bed);
  shownIn(await createSignPlan(made, school, newSignPlan()));
  return made;
}

/** The same, signed a minute later, and seen. */
export async function signed(bed?: TestBed): Promise<TestBed> {
  const made = await launched(bed);
  made.clock.advance(60_000);
  made.payscore.book.sign(signPlanNo);
  await look(made, noticeOf('sign-plan', signPlanNo, 'SIGNED'));
  return made;
}

/** The same, and the first lesson runs. */
export async function running(bed?: TestBed): Promise<TestBed> {
  const made = await signed(bed);
  shownIn(await createServiceOrder(made, school, newLesson(1)));
  return made;
}

/** The same, completed at its price: WeChat is charging. */
export async function charging(bed?: TestBed): Promise<TestBed> {
  const made = await running(bed);
  shownIn(await complete(made, 1, 18_000));
  return made;
}

export function ask(
  bed: TestBed,
  n: number,
  request: ServiceOrderRequest,
  sha256 = `${request.name} ${n}`,
): Promise<Answer<Shown>> {
  return commandServiceOrder(bed, school, { out_order_no: lessonNo(n), request, sha256 });
}

export function complete(bed: TestBed, n: number, total_amount: number): Promise<Answer<Shown>> {
  return ask(bed, n, completion(total_amount));
}

/** Completed with one line, at an end that is over. */
export function completion(total_amount: number): ServiceOrderRequest {
  return {
    name: 'complete',
    post_payments: [{ name: '课时费', amount: total_amount }],
    total_amount,
    timeRange: { endAt: at('2026-11-21T03:59:00Z') },
  };
}

export function noticeOf(kind: SubjectKey['kind'], number: string, says?: string): Hint {
  const subject: SubjectKey = { kind, mchid: school.mchid, number };
  const hint = { type: 'hint', account: school.name, subject, reason: 'notice' } as const;
  return says === undefined ? hint : { ...hint, says };
}

export function statusOf(bed: TestBed, key: SubjectKey): string {
  return standing(bed, key).status;
}
