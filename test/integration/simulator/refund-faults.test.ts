import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openShop } from './outside-client.ts';

const shop = await openShop('public-key', { holdMs: 50 });
after(() => shop.simulator.close());
await shop.control('refunds', { status: 'PROCESSING' });

const arm = async (fault: string, operation: string, more: object = {}) => {
  const armed = await shop.control('faults', { fault, operation, ...more });
  assert.equal(armed.status, 200);
};

const queried = async (outRefundNo: string) => {
  const { status, data } = await shop.queryRefund(outRefundNo);
  return [status, data['code'] ?? data['status']];
};

const UNKNOWN = [404, 'RESOURCE_NOT_EXISTS'];

describe('faults of the refund calls', () => {
  const failing: readonly (readonly [string, number | undefined, string | undefined])[] = [
    ['429', 429, 'FREQUENCY_LIMITED'],
    ['500', 500, 'SYSTEM_ERROR'],
    ['unsigned-404', 404, 'RESOURCE_NOT_EXISTS'],
    ['timeout', undefined, undefined],
    ['reset', undefined, undefined],
  ];
  for (const [index, [fault, status, code]] of failing.entries()) {
    test(`${fault} on a refund has no effect, and with carry_out only the answer is lost`, async () => {
      const [order, refund] = [`order-100${index}`, `refund-100${index}`];
      await shop.placeAndPay(order);
      await arm(fault, 'apply-refund');
      const failed = await shop.refund(order, refund, 10);
      assert.deepEqual([failed.status, failed.data['code']], [status, code]);
      assert.equal(failed.headers['wechatpay-signature'], undefined);
      assert.deepEqual(await queried(refund), UNKNOWN);
      assert.equal((await shop.query(order)).data['trade_state'], 'SUCCESS');
      await arm(fault, 'apply-refund', { carry_out: true });
      const lost = await shop.refund(order, refund, 10);
      assert.deepEqual([lost.status, lost.data['code']], [status, code]);
      assert.deepEqual(await queried(refund), [200, 'PROCESSING']);
      assert.equal((await shop.query(order)).data['trade_state'], 'REFUND');
      const again = await shop.refund(order, refund, 10);
      assert.deepEqual([again.status, again.failure], [200, undefined]);
    });

    test(`${fault} on a refund query says nothing about the refund`, async () => {
      const [order, refund] = [`order-200${index}`, `refund-200${index}`];
      await shop.placeAndPay(order);
      await shop.refund(order, refund, 10);
      await arm(fault, 'query-refund');
      const failed = await shop.queryRefund(refund);
      assert.deepEqual([failed.status, failed.data['code']], [status, code]);
      assert.deepEqual(await queried(refund), [200, 'PROCESSING']);
    });
  }

  for (const [index, fault] of ['unsigned-2xx', 'bad-signature', 'probe'].entries()) {
    test(`${fault} on a refund is a good answer that the outside client does not believe`, async () => {
      const [order, refund] = [`order-300${index}`, `refund-300${index}`];
      await shop.placeAndPay(order);
      await arm(fault, 'apply-refund');
      const answer = await shop.refund(order, refund, 10);
      assert.equal(answer.status, 200);
      assert.match(String(answer.failure), /^EV3_RES_HEADER/);
      await arm(fault, 'query-refund');
      assert.match(String((await shop.queryRefund(refund)).failure), /^EV3_RES_HEADER/);
      assert.deepEqual(await queried(refund), [200, 'PROCESSING']);
    });
  }

  test('a stale refund query is well signed and does not know the end yet', async () => {
    await shop.placeAndPay('order-4001');
    await shop.refund('order-4001', 'refund-4001', 10);
    await shop.control('refund-status', { out_refund_no: 'refund-4001', status: 'SUCCESS' });
    await arm('stale', 'query-refund');
    const { data, failure } = await shop.queryRefund('refund-4001');
    assert.deepEqual([failure, data['status']], [undefined, 'PROCESSING']);
    assert.equal('success_time' in data, false);
    assert.deepEqual(await queried('refund-4001'), [200, 'SUCCESS']);
  });

  test('a refused refund is not carried out by a fault', async () => {
    await shop.place('order-4002');
    await arm('500', 'apply-refund', { carry_out: true });
    assert.equal((await shop.refund('order-4002', 'refund-4002', 10)).status, 500);
    assert.deepEqual(await queried('refund-4002'), UNKNOWN);
  });

  test('the log names the calls', async () => {
    await queried('refund-4002');
    await shop.refund('order-4002', 'refund-4002', 10);
    const { calls } = (await shop.read('calls?limit=2')) as { calls: Record<string, unknown>[] };
    assert.deepEqual(
      calls.map(({ operation, status, code }) => [operation, status, code]),
      [
        ['query-refund', 404, 'RESOURCE_NOT_EXISTS'],
        ['apply-refund', 404, 'RESOURCE_NOT_EXISTS'],
      ],
    );
  });
});
