import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { signOf } from './v2-notice-reader.ts';
import { openTill } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());

till.succeeded(await till.placeV2('order-0001'));
await till.control('pay', { out_trade_no: 'order-0001', notice: 'lost' });

const arm = async (fault: string, more: object = {}) => {
  assert.equal((await till.control('faults', { fault, ...more })).status, 200);
};
const struck = async (fault: string, more: object = {}) => {
  await arm(fault, { operation: 'v2-orderquery', ...more });
  return till.queryV2('order-0001');
};
const isWellAgain = async () => {
  assert.equal(await till.stateOf('order-0001'), 'SUCCESS');
};

describe('faults of APIv2', () => {
  test('500 strikes once, empty', async () => {
    assert.deepEqual(await struck('500'), { status: 500, fields: {} });
    await isWellAgain();
  });

  test('a broken connection is a reset', async () => {
    await assert.rejects(struck('reset'), { code: 'ECONNRESET' });
    await isWellAgain();
  });

  test('a timeout gives no answer until the connection is dropped', async () => {
    await assert.rejects(struck('timeout'), { code: 'ECONNRESET' });
    await isWellAgain();
  });

  test('return-fail is unsigned and says nothing else', async () => {
    const { status, fields } = await struck('return-fail');
    assert.deepEqual([status, Object.keys(fields)], [200, ['return_code', 'return_msg']]);
    assert.equal(fields['return_code'], 'FAIL');
    await isWellAgain();
  });

  test('SYSTEMERROR and any other code are well signed', async () => {
    till.refused(await struck('SYSTEMERROR'), 'SYSTEMERROR');
    till.refused(await struck('err-code', { err_code: 'ORDERNOTEXIST' }), 'ORDERNOTEXIST');
    await isWellAgain();
  });

  test('an unsigned success has no sign, a bad signature one that does not fit', async () => {
    const unsigned = (await struck('unsigned-2xx')).fields;
    assert.deepEqual([unsigned['trade_state'], unsigned['sign']], ['SUCCESS', undefined]);
    const { fields } = await struck('bad-signature');
    assert.equal(fields['trade_state'], 'SUCCESS');
    assert.match(fields['sign'] ?? '', /^[0-9A-F]{32}$/);
    assert.notEqual(fields['sign'], signOf(fields, till.merchant.apiKey, 'MD5'));
    await isWellAgain();
  });

  test('a refusal can be badly signed too', async () => {
    await arm('bad-signature', { operation: 'v2-orderquery' });
    const { fields } = await till.queryV2('nobody-0001');
    assert.equal(fields['err_code'], 'ORDERNOTEXIST');
    assert.notEqual(fields['sign'], signOf(fields, till.merchant.apiKey, 'MD5'));
  });

  test('a stale answer does not know the payment, nor the end of a refund, yet', async () => {
    const fields = till.succeeded(await struck('stale'));
    assert.deepEqual([fields['trade_state'], fields['total_fee']], ['NOTPAY', undefined]);
    const { transaction_id } = till.succeeded(await till.queryV2('order-0001'));
    await arm('stale');
    till.refused(await till.v2('/pay/orderquery', { transaction_id }), 'ORDERNOTEXIST');
    till.succeeded(await till.micropay('scanned-0001'));
    await arm('stale');
    assert.equal(await till.stateOf('scanned-0001'), 'USERPAYING');
    till.succeeded(await till.refundV2('scanned-0001', 'refund-1', 100));
    await till.clock.advance(5_000);
    const statusOf = async () =>
      till.succeeded(await till.v2('/pay/refundquery', { out_refund_no: 'refund-1' }));
    await arm('stale');
    assert.equal((await statusOf())['refund_status_0'], 'PROCESSING');
    assert.equal((await statusOf())['refund_status_0'], 'SUCCESS');
  });

  const failing = [
    ['500', {}],
    ['return-fail', {}],
    ['SYSTEMERROR', {}],
    ['err-code', { err_code: 'BANKERROR' }],
    ['reset', {}],
    ['timeout', {}],
  ] as const;
  for (const [fault, more] of failing) {
    test(`${fault} takes no effect unless told so`, async () => {
      const lost = async (number: string) => {
        await till.micropay(number).catch(() => undefined);
      };
      await arm(fault, { ...more, operation: 'v2-micropay' });
      await lost(`effect-${fault}`);
      till.refused(await till.queryV2(`effect-${fault}`), 'ORDERNOTEXIST');
      await arm(fault, { ...more, operation: 'v2-micropay', carry_out: true });
      await lost(`effect-${fault}`);
      assert.equal(await till.stateOf(`effect-${fault}`), 'SUCCESS');
    });
  }

  test('faults in the words of one version spare the calls of the other', async () => {
    for (const fault of ['429', 'unsigned-404', 'probe']) {
      await arm(fault);
      await isWellAgain();
      await till.query('order-0001');
    }
    for (const [fault, more] of [
      ['return-fail', {}],
      ['SYSTEMERROR', {}],
      ['err-code', { err_code: 'X' }],
    ] as const) {
      await arm(fault, more);
      assert.equal((await till.query('order-0001')).status, 200);
      assert.notEqual((await till.queryV2('order-0001')).fields['result_code'], 'SUCCESS');
    }
    const { faults } = await till.read('state');
    assert.deepEqual(faults, []);
  });

  test('the log tells the fault and the code', async () => {
    await struck('SYSTEMERROR');
    await struck('500');
    const { calls } = (await till.read('calls?limit=2')) as { calls: Record<string, unknown>[] };
    assert.deepEqual(
      calls.map(({ operation, status, fault, code }) => [operation, status, fault, code]),
      [
        ['v2-orderquery', 200, 'SYSTEMERROR', 'SYSTEMERROR'],
        ['v2-orderquery', 500, '500', undefined],
      ],
    );
  });

  const wrong: Readonly<Record<string, object>> = {
    'err-code without a code': { fault: 'err-code' },
    'a code without err-code': { fault: 'SYSTEMERROR', err_code: 'BANKERROR' },
    'a code in lower case': { fault: 'err-code', err_code: 'bankerror' },
    'an operation that is not known': { fault: '500', operation: 'v2-refundv2' },
  };
  for (const [what, input] of Object.entries(wrong)) {
    test(`${what} can not be armed`, async () => {
      assert.equal((await till.control('faults', input)).status, 400);
    });
  }
});
