import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyCall, refundQueryCall } from '#adapters/wechat/v2/refund-calls.ts';
import type { RefundRequest } from '#core/ports.ts';
import { isOutRefundNo, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { known } from './account-support.ts';

const out_refund_no = known('refund|1@desk', isOutRefundNo);
const request: RefundRequest = {
  out_refund_no,
  transaction_id: known('4200002345202611211234567890', isTransactionId),
  refundFen: known(40, isFen),
  totalFen: known(100, isFen),
  currency: 'CNY',
};

suite('an application for a refund', () => {
  test("sends WeChat's number of the payment and both amounts", () => {
    const { target, fields } = applyCall(request);
    assert.equal(target, '/secapi/pay/refund');
    assert.deepEqual(JSON.parse(JSON.stringify(fields)), {
      transaction_id: '4200002345202611211234567890',
      out_refund_no: 'refund|1@desk',
      total_fee: '100',
      refund_fee: '40',
      refund_fee_type: 'CNY',
    });
  });

  test('sends its reason whole, and where its notice goes', () => {
    const reason = '退'.repeat(26);
    const notify_url = 'https://pay.example.com/notify/main';
    const { fields } = applyCall({ ...request, reason, notify_url });
    assert.equal(fields['refund_desc'], reason);
    assert.equal(fields['notify_url'], notify_url);
  });

  for (const [funds_account, name] of [
    ['AVAILABLE', 'REFUND_SOURCE_RECHARGE_FUNDS'],
    ['UNSETTLED', 'REFUND_SOURCE_UNSETTLED_FUNDS'],
  ] as const) {
    test(`takes ${funds_account} funds by their name in APIv2`, () => {
      assert.equal(applyCall({ ...request, funds_account }).fields['refund_account'], name);
    });
  }
});

suite('the query of a refund', () => {
  test('is by its number alone', () => {
    const fields = { out_refund_no: 'refund|1@desk' };
    assert.deepEqual(refundQueryCall(out_refund_no), { target: '/pay/refundquery', fields });
  });
});
