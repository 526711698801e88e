import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answer, charged, createClientWorld, noConnection, problem } from './world.ts';

const state = (status: string) => ({ out_trade_no: 'A-1001', status });
const view = (status: string) => ({
  ...state(status),
  mchid: '1900000001',
  created_at: '2026-11-21T04:00:20.000Z',
  history: [],
  history_count: 0,
});
const base = 'https://pay.example.com/v1/shop/orders/A-1001';

describe('a code payment of the client', () => {
  it('sends the code of the payer', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(201, state('PAID')));
    await client.putOrder('A-1001', charged);
    assert.deepEqual(
      sent.map(({ line, body }) => [line, body]),
      [
        [
          `PUT ${base}`,
          '{"amount":{"currency":"CNY","total":8800},"auth_code":"134567890123456789","description":"Tea, 250 g","trade_type":"MICROPAY"}',
        ],
      ],
    );
  });

  for (const [httpStatus, status, waits] of [
    [201, 'PAID', false],
    [200, 'PAID', false],
    [202, 'CREATED', true],
    [202, 'AWAITING', true],
    [200, 'CLOSED', false],
    [201, 'REVIEW', false],
    [200, 'FROZEN', false],
  ] as const) {
    it(`${waits ? 'waits' : 'is over'} when the answer is ${httpStatus} ${status}`, async () => {
      const { client, plan } = createClientWorld();
      plan(answer(httpStatus, state(status)));
      const placed = await client.putOrder('A-1001', charged);
      assert.deepEqual(placed, { ...state(status), trade_type: 'MICROPAY', waits });
    });
  }

  it('is told by its status alone, whatever else the answer says', async () => {
    const { client, plan } = createClientWorld();
    plan(answer(202, { ...state('CREATED'), waits: false, trade_type: 'NATIVE' }));
    const placed = await client.putOrder('A-1001', charged);
    assert.deepEqual([placed.waits, placed.trade_type], [true, 'MICROPAY']);
  });

  it('does not wait when it is paid by a link', async () => {
    const { client, plan } = createClientWorld();
    plan(answer(201, state('AWAITING')));
    const { auth_code: _, ...terms } = charged;
    const placed = await client.putOrder('A-1001', { ...terms, trade_type: 'NATIVE' });
    assert.ok(!('waits' in placed));
  });

  it('is sent again with the same code when its answer was lost', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(noConnection(), problem(503, 'store_unavailable'), answer(202, state('CREATED')));
    assert.equal((await client.putOrder('A-1001', charged)).waits, true);
    assert.equal(new Set(sent.map(({ body }) => body)).size, 1);
    assert.equal(sent.length, 3);
  });

  for (const wechatCode of ['AUTHCODEEXPIRE', 'NOTENOUGH']) {
    it(`is not sent again when WeChat refused the code: ${wechatCode}`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(problem(422, 'wechat_refused', { wechat_code: wechatCode }));
      await assert.rejects(client.putOrder('A-1001', charged), {
        code: 'wechat_refused',
        status: 422,
        retryable: false,
        wechatCode,
      });
      assert.equal(sent.length, 1);
    });
  }

  it('leaves no code in an error', async () => {
    const { client, plan } = createClientWorld({ retries: 0 });
    plan(noConnection(), answer(201, {}), problem(409, 'order_conflict'));
    for (const _ of [1, 2, 3]) {
      const error = await client.putOrder('A-1001', charged).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Error);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /134567890123456789/);
    }
  });
});

describe('waiting for an order', () => {
  it('asks every two seconds until it waits no more', async () => {
    const { client, sent, pausesMs, plan } = createClientWorld();
    const views = ['CREATED', 'AWAITING', 'CREATED', 'PAID'].map((status) =>
      answer(200, view(status)),
    );
    plan(...views);
    assert.deepEqual(await client.waitForOrder('A-1001'), view('PAID'));
    assert.deepEqual(
      sent.map(({ line }) => line),
      Array(4).fill(`GET ${base}`),
    );
    assert.deepEqual(pausesMs, [2_000, 2_000, 2_000]);
  });

  for (const status of ['PAID', 'CLOSED', 'REVIEW', 'REFUSED', 'UNMATCHED', 'FROZEN']) {
    it(`does not pause for one that is ${status}`, async () => {
      const { client, pausesMs, plan } = createClientWorld();
      plan(answer(200, view(status)));
      assert.equal((await client.waitForOrder('A-1001')).status, status);
      assert.deepEqual(pausesMs, []);
    });
  }

  for (const [timeoutMs, looks] of [
    [undefined, 91],
    [90_000, 46],
    [10_000, 6],
    [9_999, 5],
    [1, 1],
  ] as const) {
    it(`ends after ${timeoutMs ?? 'the usual'} ms, with the order as it stands`, async () => {
      const { client, sent, plan, nowMs } = createClientWorld();
      plan(...Array.from({ length: 100 }, () => answer(200, view('CREATED'))));
      const startedAtMs = nowMs();
      const options = timeoutMs === undefined ? {} : { timeoutMs };
      assert.equal((await client.waitForOrder('A-1001', options)).status, 'CREATED');
      assert.equal(sent.length, looks);
      assert.ok(nowMs() - startedAtMs <= (timeoutMs ?? 180_000));
    });
  }

  for (const timeoutMs of [0, -1, 1.5, 600_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`may not take ${timeoutMs} ms`, async () => {
      const { client, sent } = createClientWorld();
      await assert.rejects(client.waitForOrder('A-1001', { timeoutMs }), {
        name: 'TypeError',
        message: /`timeoutMs`/,
      });
      assert.equal(sent.length, 0);
    });
  }

  it('ends in the error of a look', async () => {
    const { client, sent, plan } = createClientWorld();
    plan(answer(200, view('CREATED')), problem(404, 'order_unknown'));
    await assert.rejects(client.waitForOrder('A-1001'), { code: 'order_unknown' });
    assert.equal(sent.length, 2);
  });

  it('looks again where a look can be repeated', async () => {
    const { client, plan } = createClientWorld();
    plan(
      answer(200, view('CREATED')),
      problem(503, 'store_unavailable'),
      answer(200, view('CLOSED')),
    );
    assert.equal((await client.waitForOrder('A-1001')).status, 'CLOSED');
  });
});
