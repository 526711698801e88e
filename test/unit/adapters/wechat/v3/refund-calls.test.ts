import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyCall, refundQueryCall } from '#adapters/wechat/v3/refund-calls.ts';
import type { RefundRequest } from '#core/ports.ts';
import { isOutRefundNo, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { known } from './support.ts';

const request: RefundRequest = {
  out_refund_no: known('refund|1@desk', isOutRefundNo),
  transaction_id: known('4200002345202611211234567890', isTransactionId),
  refundFen: known(40, isFen),
  totalFen: known(100, isFen),
  currency: 'CNY',
};

function bodyOf(request: RefundRequest): Record<string, unknown> {
  return JSON.parse(applyCall(request).body ?? '');
}

suite('apply', () => {
  test('names the payment, the number and the amounts, and nothing else', () => {
    const call = applyCall(request);
    assert.equal(call.method, 'POST');
    assert.equal(call.target, '/v3/refund/domestic/refunds');
    assert.equal(
      call.body,
      '{"transaction_id":"4200002345202611211234567890","out_refund_no":"refund|1@desk",' +
        '"amount":{"refund":40,"total":100,"currency":"CNY"}}',
    );
  });

  test('sends what else is given as it is', () => {
    const given = {
      reason: '商品已售完',
      notify_url: 'https://pay.example.com/notify/main',
      funds_account: 'UNSETTLED',
    } as const;
    assert.deepEqual(bodyOf({ ...request, ...given }), { ...bodyOf(request), ...given });
  });

  test('gives the same bytes for the same request, however its fields are ordered', () => {
    const { out_refund_no, transaction_id, ...rest } = request;
    const reordered: RefundRequest = { reason: 'late', ...rest, out_refund_no, transaction_id };
    assert.equal(applyCall(reordered).body, applyCall({ ...request, reason: 'late' }).body);
  });

  test('gives other bytes for another refund', () => {
    const changes: Partial<RefundRequest>[] = [
      {},
      { out_refund_no: known('refund|2@desk', isOutRefundNo) },
      { transaction_id: known('4200002345202611211234567891', isTransactionId) },
      { reason: '' },
      { notify_url: '' },
      { funds_account: 'AVAILABLE' },
      { funds_account: 'UNSETTLED' },
      { refundFen: request.totalFen },
      { totalFen: request.refundFen },
    ];
    const bodies = changes.map((change) => applyCall({ ...request, ...change }).body);
    assert.equal(new Set(bodies).size, 9);
  });
});

suite('query', () => {
  test('asks by the number alone, without the mchid', () => {
    assert.deepEqual(refundQueryCall(known('123123123123', isOutRefundNo)), {
      method: 'GET',
      target: '/v3/refund/domestic/refunds/123123123123',
    });
  });

  test('writes a number that a URL cannot hold percent-encoded', () => {
    const { target } = refundQueryCall(known('a|b*c-d_e@f', isOutRefundNo));
    assert.equal(target, '/v3/refund/domestic/refunds/a%7Cb*c-d_e%40f');
  });
});
