import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openShop } from './outside-client.ts';

const shop = await openShop('public-key', { holdMs: 50 });
after(() => shop.simulator.close());
await shop.place('order-0001');
await shop.control('pay', { out_trade_no: 'order-0001' });

const struck = async (fault: string, more: object = {}) => {
  const armed = await shop.control('faults', {
    fault,
    operation: 'query-by-out-trade-no',
    ...more,
  });
  assert.equal(armed.status, 200);
  return shop.query('order-0001');
};

const isWellAgain = async () => {
  const answer = await shop.query('order-0001');
  assert.deepEqual([answer.status, answer.failure], [200, undefined]);
  assert.equal(answer.data['trade_state'], 'SUCCESS');
};

describe('faults of the gateway', () => {
  const failing: readonly (readonly [string, number, string])[] = [
    ['429', 429, 'FREQUENCY_LIMITED'],
    ['500', 500, 'SYSTEM_ERROR'],
    ['unsigned-404', 404, 'ORDER_NOT_EXIST'],
  ];
  for (const [fault, status, code] of failing) {
    test(`${fault} strikes once, unsigned`, async () => {
      const answer = await struck(fault);
      assert.deepEqual([answer.status, answer.data['code']], [status, code]);
      assert.equal(answer.headers['wechatpay-signature'], undefined);
      await isWellAgain();
    });
  }

  test('a broken connection is a reset', async () => {
    const answer = await struck('reset');
    assert.deepEqual([answer.status, answer.failure], [undefined, 'ECONNRESET']);
    await isWellAgain();
  });

  test('a timeout gives no answer until the connection is dropped', async () => {
    const answer = await struck('timeout');
    assert.equal(answer.status, undefined);
    assert.equal(typeof answer.failure, 'string');
    await isWellAgain();
  });

  const untrusted: readonly (readonly [string, string])[] = [
    ['unsigned-2xx', 'EV3_RES_HEADERS_INCOMPLATE'],
    ['bad-signature', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['probe', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
  ];
  for (const [fault, failure] of untrusted) {
    test(`${fault} is a good answer that the outside client does not believe`, async () => {
      const answer = await struck(fault);
      assert.deepEqual([answer.status, answer.failure], [200, failure]);
      await isWellAgain();
    });
  }

  test('a probe names itself in the signature', async () => {
    const { headers } = await struck('probe');
    assert.match(String(headers['wechatpay-signature']), /^WECHATPAY\/SIGNTEST\//);
  });

  test('a stale answer is well signed and does not know the payment yet', async () => {
    const answer = await struck('stale');
    assert.deepEqual([answer.status, answer.failure], [200, undefined]);
    assert.equal(answer.data['trade_state'], 'NOTPAY');
    assert.equal('transaction_id' in answer.data, false);
    await isWellAgain();
  });

  test('a failed call takes no effect unless the fault says so', async () => {
    await shop.place('order-0002');
    await shop.control('faults', { fault: '500', operation: 'close' });
    assert.equal((await shop.close('order-0002')).status, 500);
    assert.equal((await shop.query('order-0002')).data['trade_state'], 'NOTPAY');
    await shop.control('faults', { fault: '500', operation: 'close', carry_out: true });
    assert.equal((await shop.close('order-0002')).status, 500);
    assert.equal((await shop.query('order-0002')).data['trade_state'], 'CLOSED');
  });

  test('a fault strikes as often as told, on the matching path alone', async () => {
    await shop.place('order-0003');
    await shop.control('faults', { fault: '500', times: 2, method: 'GET', path: 'order-0003' });
    assert.equal((await shop.query('order-0001')).status, 200);
    const statuses: (number | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await shop.query('order-0003')).status);
    }
    assert.deepEqual(statuses, [500, 500, 200]);
  });

  test('cleared faults are gone', async () => {
    await shop.control('faults', { fault: '500', times: 10 });
    await shop.control('faults/clear');
    await isWellAgain();
  });

  test('the log tells each call with its status and its fault', async () => {
    await struck('429');
    await struck('reset');
    const { calls } = (await shop.read('calls?limit=2')) as { calls: Record<string, unknown>[] };
    assert.deepEqual(
      calls.map(({ method, operation, status, fault }) => [method, operation, status, fault]),
      [
        ['GET', 'query-by-out-trade-no', 429, '429'],
        ['GET', 'query-by-out-trade-no', null, 'reset'],
      ],
    );
  });
});
