import type { JsonObject } from '../json.ts';
import { dataOf, eventsAbout, settle, typesOnce } from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';

const minuteMs = 60_000;

/** Sign (notice lost), the first lesson charged, the second cancelled, the third at price 0, complete. */
export async function lessonsServed(stack: Stack, story: Story): Promise<void> {
  story.scene('Three lessons, the third one free: signed, charged, cancelled, given');
  const { plan, sign, lessons } = await launch(stack, story, 'BALL');
  const signEvents = eventsAbout(stack, sign);

  await stack.control('notices', { of: 'sign-plans', mode: 'lost', times: 1 });
  await stack.control('payscore-sign', { merchant_sign_plan_no: sign });
  story.tell('The user signs. The notice of it is lost, and will not come again.');
  await until('the signature is announced', () => signEvents().length > 0, minuteMs);
  const signed = (await stack.getPayscore(`sign-plans/${sign}`)).body;
  story.claim('our own look found the signature', signed['status'] === 'SIGNED', signed['status']);

  const [first, second, third] = lessons;
  const tooEarly = await begin(stack, sign, second);
  const isRefused = tooEarly.body['code'] === 'detail_too_early';
  story.claim('the second lesson cannot come first', isRefused, tooEarly.body['code']);

  await begin(stack, sign, first);
  await stack.control('notices', { of: 'service-orders', mode: 'lost', times: 1 });
  const complete = completion(18_000);
  const answers = await Promise.all([
    finish(stack, first, complete),
    finish(stack, first, complete),
  ]);
  story.tell(
    `POST complete ${first}, twice at once: ${answers.map(({ status }) => status).join(', ')}`,
  );
  const paid = eventsAbout(stack, first);
  await until('the charge is announced', () => paid().some(isPaid), minuteMs);
  const paidTypes = await typesOnce(stack, paid);
  const life = 'service-order.doing service-order.completed service-order.paid';
  story.claim('its charge is announced once, with its notice lost', paidTypes === life, paidTypes);
  const amount = dataOf(paid().find(isPaid))['paid_amount'];
  story.claim('it was charged once, at its price', amount === 18_000, amount);

  await begin(stack, sign, second);
  await stack.postPayscore(`service-orders/${second}/cancel`, { reason: '用户取消' });
  const cancelled = await typesOnce(stack, eventsAbout(stack, second));
  const isCancelled = cancelled === 'service-order.doing service-order.revoked';
  story.claim('the second lesson was cancelled, and nothing is charged', isCancelled, cancelled);

  await begin(stack, sign, third);
  await finish(stack, third, completion(0));
  const given = await typesOnce(stack, eventsAbout(stack, third));
  const isGiven = given === 'service-order.doing service-order.completed';
  story.claim('the third lesson is free: completed, never paid', isGiven, given);

  await until('the plan is complete', () => signEvents().length > 1, minuteMs);
  const signTypes = await typesOnce(stack, signEvents);
  const whole = 'sign-plan.signed sign-plan.completed';
  story.claim('the sign plan is complete', signTypes === whole, signTypes);

  await refundOf(stack, story, first);
  const stopped = await stack.postPayscore(`plans/${plan}/stop`);
  story.claim('the plan can be stopped', stopped.body['status'] === 'STOP', stopped.body['status']);
}

/** A plan ended midway: what runs goes on, what was not used is lost. */
export async function planStoppedMidway(stack: Stack, story: Story): Promise<void> {
  story.scene('The user ends the plan midway; the running lesson is still charged');
  const { plan, sign, lessons } = await launch(stack, story, 'STOP');
  const [first, second] = lessons;
  await stack.control('payscore-sign', { merchant_sign_plan_no: sign });
  const signEvents = eventsAbout(stack, sign);
  await until('the signature is announced', () => signEvents().length > 0, minuteMs);
  await begin(stack, sign, first);

  await stack.control('notices', { of: 'sign-plans', mode: 'lost', times: 1 });
  await stack.control('payscore-user-cancel', { merchant_sign_plan_no: sign });
  story.tell('The user ends the plan; the notice is lost. The merchant asks for the next lesson.');
  await stack.getPayscore(`sign-plans/${sign}`, true);
  const types = await typesOnce(stack, signEvents);
  const isEnded = types === 'sign-plan.signed sign-plan.cancelled';
  story.claim('the end was announced', isEnded, types);
  const refused = await begin(stack, sign, second);
  const isRefused = refused.body['code'] === 'sign_plan_not_signed';
  story.claim('no other lesson can begin', isRefused, refused.body['code']);

  await stack.control('payscore-charges', { outcome: 'failing', times: 1 });
  await finish(stack, first, completion(18_000));
  story.tell(
    'The user cannot be charged at first; the merchant lowers the price, then the charge goes through.',
  );
  const lower = { ...charge(9_000), reason: '少上一小时' };
  await stack.postPayscore(`service-orders/${first}/modify`, lower);
  await stack.control('payscore-pay', { out_order_no: first });
  const paid = eventsAbout(stack, first);
  await until('the charge is announced', () => paid().some(isPaid), minuteMs);
  await settle(stack);
  const amount = dataOf(paid().find(isPaid))['paid_amount'];
  story.claim('it was charged at the lower price, and announced', amount === 9_000, amount);

  await stack.postPayscore(`plans/${plan}/stop`);
  const late = await stack.putPayscore(
    `sign-plans/${sign}-2`,
    signPlanOf(plan, lessonsOf(`${sign}-2`)),
  );
  const isClosed = late.body['code'] === 'plan_not_open';
  story.claim('a stopped plan cannot be launched', isClosed, late.body['code']);
}

type Launched = {
  readonly plan: string;
  readonly sign: string;
  readonly lessons: readonly [string, string, string];
};

async function launch(stack: Stack, story: Story, name: string): Promise<Launched> {
  const plan = story.number(`${name}-P`);
  const sign = story.number(`${name}-S`);
  const lessons = lessonsOf(sign);
  const made = await stack.putPayscore(`plans/${plan}`, planOf(stack));
  story.tell(`PUT plan ${plan}: ${made.status}, ${made.body['status']}`);
  const fault = {
    fault: '500',
    carry_out: true,
    operation: 'payscore-create-sign-plan',
    times: 1,
  };
  await stack.control('faults', fault);
  const signPlan = signPlanOf(plan, lessons);
  const first = await stack.putPayscore(`sign-plans/${sign}`, signPlan);
  const launched = await stack.putPayscore(`sign-plans/${sign}`, signPlan);
  story.tell(
    `PUT sign plan ${sign}: ${first.status} (its answer was lost), again ${launched.status}`,
  );
  const hasPackage = typeof launched.body['package'] === 'string';
  story.claim('the sign page can be opened all the same', hasPackage, launched.body['status']);
  return { plan, sign, lessons };
}

function begin(stack: Stack, sign: string, lesson: string) {
  return stack.putPayscore(`service-orders/${lesson}`, {
    merchant_sign_plan_no: sign,
    service_introduction: '羽毛球基础课程',
    time_range: { start_time: new Date(Date.now() - minuteMs).toISOString() },
  });
}

function finish(stack: Stack, lesson: string, body: JsonObject) {
  return stack.postPayscore(`service-orders/${lesson}/complete`, body);
}

function completion(total_amount: number): JsonObject {
  const end_time = new Date(Date.now() - 5_000).toISOString();
  return { ...charge(total_amount), time_range: { end_time } };
}

function charge(total_amount: number): JsonObject {
  return { post_payments: [{ name: '课时费', amount: total_amount }], total_amount };
}

async function refundOf(stack: Stack, story: Story, lesson: string): Promise<void> {
  const number = `${lesson}-back`;
  await stack.putRefund(number, {
    out_order_no: lesson,
    amount: { refund: 6_000, currency: 'CNY' },
  });
  const events = eventsAbout(stack, number);
  await until('the refund is announced', () => events().length > 0, minuteMs);
  const types = await typesOnce(stack, events);
  story.claim('a third of the first lesson went back', types === 'refund.succeeded', types);
}

function planOf({ dev }: Stack): JsonObject {
  return {
    service_id: dev.account.services[0]?.id ?? '',
    plan_name: '羽毛球课3节',
    plan_duration: 300,
    deduction_quantity: 3,
    total_original_price: 54_000,
    total_actual_price: 30_000,
    plan_detail_list: [
      { plan_detail_name: '第一节课', original_price: 18_000, actual_price: 18_000 },
      { plan_detail_name: '第二节课', original_price: 18_000, actual_price: 12_000 },
      { plan_detail_name: '第三节课', original_price: 18_000, actual_price: 0 },
    ],
  };
}

function signPlanOf(merchant_plan_no: string, lessons: readonly string[]): JsonObject {
  return {
    merchant_plan_no,
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    sign_plan_detail: lessons.map((merchant_plan_detail_no, n) => ({
      plan_detail_no: n + 1,
      merchant_plan_detail_no,
    })),
  };
}

function lessonsOf(sign: string): readonly [string, string, string] {
  return [`${sign}-1`, `${sign}-2`, `${sign}-3`];
}

function isPaid({ type }: { readonly type: string }): boolean {
  return type === 'service-order.paid';
}
