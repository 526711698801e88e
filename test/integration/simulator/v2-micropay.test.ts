import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { freshCode, openTill } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());

const plan = async (input: object) => {
  assert.equal((await till.control('micropay', input)).status, 200);
};
const DEAR = { total_fee: '100001' };

describe('codes that are scanned', () => {
  test('a small amount is paid at once, and no notice is sent', async () => {
    const fields = { attach: 'shop 1', device_info: 'till 1', total_fee: '100000' };
    const answer = till.succeeded(await till.micropay('paid-0001', fields));
    const { transaction_id, time_end, openid, ...rest } = answer;
    assert.match(transaction_id ?? '', /^42\d{26}$/);
    assert.match(time_end ?? '', /^\d{14}$/);
    assert.match(openid ?? '', /^o/);
    assert.deepEqual(rest, {
      device_info: 'till 1',
      is_subscribe: 'N',
      trade_type: 'MICROPAY',
      bank_type: 'OTHERS',
      total_fee: '100000',
      fee_type: 'CNY',
      cash_fee: '100000',
      cash_fee_type: 'CNY',
      out_trade_no: 'paid-0001',
      attach: 'shop 1',
    });
    const { data } = await till.query('paid-0001');
    assert.deepEqual([data['trade_state'], data['trade_type']], ['SUCCESS', 'MICROPAY']);
    const sent = await till.read('deliveries?out_trade_no=paid-0001');
    assert.deepEqual(sent['deliveries'], []);
  });

  test('above 1,000 CNY the payer is asked for the password', async () => {
    till.refused(await till.micropay('dear-0001', DEAR), 'USERPAYING');
    assert.equal(await till.stateOf('dear-0001'), 'USERPAYING');
    assert.equal((await till.query('dear-0001')).data['trade_state'], 'USERPAYING');
    assert.equal((await till.control('pay', { out_trade_no: 'dear-0001' })).status, 200);
    assert.equal(await till.stateOf('dear-0001'), 'SUCCESS');
    const sent = await till.read('deliveries?out_trade_no=dear-0001');
    assert.deepEqual(sent['deliveries'], []);
  });

  test('a payer who declines makes it PAYERROR; another code may follow', async () => {
    const auth_code = freshCode();
    till.refused(await till.micropay('declined-0001', { ...DEAR, auth_code }), 'USERPAYING');
    const declined = await till.control('decline', { out_trade_no: 'declined-0001' });
    assert.deepEqual([declined.status, declined.data['trade_state']], [200, 'PAYERROR']);
    assert.deepEqual(till.succeeded(await till.queryV2('declined-0001')), {
      out_trade_no: 'declined-0001',
      trade_state: 'PAYERROR',
      trade_state_desc: '支付失败',
    });
    assert.equal((await till.query('declined-0001')).data['trade_state'], 'PAYERROR');
    const late = await till.control('pay', { out_trade_no: 'declined-0001' });
    assert.deepEqual(late.status, 409);
    const again = await till.micropay('declined-0001', { ...DEAR, auth_code });
    till.refused(again, 'AUTH_CODE_ERROR');
    till.refused(await till.micropay('declined-0001', DEAR), 'USERPAYING');
    await till.control('pay', { out_trade_no: 'declined-0001' });
    assert.equal(await till.stateOf('declined-0001'), 'SUCCESS');
  });

  test('nobody can decline but one who is asked', async () => {
    await till.micropay('declined-0002');
    for (const [out_trade_no, status] of [
      ['declined-0002', 409],
      ['unheard-of', 404],
    ] as const) {
      assert.equal((await till.control('decline', { out_trade_no })).status, status);
    }
    assert.equal((await till.control('decline', {})).status, 400);
  });

  test('a code is used once', async () => {
    const auth_code = freshCode();
    till.succeeded(await till.micropay('once-0001', { auth_code }));
    till.refused(await till.micropay('once-0002', { auth_code }), 'AUTH_CODE_ERROR');
    till.refused(await till.queryV2('once-0002'), 'ORDERNOTEXIST');
  });

  const odd: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'LACK_PARAMS'],
    ['13000000000000001', 'AUTH_CODE_ERROR'],
    ['1300000000000000001', 'AUTH_CODE_ERROR'],
    ['13000000000000000a', 'AUTH_CODE_ERROR'],
    ['160000000000000001', 'AUTH_CODE_INVALID'],
    ['280000000000000001', 'AUTH_CODE_INVALID'],
  ];
  for (const [auth_code, code] of odd) {
    test(`the code ${auth_code} is ${code}`, async () => {
      till.refused(await till.micropay('odd-code', { auth_code }), code);
      till.refused(await till.queryV2('odd-code'), 'ORDERNOTEXIST');
    });
  }

  test('a number that is in use says what became of it', async () => {
    const auth_code = freshCode();
    const asked = { ...DEAR, auth_code };
    till.refused(await till.micropay('same-0001', asked), 'USERPAYING');
    till.refused(await till.micropay('same-0001', asked), 'USERPAYING');
    till.refused(await till.micropay('same-0001', DEAR), 'BUYER_MISMATCH');
    till.refused(await till.micropay('same-0001', { auth_code }), 'INVALID_REQUEST');
    await till.control('pay', { out_trade_no: 'same-0001' });
    till.refused(await till.micropay('same-0001', asked), 'ORDERPAID');
    await till.clock.advance(15_000);
    till.succeeded(await till.reverse('same-0001'));
    till.refused(await till.micropay('same-0001', asked), 'ORDERREVERSED');
    await till.placeV2('same-0002');
    till.refused(await till.micropay('same-0002'), 'OUT_TRADE_NO_USED');
    await till.micropay('same-0003');
    till.refused(await till.placeV2('same-0003'), 'OUT_TRADE_NO_USED');
    assert.equal((await till.place('same-0003')).data['code'], 'OUT_TRADE_NO_USED');
  });

  test('one that failed may be closed, one that is being paid may not', async () => {
    await till.micropay('shut-0001', DEAR);
    await till.clock.advance(200_000);
    assert.equal((await till.close('shut-0001')).status, 429);
    await till.control('decline', { out_trade_no: 'shut-0001' });
    assert.equal((await till.close('shut-0001')).status, 204);
    assert.equal(await till.stateOf('shut-0001'), 'CLOSED');
    till.refused(await till.micropay('shut-0001', DEAR), 'ORDERCLOSED');
  });
});

describe('what becomes of a scanned code', () => {
  const codes = [
    'SYSTEMERROR',
    'BANKERROR',
    'AUTHCODEEXPIRE',
    'NOTENOUGH',
    'NOTSUPORTCARD',
    'TRADE_ERROR',
    'NOAUTH',
  ];
  for (const outcome of codes) {
    test(`${outcome} leaves nothing, and the code can still be used`, async () => {
      await plan({ outcome, times: 1 });
      const number = `code-${outcome}`;
      const auth_code = freshCode();
      till.refused(await till.micropay(number, { auth_code }), outcome);
      till.refused(await till.queryV2(number), 'ORDERNOTEXIST');
      till.succeeded(await till.micropay(number, { auth_code }));
    });
  }

  const left: readonly (readonly [string, string])[] = [
    ['paid', 'SUCCESS'],
    ['password', 'USERPAYING'],
    ['failed', 'PAYERROR'],
  ];
  for (const [leaves, state] of left) {
    test(`SYSTEMERROR and BANKERROR may leave it ${leaves}`, async () => {
      for (const outcome of ['SYSTEMERROR', 'BANKERROR']) {
        await plan({ outcome, leaves, times: 1 });
        till.refused(await till.micropay(`left-${leaves}-${outcome}`), outcome);
        assert.equal(await till.stateOf(`left-${leaves}-${outcome}`), state);
      }
    });
  }

  test('a small amount may need a password, a large one none, until it is normal again', async () => {
    await plan({ outcome: 'password' });
    till.refused(await till.micropay('plan-0001'), 'USERPAYING');
    till.refused(await till.micropay('plan-0002'), 'USERPAYING');
    await plan({ outcome: 'paid', times: 1 });
    till.succeeded(await till.micropay('plan-0003', DEAR));
    till.refused(await till.micropay('plan-0004', DEAR), 'USERPAYING');
    await plan({ outcome: 'password' });
    await plan({ outcome: 'normal' });
    till.succeeded(await till.micropay('plan-0005'));
  });

  const ends: readonly (readonly [string, string])[] = [
    ['paid', 'SUCCESS'],
    ['failed', 'PAYERROR'],
    ['reversed', 'REVOKED'],
  ];
  for (const [what, state] of ends) {
    test(`the password may end as ${what} by itself after 45 s`, async () => {
      await plan({ outcome: 'password', ends: what, after_s: 45, times: 1 });
      const number = `ends-${what}`;
      till.refused(await till.micropay(number), 'USERPAYING');
      await till.clock.advance(44_000);
      assert.equal(await till.stateOf(number), 'USERPAYING');
      await till.clock.advance(1_000);
      assert.equal(await till.stateOf(number), state);
    });
  }

  test('an end that comes too late changes nothing', async () => {
    await plan({ outcome: 'password', ends: 'failed', after_s: 20, times: 1 });
    await till.micropay('late-end-0001');
    await till.control('pay', { out_trade_no: 'late-end-0001' });
    await till.clock.advance(20_000);
    assert.equal(await till.stateOf('late-end-0001'), 'SUCCESS');
  });

  test('the state shows the plan and the code', async () => {
    await plan({ outcome: 'BANKERROR', leaves: 'paid', times: 3 });
    const auth_code = freshCode();
    await till.micropay('shown-0001', { auth_code });
    const { standing_micropays } = await till.read('state');
    assert.deepEqual(standing_micropays, { outcome: 'BANKERROR', leaves: 'paid', remaining: 2 });
    const { orders } = (await till.read('orders?out_trade_no=shown-0001')) as {
      orders: Record<string, unknown>[];
    };
    assert.deepEqual([orders[0]?.['auth_code'], orders[0]?.['sign_type']], [auth_code, 'MD5']);
    await plan({ outcome: 'normal' });
  });

  const wrong: Readonly<Record<string, object>> = {
    'no outcome': {},
    'an unknown outcome': { outcome: 'USERPAYING' },
    'a leaving without a code': { outcome: 'paid', leaves: 'paid' },
    'an unknown leaving': { outcome: 'BANKERROR', leaves: 'half' },
    'an end without a time': { outcome: 'password', ends: 'paid' },
    'a time without an end': { outcome: 'password', after_s: 1 },
    'an end without a password': { outcome: 'paid', ends: 'paid', after_s: 1 },
    'no times': { outcome: 'paid', times: 0 },
  };
  for (const [what, input] of Object.entries(wrong)) {
    test(`${what} is no plan`, async () => {
      assert.equal((await till.control('micropay', input)).status, 400);
    });
  }
});
