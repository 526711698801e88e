import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createPlan, stopPlan } from '#app/payscore/plans.ts';
import { createServiceOrder } from '#app/payscore/service-orders.ts';
import { createSignPlan } from '#app/payscore/sign-plans.ts';
import type { CommandName } from '#core/payscore/evidence.ts';
import { hourMs, plus } from '#core/values/time.ts';
import {
  lessonKey,
  lessonNo,
  newLesson,
  newPlan,
  newSignPlan,
  planKey,
  planNo,
  school,
  signPlanKey,
  signPlanNo,
} from '../../../support/payscore-builder.ts';
import { createTestBed, type TestBed } from '../../../support/test-bed.ts';
import { dieEverywhere, handledTypesOf } from '../dying.ts';
import { lifeOf } from '../living.ts';
import { look, standing } from '../looking.ts';
import {
  ask,
  charging,
  complete,
  launched,
  noticeOf,
  planned,
  running,
  signed,
  statusOf,
} from './lessons.ts';

const hour = (bed: TestBed) => lifeOf(bed).until(plus(bed.clock.now(), hourMs));

/** All bytes that were sent for a command of this name. */
function bodiesOf(bed: TestBed, name: CommandName): ReadonlySet<string> {
  return new Set(
    bed.payscore
      .sent()
      .filter((command) => command.name === name)
      .map(({ body }) => body),
  );
}

suite('a function that dies anywhere while it', () => {
  test('makes a plan leaves one plan, once it is repeated', async () => {
    await dieEverywhere(5, {
      prepare: () => Promise.resolve(createTestBed([school])),
      job: (bed) => createPlan(bed, school, newPlan()),
      after: async (bed, where) => {
        assert.ok((await createPlan(bed, school, newPlan({ requestId: 'again' }))).ok, where);
        await hour(bed);
        assert.equal(statusOf(bed, planKey), 'NORMAL', where);
        assert.equal(bodiesOf(bed, 'create-plan').size, 1, where);
        assert.deepEqual(handledTypesOf(bed), [], where);
      },
    });
  });

  test('stops a plan stops it, or nothing', async () => {
    await dieEverywhere(5, {
      prepare: () => planned(),
      job: (bed) => stopPlan(bed, school, planNo),
      after: async (bed, where) => {
        const wasNoted = standing(bed, planKey).version > 2;
        await hour(bed);
        assert.equal(statusOf(bed, planKey), wasNoted ? 'STOP' : 'NORMAL', where);
      },
    });
  });

  test('launches a plan leaves one sign plan with its package, unrepeated', async () => {
    await dieEverywhere(5, {
      prepare: () => planned(),
      job: (bed) => createSignPlan(bed, school, newSignPlan()),
      after: async (bed, where) => {
        await hour(bed);
        const record = bed.store.peek(signPlanKey);
        if (record !== undefined) {
          assert.equal(record.status, 'UNSIGNED', where);
          assert.equal(typeof record.data['package'], 'string', where);
        }
        assert.ok(bodiesOf(bed, 'create-sign-plan').size <= 1, where);
      },
    });
  });

  test('sees the signature announces it once', async () => {
    await dieEverywhere(4, {
      prepare: async () => {
        const bed = await launched();
        bed.payscore.book.sign(signPlanNo);
        return bed;
      },
      job: (bed) => look(bed, noticeOf('sign-plan', signPlanNo, 'SIGNED')),
      after: async (bed, where) => {
        await hour(bed);
        assert.equal(statusOf(bed, signPlanKey), 'SIGNED', where);
        assert.deepEqual(handledTypesOf(bed), ['sign-plan.signed'], where);
      },
    });
  });

  test('begins a service begins one, and never another beside it', async () => {
    await dieEverywhere(9, {
      prepare: () => signed(),
      job: (bed) => createServiceOrder(bed, school, newLesson(1)),
      after: async (bed, where) => {
        assert.ok((await createServiceOrder(bed, school, newLesson(1))).ok, where);
        await hour(bed);
        assert.equal(statusOf(bed, lessonKey(1)), 'DOING', where);
        assert.equal(bodiesOf(bed, 'create-service-order').size, 1, where);
        assert.deepEqual(handledTypesOf(bed), ['sign-plan.signed', 'service-order.doing'], where);
        const next = await createServiceOrder(bed, school, newLesson(2));
        assert.equal(next.ok, false, where);
      },
    });
  });

  test('completes a service charges what was asked, or nothing was asked', async () => {
    await dieEverywhere(5, {
      prepare: () => running(),
      job: (bed) => complete(bed, 1, 18_000),
      after: async (bed, where) => {
        const wasNoted = standing(bed, lessonKey(1)).data['pending'] !== undefined;
        const wasDone = statusOf(bed, lessonKey(1)) === 'COMPLETED';
        await hour(bed);
        const status = statusOf(bed, lessonKey(1));
        assert.equal(status, wasNoted || wasDone ? 'COMPLETED' : 'DOING', where);
        assert.ok(bodiesOf(bed, 'complete').size <= 1, where);
      },
    });
  });

  test('cancels a service cancels it with its detail', async () => {
    await dieEverywhere(5, {
      prepare: () => running(),
      job: (bed) => ask(bed, 1, { name: 'cancel', reason: '退课' }),
      after: async (bed, where) => {
        assert.ok((await ask(bed, 1, { name: 'cancel', reason: '退课' })).ok, where);
        await hour(bed);
        assert.equal(statusOf(bed, lessonKey(1)), 'REVOKED', where);
        const types = ['sign-plan.signed', 'service-order.doing', 'service-order.revoked'];
        assert.deepEqual(handledTypesOf(bed), types, where);
        assert.ok((await createServiceOrder(bed, school, newLesson(2))).ok, where);
      },
    });
  });

  test('sees the charge announces it once, and lets the next lesson begin', async () => {
    await dieEverywhere(8, {
      prepare: async () => {
        const bed = await charging();
        bed.payscore.book.charge(lessonNo(1));
        return bed;
      },
      job: (bed) => look(bed, noticeOf('service-order', lessonNo(1), 'DONE')),
      after: async (bed, where) => {
        await hour(bed);
        assert.equal(statusOf(bed, lessonKey(1)), 'PAID', where);
        const types = ['doing', 'completed', 'paid'].map((type) => `service-order.${type}`);
        assert.deepEqual(handledTypesOf(bed), ['sign-plan.signed', ...types], where);
        assert.ok((await createServiceOrder(bed, school, newLesson(2))).ok, where);
      },
    });
  });
});
