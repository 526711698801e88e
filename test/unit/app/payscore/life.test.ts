import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import { createServiceOrder } from '#app/payscore/service-orders.ts';
import { isOutRefundNo } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { plus } from '#core/values/time.ts';
import { valid } from '../../../support/order-builder.ts';
import {
  lessonKey,
  lessonNo,
  newLesson,
  school,
  signPlanKey,
  signPlanNo,
} from '../../../support/payscore-builder.ts';
import { newRefund } from '../../../support/refund-builder.ts';
import { createTestBed } from '../../../support/test-bed.ts';
import { lifeOf } from '../living.ts';
import { eventTypesOf, look, standing } from '../looking.ts';
import {
  ask,
  charging,
  codeIn,
  complete,
  launched,
  noticeOf,
  running,
  shownIn,
  signed,
  statusOf,
} from './lessons.ts';

suite('a plan of three lessons', () => {
  test('is signed once, served, charged each, and ends complete', async () => {
    const bed = await charging();
    bed.clock.advance(5_000);
    bed.payscore.book.charge(lessonNo(1));
    await look(bed, noticeOf('service-order', lessonNo(1), 'DONE'));
    assert.equal(statusOf(bed, lessonKey(1)), 'PAID');

    shownIn(await createServiceOrder(bed, school, newLesson(2)));
    shownIn(await ask(bed, 2, { name: 'cancel', reason: '用户取消' }));
    assert.equal(statusOf(bed, lessonKey(2)), 'REVOKED');

    shownIn(await createServiceOrder(bed, school, newLesson(3)));
    shownIn(await complete(bed, 3, 0));
    assert.equal(statusOf(bed, lessonKey(3)), 'DONE');

    await lifeOf(bed).untilRest();
    assert.equal(statusOf(bed, signPlanKey), 'COMPLETE');
    assert.deepEqual(eventTypesOf(bed), [
      'sign-plan.signed',
      'service-order.doing',
      'service-order.completed',
      'service-order.paid',
      'service-order.doing',
      'service-order.revoked',
      'service-order.doing',
      'service-order.completed',
      'sign-plan.completed',
    ]);
  });

  test('needs no notice at all', async () => {
    const bed = await launched();
    const life = lifeOf(bed);
    bed.clock.advance(20_000);
    bed.payscore.book.sign(signPlanNo);
    await life.until(bed.clock.now());
    bed.clock.advance(120_000);
    await life.until(bed.clock.now());
    assert.equal(statusOf(bed, signPlanKey), 'SIGNED');
    shownIn(await createServiceOrder(bed, school, newLesson(1)));
    shownIn(await complete(bed, 1, 18_000));
    bed.payscore.book.charge(lessonNo(1));
    bed.clock.advance(180_000);
    await life.until(bed.clock.now());
    assert.equal(statusOf(bed, lessonKey(1)), 'PAID');
  });

  test('is announced once however often it is told', async () => {
    const bed = await charging();
    bed.payscore.book.charge(lessonNo(1));
    const notice = noticeOf('service-order', lessonNo(1), 'DONE');
    await Promise.all([look(bed, notice), look(bed, notice), look(bed, notice)]);
    const asked = bed.payscore.callsOf();
    await look(bed, notice);
    assert.equal(bed.payscore.callsOf(), asked, 'a paid one costs no call more');
    assert.equal(eventTypesOf(bed).filter((type) => type === 'service-order.paid').length, 1);
  });

  test('is not signed because a notice says so', async () => {
    const bed = await launched();
    const ending = await look(bed, noticeOf('sign-plan', signPlanNo, 'SIGNED'));
    assert.equal(statusOf(bed, signPlanKey), 'UNSIGNED');
    assert.deepEqual(ending, { type: 'retry', reason: 'notice_ahead', afterMs: 5_000 });
    assert.deepEqual(eventTypesOf(bed), []);
  });

  test('is not paid because a notice says so', async () => {
    const bed = await charging();
    await look(bed, noticeOf('service-order', lessonNo(1), 'DONE'));
    assert.equal(statusOf(bed, lessonKey(1)), 'COMPLETED');
  });
});

suite('the next lesson', () => {
  test('does not begin while the one before is not paid', async () => {
    const bed = await charging();
    assert.equal(
      codeIn(await createServiceOrder(bed, school, newLesson(2))),
      'service_order_running',
    );
  });

  test('does not begin out of turn', async () => {
    const bed = await signed();
    assert.equal(codeIn(await createServiceOrder(bed, school, newLesson(2))), 'detail_too_early');
  });

  test('does not begin before the plan is signed', async () => {
    const bed = await launched();
    assert.equal(
      codeIn(await createServiceOrder(bed, school, newLesson(1))),
      'sign_plan_not_signed',
    );
  });

  test('is one of two that are asked for at once', async () => {
    const bed = await signed();
    const both = [newLesson(1), newLesson(1, { bodySha256: 'other', requestId: 'other' })];
    const codes = await Promise.all(
      both.map(async (lesson) => codeIn(await createServiceOrder(bed, school, lesson))),
    );
    assert.deepEqual(codes.toSorted(), ['done', 'service_order_conflict']);
    assert.equal(
      bed.payscore.sent().filter(({ name }) => name === 'create-service-order').length,
      1,
    );
  });

  test('may be asked for again once WeChat has refused it', async () => {
    const bed = await signed();
    bed.payscore.plan('create-service-order', { type: 'refused', code: 'PARAM_ERROR' });
    const refused = await createServiceOrder(bed, school, newLesson(1));
    assert.deepEqual(refused, {
      ok: false,
      refusal: { code: 'wechat_refused', wechatCode: 'PARAM_ERROR' },
    });
    assert.equal(statusOf(bed, lessonKey(1)), 'REFUSED');
    const again = newLesson(1, {
      bodySha256: 'mended',
      requestId: 'again',
      service_introduction: '课程',
    });
    assert.equal(shownIn(await createServiceOrder(bed, school, again)).created, true);
    assert.equal(statusOf(bed, lessonKey(1)), 'DOING');
    const ids = bed.events.published().map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'no id of an event comes twice');
  });
});

suite('a command', () => {
  test('is sent byte for byte until its outcome is known', async () => {
    const bed = await running();
    bed.payscore.plan('complete', { type: 'unknown', code: 'TIMEOUT' });
    const asked = shownIn(await complete(bed, 1, 18_000));
    assert.equal(asked.waits, true);
    await lifeOf(bed).until(plus(bed.clock.now(), 240_000));
    assert.equal(statusOf(bed, lessonKey(1)), 'COMPLETED');
    const bodies = bed.payscore.sent().filter(({ name }) => name === 'complete');
    assert.equal(bodies.length, 2);
    assert.equal(new Set(bodies.map(({ body }) => body)).size, 1);
  });

  test('is done once although its answer was lost', async () => {
    const bed = await running();
    bed.payscore.plan('complete', (honest) => {
      honest();
      return { type: 'unknown', code: 'TIMEOUT' };
    });
    assert.equal(shownIn(await complete(bed, 1, 18_000)).waits, false);
    assert.equal(shownIn(await complete(bed, 1, 18_000)).waits, false);
    assert.equal(bed.payscore.sent().filter(({ name }) => name === 'complete').length, 1);
  });

  test('waits for no second one', async () => {
    const bed = await running();
    bed.payscore.plan('complete', { type: 'unknown', code: 'TIMEOUT' });
    await complete(bed, 1, 18_000);
    assert.equal(codeIn(await ask(bed, 1, { name: 'cancel', reason: '退课' })), 'command_pending');
  });

  test('that WeChat refuses is told, and may be tried again', async () => {
    const bed = await running();
    bed.payscore.plan('complete', { type: 'refused', code: 'PARAM_ERROR' });
    assert.equal(codeIn(await complete(bed, 1, 18_000)), 'wechat_refused');
    assert.deepEqual(eventTypesOf(bed).slice(-1), ['service-order.refused']);
    assert.equal(statusOf(bed, lessonKey(1)), 'DOING');
    assert.equal(shownIn(await complete(bed, 1, 18_000)).waits, false);
  });

  test('refused while WeChat is charging is tried again after three minutes', async () => {
    const bed = await charging();
    bed.payscore.plan('modify', { type: 'refused', code: 'INVALID_REQUEST' });
    const lower = {
      name: 'modify',
      post_payments: [{ name: '课时费', amount: 9_000 }],
      total_amount: 9_000,
      reason: '少上一小时',
    } as const;
    assert.equal(shownIn(await ask(bed, 1, lower)).waits, true);
    const life = lifeOf(bed);
    await life.until(plus(bed.clock.now(), 170_000));
    assert.equal(standing(bed, lessonKey(1)).data['totalFen'], 18_000);
    await life.until(plus(bed.clock.now(), 120_000));
    assert.equal(standing(bed, lessonKey(1)).data['totalFen'], 9_000);
    bed.payscore.book.charge(lessonNo(1));
    await life.until(plus(bed.clock.now(), 3_600_000));
    assert.equal(statusOf(bed, lessonKey(1)), 'PAID');
    assert.equal(standing(bed, lessonKey(1)).data['paidFen'], 9_000);
  });
});

suite('a launched plan', () => {
  test('has its package although the first answer was lost', async () => {
    const bed = await signedLater();
    const { data } = standing(bed, signPlanKey);
    assert.equal(typeof data['package'], 'string');
    const bodies = bed.payscore.sent().filter(({ name }) => name === 'create-sign-plan');
    assert.equal(new Set(bodies.map(({ body }) => body)).size, 1);
  });

  test('that nobody signs is let go after 30 days, and still heard of later', async () => {
    const bed = await launched();
    const life = lifeOf(bed);
    await life.untilRest();
    assert.equal(statusOf(bed, signPlanKey), 'LAPSED');
    assert.deepEqual(eventTypesOf(bed), []);
    bed.payscore.book.sign(signPlanNo);
    await look(bed, noticeOf('sign-plan', signPlanNo, 'SIGNED'));
    assert.equal(statusOf(bed, signPlanKey), 'SIGNED');
  });

  test('that its user ends without a notice is known a day later', async () => {
    const bed = await signed();
    bed.payscore.book.userCancel(signPlanNo);
    await lifeOf(bed).until(plus(bed.clock.now(), 24 * 3_600_000 + 120_000));
    assert.equal(statusOf(bed, signPlanKey), 'SIGN_PLAN_CANCEL');
    assert.deepEqual(eventTypesOf(bed), ['sign-plan.signed', 'sign-plan.cancelled']);
  });
});

suite('a refund of a service', () => {
  test('goes by the transaction of its charge, and no further than it', async () => {
    const bed = await charging();
    bed.payscore.book.charge(lessonNo(1));
    await look(bed, noticeOf('service-order', lessonNo(1), 'DONE'));
    const of = { out_order_no: lessonNo(1) };
    const part = newRefund({ of });
    const made = await createRefund(bed, school, part);
    assert.ok(made.ok);
    assert.equal(made.value.view['out_order_no'], 'lesson-1');
    assert.equal(made.value.view['out_trade_no'], undefined);
    const rest = newRefund({
      of,
      out_refund_no: valid('R-1002', isOutRefundNo),
      refundFen: valid(15_001, isFen),
      bodySha256: 'rest',
    });
    assert.equal(codeIn(await createRefund(bed, school, rest)), 'refund_exceeds');
  });

  test('is refused before anything was paid', async () => {
    const bed = await charging();
    const of = { out_order_no: lessonNo(1) };
    assert.equal(codeIn(await createRefund(bed, school, newRefund({ of }))), 'order_unpaid');
  });

  test('is refused for a service that nobody began', async () => {
    const bed = await signed();
    const of = { out_order_no: lessonNo(2) };
    assert.equal(
      codeIn(await createRefund(bed, school, newRefund({ of }))),
      'service_order_unknown',
    );
  });
});

async function signedLater() {
  const bed = createTestBed([school]);
  bed.payscore.plan('create-sign-plan', (honest) => {
    honest();
    return { type: 'unknown', code: 'TIMEOUT' };
  });
  const made = await launched(bed);
  await lifeOf(made).until(plus(made.clock.now(), 120_000));
  return made;
}
