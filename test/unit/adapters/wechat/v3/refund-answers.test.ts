import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readApplied, readRefund } from '#adapters/wechat/v3/refund-answers.ts';
import { refundStates } from '#core/evidence.ts';
import { isOutRefundNo } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import { known, succeededRefund } from './support.ts';

const asked = known('refund|1@desk', isOutRefundNo);
const malformed = { type: 'unknown', code: 'MALFORMED' };
const otherRefund = { type: 'unknown', code: 'OTHER_REFUND' };
const noObjects = ['', 'null', '[]', '"SUCCESS"', '{"status":"SUCCESS"', '<html>'];

function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function read(changes: Record<string, unknown>) {
  return readRefund(bytes({ ...succeededRefund, ...changes }), asked);
}

function readAmount(changes: Record<string, unknown>) {
  return read({ amount: { ...succeededRefund.amount, ...changes } });
}

suite('an answer to a query', () => {
  test('brings the state and what was refunded', () => {
    assert.deepEqual(read({}), {
      type: 'state',
      state: 'SUCCESS',
      out_refund_no: 'refund|1@desk',
      facts: {
        refund_id: '50000000382019052709732678859',
        out_trade_no: 'order_000001',
        transaction_id: '4200002345202611211234567890',
        refundFen: 40,
        totalFen: 100,
        successAt: instant(1_795_233_605_000),
      },
    });
  });

  test('every known state is read', () => {
    assert.deepEqual(refundStates, ['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']);
    for (const status of refundStates) {
      const evidence = read({ status });
      assert.equal(evidence.type === 'state' && evidence.state, status);
    }
  });

  test('a time that is absent or cannot be read is left out', () => {
    for (const success_time of [undefined, null, '', 'yesterday', '2026-11-21 12:00:05', 7]) {
      const evidence = read({ success_time });
      assert.ok(evidence.type === 'state');
      assert.equal('successAt' in evidence.facts, false);
      assert.equal(evidence.facts.refundFen, 40);
    }
  });

  test('a currency that is not named is CNY', () => {
    assert.deepEqual(readAmount({ currency: undefined }), read({}));
  });
});

suite('an answer about another refund is unknown', () => {
  test('when it names another number', () => {
    for (const out_refund_no of ['refund|2@desk', 'REFUND|1@DESK', 'refund|1', 'refund|1@desk1']) {
      assert.deepEqual(read({ out_refund_no }), otherRefund);
    }
  });
});

suite('an answer that is not whole is unknown', () => {
  test('when it is not a JSON object', () => {
    for (const body of noObjects) {
      assert.deepEqual(readRefund(bytes(body), asked), malformed);
    }
  });

  test('when its status is unknown, missing or no text', () => {
    for (const status of ['REFUND', 'success', '', undefined, null, ['SUCCESS']]) {
      assert.deepEqual(read({ status }), malformed);
    }
  });

  test('when it has the field of a notice instead', () => {
    assert.deepEqual(read({ status: undefined, refund_status: 'SUCCESS' }), malformed);
  });

  for (const name of ['out_refund_no', 'refund_id', 'out_trade_no', 'transaction_id']) {
    test(`when its ${name} is missing or odd`, () => {
      for (const value of [undefined, null, '', 'a b', 42, {}, 'x'.repeat(65)]) {
        for (const status of refundStates) {
          assert.deepEqual(read({ status, [name]: value }), malformed);
        }
      }
    });
  }

  test('when it has no amounts', () => {
    for (const amount of [undefined, null, 40, [40], {}]) {
      assert.deepEqual(read({ amount }), malformed);
    }
  });

  for (const name of ['refund', 'total']) {
    test(`when its ${name} is not whole fen`, () => {
      for (const value of [undefined, null, '40', -1, 1.5, 2 ** 53, [40]]) {
        assert.deepEqual(readAmount({ [name]: value }), malformed);
      }
    });
  }

  test('when its amounts are not in CNY', () => {
    for (const currency of ['USD', 'cny', '', null, 156]) {
      assert.deepEqual(readAmount({ currency }), malformed);
    }
  });
});

suite('an answer to an application', () => {
  test('that names the refund says that it is accepted, whatever its status', () => {
    for (const status of [...refundStates, 'NEVER_HEARD_OF', undefined]) {
      const answer = bytes({ ...succeededRefund, status });
      assert.deepEqual(readApplied(answer, asked), { type: 'accepted' });
    }
  });

  test('that names another refund leaves it open', () => {
    const answer = bytes({ ...succeededRefund, out_refund_no: 'refund|2@desk' });
    assert.deepEqual(readApplied(answer, asked), otherRefund);
  });

  test('that names no refund leaves it open', () => {
    for (const out_refund_no of [undefined, null, '', 'a b', 42, ['refund|1@desk']]) {
      const answer = bytes({ ...succeededRefund, out_refund_no });
      assert.deepEqual(readApplied(answer, asked), malformed);
    }
    for (const body of noObjects) {
      assert.deepEqual(readApplied(bytes(body), asked), malformed);
    }
  });
});
