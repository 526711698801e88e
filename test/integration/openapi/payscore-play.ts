import { type JsonObject, listOf } from '../../../local/json.ts';
import { type Placed, requestOf, untilShown } from './play.ts';
import type { Reply, Stage } from './stage.ts';

/** Changes a body of the page before it is sent. */
type Change = (body: JsonObject) => JsonObject;
const asItIs: Change = (body) => body;

/** A plan of three lessons that can be signed. */
export async function makePlan(stage: Stage, change = asItIs): Promise<Placed & Answered> {
  const number = stage.fresh();
  const body = change(requestOf(stage, 'putPlan', 'lessons'));
  return { number, body, reply: await stage.ask('putPlan', { number, body }) };
}

type Answered = { readonly reply: Reply };

/** The number of a detail of a sign plan, from 1: that of its service order. */
export function lessonNo(signPlanNo: string, n: number): string {
  return `${signPlanNo}-${n}`;
}

/** What launches a plan for one user, with numbers of its own for the details. */
export function signPlanOf(
  stage: Stage,
  merchant_plan_no: string,
): { readonly number: string; readonly body: JsonObject } {
  const number = stage.fresh();
  const example = requestOf(stage, 'putSignPlan', 'lessons');
  const sign_plan_detail = listOf(example['sign_plan_detail'], 'details').map((_, n) => ({
    plan_detail_no: n + 1,
    merchant_plan_detail_no: lessonNo(number, n + 1),
  }));
  return { number, body: { ...example, merchant_plan_no, sign_plan_detail } };
}

/** A plan that is launched for a user, who has not signed. */
export async function launch(stage: Stage): Promise<Placed & Answered & { readonly plan: string }> {
  const { number: plan } = await makePlan(stage);
  const asked = signPlanOf(stage, plan);
  return { ...asked, plan, reply: await stage.ask('putSignPlan', asked) };
}

/** A plan that a user has signed, as WeChat's notice told it. */
export async function sign(stage: Stage): Promise<Placed & { readonly plan: string }> {
  const launched = await launch(stage);
  await stage.control('payscore-sign', { merchant_sign_plan_no: launched.number });
  await untilShown(stage, 'getSignPlan', launched.number, { status: 'SIGNED' });
  return launched;
}

/** What begins the service of a detail. */
export function lessonOf(stage: Stage, merchant_sign_plan_no: string, name = 'lesson'): JsonObject {
  return { ...requestOf(stage, 'putServiceOrder', name), merchant_sign_plan_no };
}

export type Lesson = Placed & Answered & { readonly signPlan: string };

/** A first lesson that runs. */
export async function begin(stage: Stage, name = 'lesson'): Promise<Lesson> {
  const { number: signPlan } = await sign(stage);
  const number = lessonNo(signPlan, 1);
  const body = lessonOf(stage, signPlan, name);
  return { number, body, signPlan, reply: await stage.ask('putServiceOrder', { number, body }) };
}

/** A first lesson that is over, and not paid: WeChat is charging. */
export async function complete(stage: Stage, name = 'lesson'): Promise<Lesson> {
  const begun = await begin(stage);
  const body = requestOf(stage, 'completeServiceOrder', name);
  const reply = await stage.ask('completeServiceOrder', { number: begun.number, body });
  return { ...begun, body, reply };
}

/** A first lesson that was paid. */
export async function completeAndPay(stage: Stage): Promise<Lesson> {
  const completed = await complete(stage);
  await stage.control('payscore-pay', { out_order_no: completed.number });
  await untilShown(stage, 'getServiceOrder', completed.number, { status: 'PAID' });
  return completed;
}

/** Does something while WeChat does not answer these calls. */
export async function unanswered<T>(
  stage: Stage,
  operation: string,
  act: () => Promise<T>,
): Promise<T> {
  await stage.control('faults', { fault: '500', operation: `payscore-${operation}`, times: 1000 });
  const result = await act();
  await stage.control('faults/clear', {});
  return result;
}
