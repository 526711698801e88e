import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readApplied, readRefund } from '#adapters/wechat/v2/refund-answers.ts';
import { isOutRefundNo } from '#core/values/ids.ts';
import { known, noon } from './account-support.ts';

const asked = known('refund|1@desk', isOutRefundNo);
const malformed = { type: 'unknown', code: 'MALFORMED' };
const otherRefund = { type: 'unknown', code: 'OTHER_REFUND' };

const order = {
  out_trade_no: 'order_000001',
  transaction_id: '4200002345202611211234567890',
  total_fee: '100',
  fee_type: 'CNY',
};

const nth = (index: number | string, changes: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries({
      out_refund_no: 'refund|1@desk',
      refund_id: '50000000382019052709732678859',
      refund_fee: '40',
      refund_status: 'SUCCESS',
      refund_success_time: '2026-11-21 12:00:00',
      ...changes,
    }).map(([name, value]) => [`${name}_${index}`, value]),
  );

function read(changes: Readonly<Record<string, string>>, without: readonly string[] = []) {
  const fields = Object.entries({ ...order, ...changes });
  return readRefund(new Map(fields.filter(([name]) => !without.includes(name))), asked);
}

suite('an answer to the query of a refund', () => {
  test('brings what it moved, of how much, and when', () => {
    assert.deepEqual(read(nth(0)), {
      type: 'state',
      state: 'SUCCESS',
      out_refund_no: 'refund|1@desk',
      facts: {
        refund_id: '50000000382019052709732678859',
        out_trade_no: 'order_000001',
        transaction_id: '4200002345202611211234567890',
        refundFen: 40,
        totalFen: 100,
        successAt: noon,
      },
    });
  });

  for (const [refund_status, state] of [
    ['PROCESSING', 'PROCESSING'],
    ['SUCCESS', 'SUCCESS'],
    ['REFUNDCLOSE', 'CLOSED'],
    ['CHANGE', 'ABNORMAL'],
  ] as const) {
    test(`${refund_status} is ${state}`, () => {
      const evidence = read(nth(0, { refund_status }));
      assert.equal(evidence.type === 'state' && evidence.state, state);
    });
  }

  test('finds ours among others of the same order, whatever its index', () => {
    const other = (index: number) =>
      nth(index, { out_refund_no: `other${index}`, refund_fee: '1', refund_status: 'CHANGE' });
    for (const index of [0, 1, 9, 12]) {
      const evidence = read({ ...other(2), ...other(10), ...nth(index) });
      assert.equal(evidence.type === 'state' && evidence.facts.refundFen, 40);
      assert.equal(evidence.type === 'state' && evidence.state, 'SUCCESS');
    }
  });

  test('a field that only ends like a number of a refund is none', () => {
    for (const field of ['x_out_refund_no_1', 'settlement_out_refund_no_0']) {
      assert.equal(read({ ...nth(0), [field]: 'refund|1@desk' }).type, 'state');
      assert.deepEqual(read({ [field]: 'another' }), malformed);
    }
  });

  test('a time that cannot be read is left out', () => {
    for (const refund_success_time of ['', 'soon']) {
      const evidence = read(nth(0, { refund_success_time }));
      assert.ok(evidence.type === 'state');
      assert.equal('successAt' in evidence.facts, false);
    }
  });
});

suite('an answer that is not whole is unknown', () => {
  test('when it lists other refunds only, or none', () => {
    assert.deepEqual(read(nth(0, { out_refund_no: 'another' })), otherRefund);
    assert.deepEqual(read({}), malformed);
    assert.deepEqual(read({ out_refund_no: 'refund|1@desk' }), malformed);
    for (const index of ['', 'a', '-1', '100', '$n']) {
      assert.deepEqual(read(nth(index)), malformed, index);
    }
  });

  test('when it lists ours twice', () => {
    assert.deepEqual(read({ ...nth(0), ...nth(1) }), malformed);
  });

  test('when a number, an amount or the state of ours is missing or odd', () => {
    for (const name of ['refund_id_0', 'refund_fee_0', 'refund_status_0', ...Object.keys(order)]) {
      for (const odd of ['', ' 1', '-1', '退']) {
        if (odd !== '' || name !== 'fee_type') {
          assert.deepEqual(read({ ...nth(0), [name]: odd }), malformed, name);
        }
      }
      if (name !== 'fee_type') {
        assert.deepEqual(read(nth(0), [name]), malformed, name);
      }
    }
    for (const odd of ['1e2', '1.0', '01']) {
      assert.deepEqual(read(nth(0, { refund_fee: odd })), malformed, odd);
      assert.deepEqual(read({ ...nth(0), total_fee: odd }), malformed, odd);
    }
    for (const refund_status of ['FAIL', 'CLOSED', 'success', 'ABNORMAL']) {
      assert.deepEqual(read(nth(0, { refund_status })), malformed, refund_status);
    }
  });

  test('when it is not about Chinese money; without a word it is', () => {
    assert.deepEqual(read({ ...nth(0), fee_type: 'USD' }), malformed);
    assert.equal(read(nth(0), ['fee_type']).type, 'state');
    assert.equal(read({ ...nth(0), fee_type: '' }).type, 'state');
  });

  test('when the state and amount stand at the index of another', () => {
    const { out_refund_no_0 = '' } = nth(0);
    const elsewhere = nth(1, { out_refund_no: 'another' });
    assert.deepEqual(read({ ...elsewhere, out_refund_no_0 }), malformed);
  });
});

suite('an answer to an application', () => {
  test('accepts ours, and only ours', () => {
    const readOf = (number: string) => readApplied(new Map([['out_refund_no', number]]), asked);
    assert.deepEqual(readOf('refund|1@desk'), { type: 'accepted' });
    assert.deepEqual(readOf('refund|2@desk'), otherRefund);
    assert.deepEqual(readOf(''), malformed);
    assert.deepEqual(readOf('a b'), malformed);
    assert.deepEqual(readApplied(new Map(), asked), malformed);
  });
});
