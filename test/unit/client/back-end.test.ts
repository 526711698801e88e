import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { signedHeaders } from '#adapters/webhooks/signature.ts';
import { errorCodes } from '#core/errors.ts';
import { decodeEvent, eventTypes } from '#core/events.ts';
import { orderView } from '#core/subjects/order/describe.ts';
import { refundView } from '#core/subjects/refund/describe.ts';
import { isOrderView, isRefundView } from '../../../client/src/answers.ts';
import { isApiErrorCode } from '../../../client/src/errors.ts';
import { createWebhookVerifier, WechatpayError } from '../../../client/src/index.ts';
import { samplesOf } from '../../house/event-samples.ts';
import { at } from '../../support/clock.ts';
import { createdAt, orderOf, orderRecord, paymentData } from '../core/fixtures.ts';
import { refundOf, refundStored, startAt, successAt } from '../core/subjects/refund/fixtures.ts';

/** The client imports nothing of the back end, so only here it is seen whether they still agree. */
describe('the client and the back end', () => {
  for (const [code, { retryable }] of Object.entries(errorCodes)) {
    it(`say the same of the error ${code}`, () => {
      assert.ok(isApiErrorCode(code));
      assert.equal(new WechatpayError(code, '').retryable, retryable);
    });
  }

  const now = at('2026-11-21T04:00:22Z');
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const seed = Buffer.alloc(32, 9);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;

  for (const type of eventTypes) {
    it(`agree on a webhook of ${type}, by each kind of key`, async () => {
      for (const sample of samplesOf(type)) {
        const body = JSON.stringify(sample);
        const event = decodeEvent(body);
        assert.ok(event.ok);
        const keys = [secret, `whsk_${seed.toString('base64')}`] as const;
        const headers = signedHeaders(keys, { event: event.value, body }, now);
        assert.ok(headers.ok);
        for (const key of [secret, publicKey]) {
          const { verify } = createWebhookVerifier({ keys: [key], now: () => now });
          assert.deepEqual(await verify(headers.value, body), sample);
        }
      }
    });
  }

  it('agree on the id of an event that may not stand in a header as it is', async () => {
    const [sample = {}] = samplesOf('notice.unhandled');
    const body = JSON.stringify({ ...sample, id: 'notice#1900000001#EV 茶.1/notice.unhandled/1' });
    const event = decodeEvent(body);
    assert.ok(event.ok);
    const headers = signedHeaders([secret], { event: event.value, body }, now);
    assert.ok(headers.ok);
    const { verify } = createWebhookVerifier({ keys: [secret], now: () => now });
    assert.equal((await verify(headers.value, body)).id, event.value.id);
  });

  const decided = { action: 'refund', by: 'Ann', why: 'paid twice', at: createdAt };
  const row = { at: createdAt, from: 'AWAITING', to: 'PAID', because: 'notice' };
  const history = [row, { ...row, evidence: 'SUCCESS' }];
  const orders = {
    'just begun': orderRecord(),
    'never ordered': orderRecord({ status: 'UNMATCHED' }, paymentData),
    closed: orderRecord({ status: 'CLOSED' }, { closeReason: 'expired' }),
    'of which everything can be said': orderRecord(
      { status: 'REVIEW', history, historyCount: 2 },
      {
        ...paymentData,
        late: true,
        reviewReason: 'duplicate',
        contradiction: true,
        duplicateOf: { account: 'shop', mchid: '1900000001', out_trade_no: 'A-1000' },
        refunds: [{ out_refund_no: 'R-1', refundFen: 100, startAt: createdAt, status: 'CREATED' }],
        resolution: decided,
        resolved: { ...decided, outcome: 'impossible' },
      },
    ),
  };
  for (const [what, record] of Object.entries(orders)) {
    it(`agree on the view of an order ${what}`, () => {
      const view = orderView(record, orderOf(record));
      assert.ok(isOrderView({ ...view, refreshed: false }));
      assertEachFieldCounts(view, isOrderView);
    });
  }

  const refund_id = '50300002002026112100000000001';
  const refunds = {
    'just begun': refundStored(),
    succeeded: refundStored(
      { status: 'SUCCESS', history: [{ ...row, at: startAt }], historyCount: 1 },
      { refund_id, successAt },
    ),
    refused: refundStored({ status: 'REFUSED' }, { refusal: 'INVALID_REQUEST' }),
  };
  for (const [what, record] of Object.entries(refunds)) {
    it(`agree on the view of a refund ${what}`, () => {
      const view = refundView(record, refundOf(record));
      assert.ok(isRefundView({ ...view, refreshed: true }));
      assertEachFieldCounts(view, isRefundView);
    });
  }
});

/** No field of a view may be of another kind, so none is forgotten in the check. */
function assertEachFieldCounts(view: object, check: (value: unknown) => boolean): void {
  assert.ok(check(view));
  for (const name of Object.keys(view)) {
    assert.equal(check({ ...view, [name]: { wrong: true } }), false, name);
    assert.equal(check({ ...view, [name]: null }), false, name);
  }
}
