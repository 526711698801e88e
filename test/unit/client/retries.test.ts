import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  answer,
  awaiting,
  createClientWorld,
  noConnection,
  type Planned,
  problem,
  tea,
} from './world.ts';

const fine = () => answer(200, awaiting);

const passing: readonly (readonly [string, () => Planned])[] = [
  ['a refused connection', () => noConnection()],
  ['a broken connection', () => noConnection('ECONNRESET')],
  ['a name that is not known now', () => noConnection('EAI_AGAIN')],
  ['silence', () => 'silence'],
  ['too many requests at the gateway', () => answer(429, { message: 'Too Many Requests' })],
  ['a gateway without its function', () => answer(503, { message: 'Service Unavailable' })],
  ['a gateway that waited in vain', () => answer(504, { message: 'Endpoint timed out' })],
  ['a proxy that fails', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ['a failure inside', () => problem(500, 'internal')],
  ['no answer of WeChat', () => problem(503, 'wechat_unavailable', {}, { 'retry-after': '2' })],
  ['an unreachable table', () => problem(503, 'store_unavailable')],
  ['an unreachable queue', () => problem(503, 'queue_unavailable')],
  ['an unreachable secret', () => problem(503, 'secret_unavailable')],
  ['unreachable keys', () => problem(503, 'keys_unavailable')],
  ['a number that is being looked at', () => problem(409, 'wechat_looking')],
];

describe('a call that may succeed later', () => {
  for (const [what, first] of passing) {
    it(`is sent again, with the same bytes, after ${what}`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(first(), fine());
      const placed = await client.putOrder('A-1001', tea);
      assert.equal(placed.code_url, awaiting.code_url);
      assert.equal(sent.length, 2);
      assert.equal(sent[0]?.line, sent[1]?.line);
      assert.ok(sent[0]?.body !== undefined);
      assert.equal(sent[0]?.body, sent[1]?.body);
    });
  }

  it('keeps its bytes although the caller changes the order meanwhile', async () => {
    const order = { ...tea, attach: 'before' };
    const { client, sent, plan } = createClientWorld({
      token: () => {
        order.attach = 'after';
        return 'token';
      },
    });
    plan(noConnection(), fine());
    await client.putOrder('A-1001', order);
    assert.equal(sent[0]?.body, sent[1]?.body);
    assert.match(sent[0]?.body ?? '', /before/);
  });

  it('waits longer each time, and is given up after four retries', async () => {
    const { client, sent, pausesMs, plan } = createClientWorld();
    plan(...Array.from({ length: 6 }, () => problem(503, 'store_unavailable')));
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'store_unavailable' });
    assert.equal(sent.length, 5);
    assert.deepEqual(pausesMs, [125, 250, 500, 1_000]);
  });

  it('waits up to twice as long, by chance', async () => {
    const { client, pausesMs, plan } = createClientWorld({}, { random: () => 0.5 });
    plan(noConnection(), noConnection(), fine());
    await client.putOrder('A-1001', tea);
    assert.deepEqual(pausesMs, [187.5, 375]);
  });

  it('never waits longer than 8 s of its own', async () => {
    const { client, pausesMs, plan } = createClientWorld(
      { retries: 8, timeoutMs: 600_000 },
      { random: () => 1 },
    );
    plan(...Array.from({ length: 9 }, () => noConnection()));
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'network' });
    assert.deepEqual(pausesMs, [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it('is not sent again where no retries are wanted', async () => {
    const { client, sent, plan } = createClientWorld({ retries: 0 });
    plan(noConnection());
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'network' });
    assert.equal(sent.length, 1);
  });

  it('is any call, for each may be repeated', async () => {
    const { client, sent, plan } = createClientWorld({ retries: 1 });
    const refund = { out_trade_no: 'A-1001', amount: { refund: 1, currency: 'CNY' } } as const;
    const resolution = { action: 'close', by: 'li', why: 'Sold out' } as const;
    for (const call of [
      () => client.getOrder('A-1001'),
      () => client.closeOrder('A-1001'),
      () => client.resolveOrder('A-1001', resolution),
      () => client.putRefund('R-1001', refund),
      () => client.getRefund('R-1001', { refresh: true }),
    ]) {
      plan(noConnection(), problem(404, 'order_unknown'));
      await assert.rejects(call(), { code: 'order_unknown' });
    }
    assert.equal(sent.length, 10);
  });
});

describe('Retry-After', () => {
  const busy = (value: string) => problem(503, 'wechat_unavailable', {}, { 'retry-after': value });

  it('is waited for, and a little longer by chance', async () => {
    const { client, pausesMs, plan } = createClientWorld({}, { random: () => 0.5 });
    plan(busy('2'), fine());
    await client.putOrder('A-1001', tea);
    assert.deepEqual(pausesMs, [2_062.5]);
  });

  it('does not shorten the pause', async () => {
    const { client, pausesMs, plan } = createClientWorld();
    plan(busy('0'), busy('0'), fine());
    await client.putOrder('A-1001', tea);
    assert.deepEqual(pausesMs, [125, 250]);
  });

  it('of the gateway counts, too', async () => {
    const { client, pausesMs, plan } = createClientWorld();
    plan(answer(429, {}, { 'retry-after': '3' }), fine());
    await client.putOrder('A-1001', tea);
    assert.deepEqual(pausesMs, [3_000]);
  });

  for (const value of ['soon', '-1', '1.5', '1e3', 'Fri, 31 Dec 9999 23:59:59 GMT', '9999999']) {
    it(`of ${value} says nothing`, async () => {
      const { client, pausesMs, plan } = createClientWorld();
      plan(busy(value), fine());
      await client.putOrder('A-1001', tea);
      assert.deepEqual(pausesMs, [125]);
    });
  }

  it('beyond the time of the call ends it at once', async () => {
    const { client, sent, pausesMs, plan } = createClientWorld();
    plan(busy('31'));
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'wechat_unavailable' });
    assert.deepEqual([sent.length, pausesMs.length], [1, 0]);
  });
});

describe('the time of a call', () => {
  it('is 12 s for a try and 30 s in all', async () => {
    const { client, sent, nowMs, plan } = createClientWorld();
    plan('silence', 'silence', 'silence', 'silence');
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'timeout', status: undefined });
    assert.deepEqual(
      sent.map(({ atMs }) => atMs),
      [1_000, 13_125, 25_375],
    );
    assert.ok(nowMs() >= 31_000 && nowMs() <= 31_500, `${nowMs()}`);
  });

  it('can be set', async () => {
    const { client, sent, plan } = createClientWorld({ timeoutMs: 5_000, attemptTimeoutMs: 2_000 });
    plan('silence', 'silence', 'silence', 'silence');
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'timeout' });
    assert.deepEqual(
      sent.map(({ atMs }) => atMs),
      [1_000, 3_125, 5_375],
    );
  });

  it('ends with what the last try told, when no other fits in', async () => {
    const { client, sent, plan } = createClientWorld({ timeoutMs: 1_000, retries: 20 });
    plan(...Array.from({ length: 20 }, () => problem(503, 'store_unavailable')));
    await assert.rejects(client.putOrder('A-1001', tea), { code: 'store_unavailable' });
    assert.equal(sent.length, 4);
  });

  it('counts the token that does not come', async () => {
    let pass = (_ms: number): void => assert.fail();
    const world = createClientWorld({
      token: () => {
        pass(40_000);
        return new Promise(() => undefined);
      },
    });
    pass = world.pass;
    await assert.rejects(world.client.getOrder('A-1001'), { code: 'timeout' });
    assert.equal(world.sent.length, 0);
  });

  it('ends a fetch that does not listen', async () => {
    let pass = (_ms: number): void => assert.fail();
    const world = createClientWorld(
      {},
      {
        fetch: () => {
          queueMicrotask(() => pass(40_000));
          return new Promise(() => undefined);
        },
      },
    );
    pass = world.pass;
    await assert.rejects(world.client.getOrder('A-1001'), { code: 'timeout' });
  });
});

describe('a call that cannot succeed by itself', () => {
  for (const [status, code] of [
    [400, 'request_invalid'],
    [401, 'token_invalid'],
    [403, 'scope_missing'],
    [404, 'account_unknown'],
    [404, 'order_unknown'],
    [404, 'route_unknown'],
    [405, 'method_not_allowed'],
    [409, 'order_conflict'],
    [409, 'order_expired'],
    [409, 'order_closing'],
    [409, 'order_settled'],
    [409, 'refund_exceeds'],
    [413, 'body_too_large'],
    [422, 'wechat_refused'],
    [500, 'account_invalid'],
    [500, 'record_undecodable'],
  ] as const) {
    it(`is sent once when the answer is ${code}`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(problem(status, code));
      await assert.rejects(client.putOrder('A-1001', tea), { status, code, retryable: false });
      assert.equal(sent.length, 1);
    });
  }

  for (const status of [301, 302, 400, 401, 403, 404, 408, 409, 413, 422, 501]) {
    it(`is sent once when something else answers ${status}`, async () => {
      const { client, sent, plan } = createClientWorld();
      plan(answer(status, { message: 'no' }, { location: 'https://other.example.com/' }));
      await assert.rejects(client.putOrder('A-1001', tea), { status, code: 'answer_unexpected' });
      assert.equal(sent.length, 1);
    });
  }
});

describe('the token', () => {
  it('is asked for anew each time', async () => {
    let made = 0;
    const { client, sent, plan } = createClientWorld({
      token: () => {
        made += 1;
        return Promise.resolve(`token-${made}`);
      },
    });
    plan(noConnection(), fine());
    await client.putOrder('A-1001', tea);
    assert.deepEqual(
      sent.map(({ headers }) => headers.get('authorization')),
      ['Bearer token-1', 'Bearer token-2'],
    );
  });
});
