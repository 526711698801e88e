import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefund } from '#app/create-refund.ts';
import { at } from '../../support/clock.ts';
import { account, orderKey, outTradeNo } from '../../support/order-builder.ts';
import {
  newRefund,
  outRefundNo,
  refundHint,
  refundKey,
  refundWake,
} from '../../support/refund-builder.ts';
import type { TestBed } from '../../support/test-bed.ts';
import { dieEverywhere, handledTypesOf } from './dying.ts';
import { lifeOf } from './living.ts';
import { look, paidSeen, paidUnseen, standing } from './looking.ts';

async function started(): Promise<TestBed> {
  const bed = await paidSeen();
  assert.ok((await createRefund(bed, account, newRefund())).ok);
  return bed;
}

async function processing(): Promise<TestBed> {
  const bed = await started();
  await look(bed, refundWake());
  return bed;
}

/** WeChat ends the refund, everything comes to rest, and there is one refund, told of once. */
async function endsAsOne(bed: TestBed, where: string): Promise<void> {
  const life = lifeOf(bed);
  await life.until(at('2026-11-21T05:00:00Z'));
  const [refund, ...others] = bed.world.refunds.refundsOf(outTradeNo);
  assert.deepEqual([refund?.request.out_refund_no, others], ['R-1001', []], where);
  if (refund?.state === 'PROCESSING') {
    bed.world.refunds.settle(outRefundNo, 'SUCCESS');
  }
  await life.untilRest();
  assert.equal(standing(bed, refundKey).status, 'SUCCESS', where);
  const { refunds } = standing(bed).data;
  assert.ok(Array.isArray(refunds), where);
  assert.deepEqual(
    refunds.map(({ out_refund_no, status }) => [out_refund_no, status]),
    [['R-1001', 'SUCCESS']],
    where,
  );
  assert.deepEqual(handledTypesOf(bed), ['order.paid', 'refund.succeeded'], where);
}

test('a request that dies anywhere is one refund once it is repeated', async () => {
  await dieEverywhere(7, {
    prepare: () => paidSeen(),
    job: (bed) => createRefund(bed, account, newRefund()),
    after: async (bed, where) => {
      assert.ok((await createRefund(bed, account, newRefund())).ok, where);
      await endsAsOne(bed, where);
    },
  });
});

test('a request that dies anywhere and is not repeated is one refund, or none', async () => {
  let refunds = 0;
  let none = 0;
  await dieEverywhere(7, {
    prepare: () => paidSeen(),
    job: (bed) => createRefund(bed, account, newRefund()),
    after: async (bed, where) => {
      if (standing(bed).data['refunds'] === undefined) {
        none += 1;
        await lifeOf(bed).untilRest();
        assert.deepEqual(
          bed.store.records().map(({ key }) => key.kind),
          ['order'],
          where,
        );
        assert.equal(bed.world.callsOf('apply'), 0, where);
      } else {
        refunds += 1;
        await endsAsOne(bed, where);
      }
    },
  });
  assert.ok(refunds > 0 && none > 0, 'it dies before and after the order knows');
});

test('a look that dies anywhere around its apply applies for one refund', async () => {
  await dieEverywhere(5, {
    prepare: started,
    job: (bed) => look(bed, refundWake()),
    after: endsAsOne,
  });
});

test('a look that dies anywhere around the end of a refund tells of it once', async () => {
  await dieEverywhere(7, {
    prepare: async () => {
      const bed = await processing();
      bed.world.refunds.settle(outRefundNo, 'SUCCESS');
      return bed;
    },
    job: (bed) => look(bed, refundWake()),
    after: endsAsOne,
  });
});

test('the visitor after a death may die, too', async () => {
  await dieEverywhere(6, {
    prepare: async () => {
      const bed = await processing();
      bed.world.refunds.settle(outRefundNo, 'SUCCESS');
      await bed.kill(5, 'crash-after', () => look(bed, refundWake()));
      return bed;
    },
    job: async (bed) => {
      await look(bed, refundWake());
      await look(bed, refundHint({ reason: 'request' }));
    },
    after: endsAsOne,
  });
});

for (const [what, prepare, first] of [
  ['a paid order', paidSeen, 'order.paid'],
  ['an order that still waits', paidUnseen, 'order.review'],
] as const) {
  test(`a look that dies anywhere while it adopts a refund of ${what} adopts one`, async () => {
    const notice = refundHint({ says: 'SUCCESS' });
    await dieEverywhere(7, {
      prepare: async () => {
        const bed = await prepare();
        const { transaction_id } = bed.world.order(outTradeNo)?.payment ?? assert.fail();
        const { refundFen } = newRefund();
        bed.world.refunds.makeByHand(transaction_id, { out_refund_no: outRefundNo, refundFen });
        bed.world.refunds.settle(outRefundNo, 'SUCCESS');
        return bed;
      },
      job: (bed) => look(bed, notice),
      after: async (bed, where) => {
        assert.deepEqual(await look(bed, notice, 2), { type: 'done' }, where);
        await lifeOf(bed).untilRest();
        assert.deepEqual(handledTypesOf(bed), [first, 'refund.succeeded'], where);
        const { outbox, data } = standing(bed, orderKey);
        assert.deepEqual(outbox, [], where);
        assert.equal(Array.isArray(data['refunds']) && data['refunds'].length, 1, where);
        assert.equal(bed.world.callsOf('apply'), 0, where);
      },
    });
  });
}
