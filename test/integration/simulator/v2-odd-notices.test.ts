import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fieldsOf, signOf } from './v2-notice-reader.ts';
import { openV2Shop, type SignType } from './v2-notice-shop.ts';

const shop = await openV2Shop();
after(() => shop.simulator.close());
const { apiKey, appid, mchid } = shop.merchant;

/** The one notice of this kind about a paid order. */
const noticeOf = async (kind: string, outTradeNo: string, signType: SignType = 'MD5') => {
  const { status, bodies } = await shop.sent(kind, outTradeNo, { signType });
  assert.equal(status, 200);
  assert.equal(bodies.length, 1);
  return bodies[0] ?? '';
};

const isVerified = (body: string, signType: SignType = 'MD5') => {
  const fields = fieldsOf(body);
  return fields['sign'] === signOf(fields, apiKey, signType);
};

describe('odd payment notices of APIv2: signatures', () => {
  test('the true notice comes as often as wanted, under one id, signed afresh', async () => {
    const { data, bodies } = await shop.sent('true', 'order-0001', { times: 3 });
    assert.deepEqual(
      [data['statuses'], data['received']],
      [
        [200, 200, 200],
        [true, true, true],
      ],
    );
    assert.deepEqual(
      bodies.map((body) => isVerified(body)),
      [true, true, true],
    );
    assert.equal(new Set(bodies.map((body) => fieldsOf(body)['nonce_str'])).size, 3);
    const { deliveries } = await shop.read('deliveries?out_trade_no=order-0001');
    const log = (deliveries as Record<string, unknown>[]).map(({ notice_id, at: _at, ...how }) => [
      notice_id === data['notice_id'],
      how,
    ]);
    const took = [true, { kind: 'true', attempt: 1, status: 200 }];
    const lost = { kind: 'true', attempt: 1, status: null, error: 'lost on the way' };
    assert.deepEqual(log, [[true, lost], took, took, took]);
  });

  test('an untrue notice verifies and says SUCCESS of an order that nobody paid', async () => {
    const { bodies } = await shop.sent('untrue', 'order-0002', { unpaid: true });
    const [body = ''] = bodies;
    assert.equal(isVerified(body), true);
    assert.equal(fieldsOf(body)['result_code'], 'SUCCESS');
    const { orders } = await shop.read('orders?out_trade_no=order-0002');
    assert.equal((orders as { trade_state: string }[])[0]?.trade_state, 'NOTPAY');
  });

  test('a forged notice looks right and does not verify', async () => {
    for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
      const body = await noticeOf('forged', `order-0003-${signType}`, signType);
      assert.equal(isVerified(body, signType), false);
      const { sign, sign_type: named, total_fee: total } = fieldsOf(body);
      assert.match(sign ?? '', signType === 'MD5' ? /^[0-9A-F]{32}$/ : /^[0-9A-F]{64}$/);
      assert.deepEqual([named, total], [signType === 'MD5' ? undefined : signType, '100']);
    }
  });

  test('a tampered notice speaks of another amount and does not verify', async () => {
    const body = await noticeOf('tampered', 'order-0004');
    const fields = fieldsOf(body);
    assert.equal(fields['total_fee'], '900');
    assert.equal(isVerified(body), false);
    assert.equal(fields['sign'], signOf({ ...fields, total_fee: '100' }, apiKey, 'MD5'));
  });

  test('an unsigned notice has no sign, one with an empty sign has nothing in it', async () => {
    const unsigned = fieldsOf(await noticeOf('unsigned', 'order-0005', 'HMAC-SHA256'));
    assert.deepEqual(['sign' in unsigned, unsigned['sign_type']], [false, 'HMAC-SHA256']);
    assert.equal(unsigned['total_fee'], '100');
    const empty = fieldsOf(await noticeOf('empty-sign', 'order-0006'));
    assert.deepEqual([empty['sign'], empty['total_fee']], ['', '100']);
  });

  test('a downgraded notice is signed by MD5 with the true key and says so', async () => {
    await shop.control('notice-sign-type', { named: 'never' });
    const body = await noticeOf('downgraded', 'order-0007', 'HMAC-SHA256');
    await shop.control('notice-sign-type', { named: 'usual' });
    assert.equal(fieldsOf(body)['sign_type'], 'MD5');
    assert.equal(isVerified(body, 'MD5'), true);
    assert.equal(isVerified(body, 'HMAC-SHA256'), false);
  });

  test('a failure says FAIL and holds a payment that nobody vouches for', async () => {
    const body = await noticeOf('return-fail', 'order-0008');
    const fields = fieldsOf(body);
    assert.deepEqual(
      [fields['return_code'], fields['result_code'], fields['total_fee']],
      ['FAIL', 'SUCCESS', '100'],
    );
    assert.equal(isVerified(body), false);
    assert.equal(fields['sign']?.length, 32);
  });
});

describe('odd payment notices of APIv2: contents', () => {
  test('a notice about another merchant, and one about another appid, verify', async () => {
    const merchant = await noticeOf('foreign-mchid', 'order-1001');
    const app = await noticeOf('foreign-appid', 'order-1002');
    assert.deepEqual([isVerified(merchant), isVerified(app)], [true, true]);
    const names = [merchant, app].map((body) => [
      fieldsOf(body)['mch_id'],
      fieldsOf(body)['appid'],
    ]);
    assert.deepEqual(names, [
      ['1900000001', appid],
      [mchid, 'wx0000000000000001'],
    ]);
  });

  test('an amount that only a lax reader takes for a number verifies', async () => {
    const exponent = await noticeOf('amount-1e2', 'order-1003');
    const negative = await noticeOf('negative-amount', 'order-1004');
    assert.deepEqual([isVerified(exponent), isVerified(negative)], [true, true]);
    const amounts = [exponent, negative].map((body) => fieldsOf(body)['total_fee']);
    assert.deepEqual(amounts, ['1e2', '-100']);
  });

  test('a document type whose entity grows to gigabytes; the sign of what is written is right', async () => {
    const body = await noticeOf('doctype', 'order-1005');
    const [, declarations = '', document = ''] =
      /^<!DOCTYPE xml \[(.*)\]>\n(.*)$/s.exec(body) ?? [];
    const entities = Array.from(declarations.matchAll(/<!ENTITY (\w+) "([^"]*)">/g));
    const sizes = new Map<string, number>();
    for (const [, name = '', text = ''] of entities) {
      const parts = text.match(/&\w+;/g) ?? [];
      const size = parts.reduce((sum, part) => sum + (sizes.get(part.slice(1, -1)) ?? 0), 0);
      sizes.set(name, parts.length === 0 ? text.length : size);
    }
    assert.equal(sizes.get('lol9'), 3_000_000_000);
    assert.equal(fieldsOf(document)['detail'], '&lol9;');
    assert.equal(isVerified(document), true);
  });

  test('a document type that reads a file; the sign of what is written is right', async () => {
    const body = await noticeOf('external-entity', 'order-1006', 'HMAC-SHA256');
    const type = '<!DOCTYPE xml [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>\n';
    assert.equal(body.startsWith(type), true);
    const document = body.slice(type.length);
    assert.equal(fieldsOf(document)['detail'], '&xxe;');
    assert.equal(isVerified(document, 'HMAC-SHA256'), true);
  });

  test('every altered notice has an id of its own', async () => {
    const ids = new Set<unknown>();
    for (const kind of ['true', 'forged', 'untrue', 'doctype', 'amount-1e2']) {
      ids.add((await shop.sent(kind, `order-1007-${kind}`)).data['notice_id']);
      const again = { out_trade_no: `order-1007-${kind}`, kind };
      ids.add((await shop.control('notice', again)).data['notice_id']);
    }
    assert.equal(ids.size, 9, 'two of each, but for the true one');
  });
});

describe('kinds that an APIv2 payment does not have', () => {
  const missing: readonly (readonly [string, SignType, RegExp])[] = [
    ['stale', 'MD5', /stale: only APIv3 has it/],
    ['probe', 'MD5', /probe: only APIv3 has it/],
    ['unknown-event', 'MD5', /unknown-event: only APIv3 has it/],
    ['wrong-apiv3-key', 'HMAC-SHA256', /wrong-apiv3-key: only APIv3 has it/],
    ['wrong-api-key', 'MD5', /nothing sealed/],
    ['downgraded', 'MD5', /signed by MD5 as it is/],
  ];
  for (const [kind, signType, reason] of missing) {
    test(`${kind} of an order by ${signType} is 409`, async () => {
      const answer = await shop.sent(kind, `order-2001-${kind}`, { signType });
      assert.deepEqual([answer.status, answer.bodies], [409, []]);
      assert.match(String(answer.data['error']), reason);
    });
  }

  test('a kind that nobody has is 400, and the true notice of an unpaid order 409', async () => {
    assert.equal((await shop.sent('false', 'order-2002')).status, 400);
    assert.equal((await shop.sent('true', 'order-2003', { unpaid: true })).status, 409);
  });

  test('a payment by code has no notice at all: it has no address', async () => {
    await shop.v2Call('/pay/micropay', 'MD5', {
      body: '一杯茶',
      out_trade_no: 'order-2005',
      total_fee: '100',
      spbill_create_ip: '127.0.0.1',
      auth_code: '130000000000000001',
    });
    for (const kind of ['true', 'untrue', 'forged']) {
      const { status, data } = await shop.control('notice', { out_trade_no: 'order-2005', kind });
      assert.deepEqual([status, data['error']], [409, 'there is no notify_url to send it to']);
    }
  });

  test('an order of APIv3 has no kinds of APIv2', async () => {
    await shop.placeAndPay('order-2004');
    for (const kind of ['unsigned', 'downgraded', 'doctype', 'wrong-api-key', 'foreign-appid']) {
      const { status, data } = await shop.control('notice', { out_trade_no: 'order-2004', kind });
      assert.equal(status, 409);
      assert.match(String(data['error']), /only APIv2 has it/);
    }
  });
});
