import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refundStatuses } from '#core/subjects/refund/refund.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import {
  learnServiceRefund,
  refuseServiceRefund,
  startServiceRefund,
} from '#core/subjects/service-order/refunds.ts';
import { serviceOrderStatuses } from '#core/subjects/service-order/service-order.ts';
import { isOutRefundNo } from '#core/values/ids.ts';
import type { Json, JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { type Instant, plus } from '#core/values/time.ts';
import { checked, moment, transactionId } from '../../fixtures.ts';
import { now, sha } from '../../payscore/fixtures.ts';
import { refundOf, refundStored, startAt } from '../refund/fixtures.ts';
import { lessonNo } from '../sign-plan/fixtures.ts';
import { completedData, orderIn, orderOf, paidAt } from './fixtures.ts';

const payment = {
  ...completedData,
  transaction_id: transactionId,
  paidFen: 12_000,
  successAt: paidAt,
};
const request: NewRefund = {
  out_refund_no: checked(isOutRefundNo, 'R-1'),
  of: { out_order_no: lessonNo(2) },
  refundFen: checked(isFen, 3_000),
  reason: '停课一节',
  notify_url: 'https://pay.example.com/notify/shop',
  bodySha256: sha,
};

function note(out_refund_no: string, changes: JsonObject = {}): JsonObject {
  return { out_refund_no, refundFen: 3_000, startAt: now, status: 'SUCCESS', ...changes };
}

function start(
  data: Readonly<Record<string, Json | undefined>>,
  { status = 'PAID', at = now, ...changes }: Partial<NewRefund> & { status?: string; at?: Instant },
) {
  const order = orderOf(orderIn(status, { ...payment, ...data }));
  return startServiceRefund(order, { ...request, ...changes }, at);
}

describe('a refund of a service order', () => {
  it('is noted there, and goes by the transaction of its charge', () => {
    assert.deepEqual(start({}, {}), {
      ok: true,
      value: {
        patch: {
          set: {
            refunds: [{ out_refund_no: 'R-1', refundFen: 3_000, startAt: now, status: 'CREATED' }],
          },
        },
        events: [],
        isAside: true,
        starts: [
          {
            kind: 'refund',
            number: 'R-1',
            startAt: now,
            data: {
              out_order_no: 'lesson-2',
              transaction_id: transactionId,
              refundFen: 3_000,
              totalFen: 12_000,
              origin: 'request',
              notify_url: 'https://pay.example.com/notify/shop',
              reason: '停课一节',
              bodySha256: sha,
            },
          },
        ],
        evidence: 'refund R-1',
      },
    });
  });

  for (const status of serviceOrderStatuses) {
    const hasMoney = ['PAID', 'REVIEW', 'UNMATCHED'].includes(status);
    it(`${hasMoney ? 'starts' : 'is refused'} while that is ${status}`, () => {
      const answer = start({}, { status });
      const error = answer.ok ? undefined : answer.error;
      assert.equal(error, hasMoney ? undefined : 'order_unpaid');
    });
  }

  it('is refused where it was paid another way: there is no transaction', () => {
    const refusal = { ok: false, error: 'order_unpaid' };
    const another = { transaction_id: undefined, paid_type: 'MCH' };
    assert.deepEqual(start(another, {}), refusal);
    assert.deepEqual(start({ paidFen: undefined }, {}), refusal);
  });

  it('gives back all that was paid, and never a fen more', () => {
    const all = { refundFen: checked(isFen, 12_000) };
    assert.ok(start({}, all).ok);
    const more = { refundFen: checked(isFen, 12_001) };
    assert.deepEqual(start({}, more), { ok: false, error: 'refund_exceeds' });
    const refunds = [note('R-0')];
    assert.ok(start({ refunds }, { refundFen: checked(isFen, 9_000) }).ok);
    const rest = { refundFen: checked(isFen, 9_001) };
    assert.deepEqual(start({ refunds }, rest), { ok: false, error: 'refund_exceeds' });
  });

  it('is measured by what was paid, not by what was agreed', () => {
    const some = { refundFen: checked(isFen, 10_001) };
    assert.deepEqual(start({ paidFen: 10_000 }, some), { ok: false, error: 'refund_exceeds' });
  });

  for (const status of ['CLOSED', 'REFUSED']) {
    it(`may take what one that was ${status} did not`, () => {
      const refunds = [note('R-0', { status, refundFen: 12_000 })];
      assert.ok(start({ refunds }, { refundFen: checked(isFen, 12_000) }).ok);
    });
  }

  it('starts a minute after the one before', () => {
    const answer = start({ refunds: [note('R-0')] }, {});
    assert.equal(answer.ok && answer.value.starts?.[0]?.startAt, moment('2026-11-21T07:01:00Z'));
  });

  it('is one of fifty', () => {
    const refunds = Array.from({ length: 50 }, (_, n) => note(`R-0-${n}`, { refundFen: 1 }));
    assert.deepEqual(start({ refunds }, {}), { ok: false, error: 'refund_limit' });
    assert.ok(start({ refunds: refunds.slice(1) }, {}).ok);
  });

  it('starts within a year of the payment', () => {
    const last = moment('2027-11-21T06:59:29.999Z');
    assert.ok(start({}, { at: last }).ok);
    const late = { ok: false, error: 'refund_too_late' };
    assert.deepEqual(start({}, { at: plus(last, 1) }), late);
    assert.ok(start({ successAt: undefined }, { at: plus(last, 1) }).ok);
  });
});

describe('what a service order learns of a refund', () => {
  const number = 'R-1001-20261121';
  const told = (status: string) => refundOf(refundStored({ status }));

  for (const status of refundStatuses) {
    it(`that it did not know: ${status}`, () => {
      const order = orderOf(orderIn('PAID', payment));
      const change = learnServiceRefund(order, { out_refund_no: number, refund: told(status) });
      assert.deepEqual(change, {
        patch: { set: { refunds: [{ out_refund_no: number, refundFen: 3_000, startAt, status }] } },
        events: [],
        isAside: true,
        evidence: `refund ${number} ${status}`,
      });
    });

    it(`that it knows to be ${status} is nothing`, () => {
      const order = orderOf(orderIn('PAID', { ...payment, refunds: [note(number, { status })] }));
      const change = learnServiceRefund(order, { out_refund_no: number, refund: told(status) });
      assert.equal(change, undefined);
    });
  }

  it('changes the status alone, and of that one alone', () => {
    const refunds = [note('R-0'), note(number, { status: 'PROCESSING' })];
    const order = orderOf(orderIn('PAID', { ...payment, refunds }));
    const change = learnServiceRefund(order, { out_refund_no: number, refund: told('CLOSED') });
    const after = [note('R-0'), note(number, { status: 'CLOSED' })];
    assert.deepEqual(change?.patch, { set: { refunds: after } });
  });

  it('is nothing under a number that no refund can have', () => {
    const order = orderOf(orderIn('PAID', payment));
    const change = learnServiceRefund(order, { out_refund_no: 'R/1', refund: told('SUCCESS') });
    assert.equal(change, undefined);
  });

  it("is refused where the number is another payment's", () => {
    const refunds = [note('R-0'), note('R-1', { status: 'CREATED' })];
    const order = orderOf(orderIn('PAID', { ...payment, refunds }));
    const after = [note('R-0'), note('R-1', { status: 'REFUSED' })];
    assert.deepEqual(refuseServiceRefund(order, 'R-1'), { set: { refunds: after } });
  });
});
