import type { JsonObject } from '../../../local/json.ts';
import {
  begin,
  completeAndPay,
  launch,
  lessonNo,
  lessonOf,
  makePlan,
  sign,
  signPlanOf,
  unanswered,
} from './payscore-play.ts';
import { type Play, requestOf } from './play.ts';
import type { Reply, Stage } from './stage.ts';

type Act = (stage: Stage) => Promise<Reply>;

const playing =
  (operation: string) =>
  (status: number, example: string, act: Act, request?: string): Play => ({
    operation,
    status,
    example,
    act,
    ...(request !== undefined && { request }),
  });

const refusal = { status: 400, code: 'INVALID_REQUEST' };

/** Something that WeChat refuses to make. */
function refused(
  stage: Stage,
  operation: string,
  { number, body }: { readonly number: string; readonly body: JsonObject },
): Promise<Reply> {
  stage.proxy.refuse(number, refusal);
  return stage.ask(operation, { number, body });
}

const puttingPlan = playing('putPlan');

const breaking = (example: string, change: JsonObject): Play =>
  puttingPlan(400, example, async (stage) => {
    const { reply } = await makePlan(stage, (body) => ({ ...body, ...change }));
    return reply;
  });

const priced = (...prices: readonly number[]): JsonObject => ({
  plan_detail_list: prices.map((actual_price) => ({
    plan_detail_name: '课',
    original_price: 18_000,
    actual_price,
  })),
});

async function refusedPlan(stage: Stage): Promise<string> {
  const number = stage.fresh();
  await refused(stage, 'putPlan', { number, body: requestOf(stage, 'putPlan', 'lessons') });
  return number;
}

const plans: readonly Play[] = [
  puttingPlan(201, 'made', async (stage) => (await makePlan(stage)).reply, 'lessons'),
  puttingPlan(202, 'waits', (stage) =>
    unanswered(stage, 'create-plan', async () => (await makePlan(stage)).reply),
  ),
  puttingPlan(200, 'repeated', async (stage) => stage.ask('putPlan', await makePlan(stage))),
  breaking('service_unknown', { service_id: 'another' }),
  breaking('plan_too_long', { plan_duration: 100_000 }),
  breaking('deductions_exceed', { deduction_quantity: 100_000 }),
  breaking('details_miscounted', { deduction_quantity: 2 }),
  breaking('price_above_original', priced(18_001, 12_000, 0)),
  breaking('price_rises', priced(12_000, 18_000, 0)),
  breaking('sum_wrong', { total_actual_price: 1 }),
  puttingPlan(409, 'plan_conflict', async (stage) => {
    const { number, body } = await makePlan(stage);
    return stage.ask('putPlan', { number, body: { ...body, plan_name: '网球课' } });
  }),
  puttingPlan(422, 'wechat_refused', (stage) =>
    refused(stage, 'putPlan', {
      number: stage.fresh(),
      body: requestOf(stage, 'putPlan', 'lessons'),
    }),
  ),
  playing('getPlan')(200, 'normal', async (stage) =>
    stage.ask('getPlan', { number: (await makePlan(stage)).number }),
  ),
];

const stoppingPlan = playing('stopPlan');

const planStops: readonly Play[] = [
  stoppingPlan(202, 'waits', async (stage) => {
    const { number } = await makePlan(stage);
    return unanswered(stage, 'stop-plan', () => stage.ask('stopPlan', { number }));
  }),
  stoppingPlan(200, 'stopped', async (stage) =>
    stage.ask('stopPlan', { number: (await makePlan(stage)).number }),
  ),
  stoppingPlan(409, 'plan_not_open', async (stage) =>
    stage.ask('stopPlan', { number: await refusedPlan(stage) }),
  ),
  stoppingPlan(409, 'command_pending', (stage) =>
    unanswered(stage, 'create-plan', async () =>
      stage.ask('stopPlan', { number: (await makePlan(stage)).number }),
    ),
  ),
  stoppingPlan(422, 'wechat_refused', async (stage) => {
    const { number } = await makePlan(stage);
    stage.proxy.refuse(number, refusal);
    return stage.ask('stopPlan', { number });
  }),
];

const launching = playing('putSignPlan');

async function refusedSignPlan(stage: Stage): Promise<{ readonly number: string } & Answered> {
  const asked = signPlanOf(stage, (await makePlan(stage)).number);
  return { ...asked, reply: await refused(stage, 'putSignPlan', asked) };
}

type Answered = { readonly reply: Reply };

const signPlans: readonly Play[] = [
  launching(201, 'unsigned', async (stage) => (await launch(stage)).reply, 'lessons'),
  launching(202, 'waits', (stage) =>
    unanswered(stage, 'create-sign-plan', async () => (await launch(stage)).reply),
  ),
  launching(200, 'repeated', async (stage) => stage.ask('putSignPlan', await launch(stage))),
  launching(400, 'detail_numbers_wrong', async (stage) => {
    const { number, body } = signPlanOf(stage, (await makePlan(stage)).number);
    const sign_plan_detail = [{ plan_detail_no: 1, merchant_plan_detail_no: number }];
    return stage.ask('putSignPlan', { number, body: { ...body, sign_plan_detail } });
  }),
  launching(404, 'plan_unknown', (stage) =>
    stage.ask('putSignPlan', signPlanOf(stage, stage.fresh())),
  ),
  launching(409, 'plan_not_open', async (stage) => {
    const { number } = await makePlan(stage);
    await stage.ask('stopPlan', { number });
    return stage.ask('putSignPlan', signPlanOf(stage, number));
  }),
  launching(409, 'sign_plan_conflict', async (stage) => {
    const { number, body } = await launch(stage);
    return stage.ask('putSignPlan', { number, body: { ...body, openid: 'another' } });
  }),
  launching(422, 'wechat_refused', async (stage) => (await refusedSignPlan(stage)).reply),
  playing('getSignPlan')(200, 'unsigned', async (stage) =>
    stage.ask('getSignPlan', { number: (await launch(stage)).number }),
  ),
  playing('getSignPlan')(200, 'signed', async (stage) => {
    const { number } = await launch(stage);
    await stage.control('payscore-sign', { merchant_sign_plan_no: number, notice: 'lost' });
    return stage.ask('getSignPlan', { number, query: '?refresh=true' });
  }),
];

const stoppingSignPlan = playing('stopSignPlan');

const stop = (stage: Stage, number: string): Promise<Reply> =>
  stage.ask('stopSignPlan', { number, body: requestOf(stage, 'stopSignPlan', 'withdrawn') });

const signPlanStops: readonly Play[] = [
  stoppingSignPlan(202, 'waits', async (stage) => {
    const { number } = await sign(stage);
    return unanswered(stage, 'stop-sign-plan', () => stop(stage, number));
  }),
  stoppingSignPlan(
    200,
    'stopped',
    async (stage) => stop(stage, (await sign(stage)).number),
    'withdrawn',
  ),
  stoppingSignPlan(409, 'sign_plan_not_signed', async (stage) =>
    stop(stage, (await refusedSignPlan(stage)).number),
  ),
  stoppingSignPlan(409, 'sign_plan_ended', async (stage) => {
    const { number } = await sign(stage);
    await stage.control('payscore-expire', { merchant_sign_plan_no: number });
    await stage.ask('getSignPlan', { number, query: '?refresh=true' });
    return stop(stage, number);
  }),
  stoppingSignPlan(409, 'command_pending', (stage) =>
    unanswered(stage, 'create-sign-plan', async () => stop(stage, (await launch(stage)).number)),
  ),
  stoppingSignPlan(422, 'wechat_refused', async (stage) => {
    const { number } = await sign(stage);
    stage.proxy.refuse(number, refusal);
    return stop(stage, number);
  }),
];

const beginning = playing('putServiceOrder');

/** Asks for the service of a detail, the first one as a rule. */
const ask = (stage: Stage, signPlan: string, n = 1, change: JsonObject = {}): Promise<Reply> =>
  stage.ask('putServiceOrder', {
    number: lessonNo(signPlan, n),
    body: { ...lessonOf(stage, signPlan), ...change },
  });

const serviceOrders: readonly Play[] = [
  beginning(201, 'doing', async (stage) => (await begin(stage)).reply, 'lesson'),
  {
    ...beginning(201, 'doing', async (stage) => (await begin(stage, 'everything')).reply),
    request: 'everything',
  },
  beginning(202, 'waits', async (stage) => {
    const { number } = await sign(stage);
    return unanswered(stage, 'create-order', () => ask(stage, number));
  }),
  beginning(200, 'repeated', async (stage) => stage.ask('putServiceOrder', await begin(stage))),
  beginning(400, 'time_range_wrong', async (stage) => {
    const at = '2026-11-21T11:00:00+08:00';
    const change = { time_range: { start_time: at, end_time: at } };
    return ask(stage, (await sign(stage)).number, 1, change);
  }),
  beginning(404, 'sign_plan_unknown', (stage) => ask(stage, stage.fresh())),
  beginning(409, 'sign_plan_not_signed', async (stage) => ask(stage, (await launch(stage)).number)),
  beginning(409, 'sign_plan_ended', async (stage) => {
    const { number } = await sign(stage);
    await stage.tamper(stage.payscoreKey('sign-plan', number), 'overAt', Date.now() - 1_000);
    return ask(stage, number);
  }),
  beginning(409, 'detail_unknown', async (stage) => ask(stage, (await sign(stage)).number, 4)),
  beginning(409, 'detail_too_early', async (stage) => ask(stage, (await sign(stage)).number, 2)),
  beginning(409, 'service_order_running', async (stage) =>
    ask(stage, (await begin(stage)).signPlan, 2),
  ),
  beginning(409, 'service_order_conflict', async (stage) => {
    const { signPlan } = await begin(stage);
    return ask(stage, signPlan, 1, { attach: 'another' });
  }),
  beginning(422, 'wechat_refused', async (stage) => {
    const { number } = await sign(stage);
    stage.proxy.refuse(lessonNo(number, 1), refusal);
    return ask(stage, number);
  }),
  playing('getServiceOrder')(200, 'doing', async (stage) =>
    stage.ask('getServiceOrder', { number: (await begin(stage)).number }),
  ),
  playing('getServiceOrder')(200, 'paid', async (stage) =>
    stage.ask('getServiceOrder', { number: (await completeAndPay(stage)).number }),
  ),
  playing('getServiceOrder')(200, 'refunded', async (stage) => {
    const { number } = await completeAndPay(stage);
    const body = { ...requestOf(stage, 'putRefund', 'service'), out_order_no: number };
    await stage.ask('putRefund', { number: `R-${number}`, body });
    return stage.until('the service order shows its refund', async () => {
      const shown = await stage.ask('getServiceOrder', { number });
      return shown.text.includes('"SUCCESS"}]') && shown;
    });
  }),
];

export const payscorePlays: readonly Play[] = [
  ...plans,
  ...planStops,
  ...signPlans,
  ...signPlanStops,
  ...serviceOrders,
];
