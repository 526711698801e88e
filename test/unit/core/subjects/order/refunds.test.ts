import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeOrder } from '#core/subjects/order/order.ts';
import { startRefund } from '#core/subjects/order/refunds.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { isOutRefundNo } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { type Instant, plus } from '#core/values/time.ts';
import {
  checked,
  createdAt,
  moment,
  orderOf,
  orderRecord,
  outTradeNo,
  paymentData,
} from '../../fixtures.ts';
import { note } from './refund-notes.ts';

const now = moment('2026-11-21T07:00:00Z');
const paid = orderRecord({ status: 'PAID' }, paymentData);
const request: NewRefund = {
  out_refund_no: checked(isOutRefundNo, 'R-1001-20261121'),
  of: { out_trade_no: outTradeNo },
  refundFen: checked(isFen, 3_000),
  reason: '少发一件',
  funds_account: 'AVAILABLE',
  notify_url: 'https://pay.example.com/notify/shop',
  bodySha256: 'nZ6mWn4x9mSZ0Vd7Fv0ZbK5xJ4ZqRr2Jm0x2m3m3m3M',
};

function startOn(status: string, data: JsonObject, refundFen = 3_000, at: Instant = now) {
  const order = orderOf(orderRecord({ status }, data));
  return startRefund(order, { ...request, refundFen: checked(isFen, refundFen) }, at);
}

/** When the refund may be applied for, on a PAID order with these refunds before it. */
function startAtAfter(refunds: readonly JsonObject[]): Instant | undefined {
  const started = startOn('PAID', { ...paymentData, refunds }, 1);
  return started.ok ? started.value.starts?.[0]?.startAt : undefined;
}

describe('a refund that a merchant asks for', () => {
  it('is noted in its order, and started with everything that applying needs', () => {
    const change = startRefund(orderOf(paid), request, now);
    const { out_refund_no, refundFen, of, ...rest } = request;
    assert.deepEqual(change.ok && change.value, {
      patch: { set: { refunds: [{ out_refund_no, refundFen, startAt: now, status: 'CREATED' }] } },
      events: [],
      isAside: true,
      starts: [
        {
          kind: 'refund',
          number: out_refund_no,
          startAt: now,
          data: {
            ...rest,
            ...of,
            refundFen,
            transaction_id: '4200000001202611210000000001',
            totalFen: 8_800,
            origin: 'request',
          },
        },
      ],
      evidence: 'refund R-1001-20261121',
    });
  });

  it('is noted behind those before it', () => {
    const refunds = [note('R-1', { status: 'CLOSED' }), note('R-2')];
    const change = startOn('PAID', { ...paymentData, refunds });
    const noted = change.ok ? change.value.patch.set?.['refunds'] : [];
    assert.ok(Array.isArray(noted));
    assert.deepEqual(noted.slice(0, 2), refunds);
    assert.equal(noted.length, 3);
  });

  for (const [status, data] of [
    ['UNMATCHED', {}],
    ['REVIEW', { reviewReason: 'late' }],
    ['REVIEW', { reviewReason: 'refund-failed' }],
  ] as const) {
    const why = 'reviewReason' in data ? ` for ${data.reviewReason}` : '';
    it(`is started on an order that is ${status}${why}`, () => {
      assert.equal(startOn(status, { ...paymentData, ...data }).ok, true);
    });
  }

  const { transaction_id: _, ...withoutNumber } = paymentData;
  const { paidFen: __, ...withoutAmount } = paymentData;
  const resolution = { action: 'accept', by: 'lin', why: 'called the payer', at: createdAt };
  for (const [what, status, data] of [
    ['CREATED', 'CREATED', {}],
    ['AWAITING', 'AWAITING', {}],
    ['AWAITING with a payment beside', 'AWAITING', paymentData],
    ['CLOSED', 'CLOSED', paymentData],
    ['REFUSED', 'REFUSED', paymentData],
    ['REVIEW without a payment', 'REVIEW', { reviewReason: 'not-found' }],
    ['PAID without the number of its payment', 'PAID', withoutNumber],
    ['PAID without its amount', 'PAID', withoutAmount],
  ] as const) {
    it(`is refused on an order that is ${what}`, () => {
      assert.deepEqual(startOn(status, data), { ok: false, error: 'order_unpaid' });
    });
  }

  it('conflicts with a resolution that is being carried out, and only on a REVIEW', () => {
    const data = { ...paymentData, resolution };
    assert.deepEqual(startOn('REVIEW', data), { ok: false, error: 'order_conflict' });
    assert.deepEqual(startOn('CLOSED', data), { ok: false, error: 'order_unpaid' });
  });
});

describe('the sum of the refunds of an order', () => {
  for (const [what, refunds, most] of [
    ['nothing', [], 8_800],
    ['a part', [note('R-1', { refundFen: 5_000 })], 3_800],
    ['two parts', [note('R-1', { refundFen: 5_000 }), note('R-2', { refundFen: 3_799 })], 1],
  ] as const) {
    it(`reaches to what was paid after ${what}, and not a fen further`, () => {
      const data = { ...paymentData, refunds };
      assert.equal(startOn('PAID', data, most).ok, true);
      assert.deepEqual(startOn('PAID', data, most + 1), { ok: false, error: 'refund_exceeds' });
    });
  }

  it('is that of the order, not of what the payer paid besides a coupon', () => {
    assert.equal(startOn('PAID', paymentData, 8_800).ok, true);
  });

  for (const status of ['CREATED', 'PROCESSING', 'SUCCESS', 'ABNORMAL']) {
    it(`counts a refund that is ${status}`, () => {
      const data = { ...paymentData, refunds: [note('R-1', { refundFen: 1, status })] };
      assert.deepEqual(startOn('PAID', data, 8_800), { ok: false, error: 'refund_exceeds' });
    });
  }

  for (const status of ['CLOSED', 'REFUSED']) {
    it(`does not count a refund that is ${status}`, () => {
      const data = { ...paymentData, refunds: [note('R-1', { refundFen: 8_800, status })] };
      assert.equal(startOn('PAID', data, 8_800).ok, true);
    });
  }
});

describe('the number, the time and the pace of refunds', () => {
  const many = (count: number, changes: JsonObject = {}) =>
    Array.from({ length: count }, (_, index) => note(`R-${index}`, { refundFen: 1, ...changes }));

  it('are 50 of an order at most, those that came to nothing not counted', () => {
    const most = { ...paymentData, refunds: many(49) };
    assert.equal(startOn('PAID', most, 1).ok, true);
    const full = { ...paymentData, refunds: many(50) };
    assert.deepEqual(startOn('PAID', full, 1), { ok: false, error: 'refund_limit' });
    const idle = { ...paymentData, refunds: [...many(49), ...many(9, { status: 'CLOSED' })] };
    assert.equal(startOn('PAID', idle, 1).ok, true);
  });

  it('end 365 days after the payment', () => {
    const lastMoment = moment('2027-11-21T04:04:59.999Z');
    assert.equal(startOn('PAID', paymentData, 1, lastMoment).ok, true);
    const over = startOn('PAID', paymentData, 1, moment('2027-11-21T04:05:00Z'));
    assert.deepEqual(over, { ok: false, error: 'refund_too_late' });
  });

  it('have no end by us where WeChat stated no time of the payment', () => {
    const { successAt: _, ...timeless } = paymentData;
    assert.equal(startOn('PAID', timeless, 1, moment('2029-11-21T04:05:00Z')).ok, true);
  });

  it('go a minute apart, whatever became of the one before', () => {
    for (const status of ['CREATED', 'PROCESSING', 'SUCCESS', 'ABNORMAL']) {
      const startAt = startAtAfter([note('R-1', { startAt: now, status })]);
      assert.equal(startAt, moment('2026-11-21T07:01:00Z'), status);
    }
  });

  it('start at once when the last one is a minute old', () => {
    assert.equal(startAtAfter([note('R-1', { startAt: plus(now, -60_000) })]), now);
    const almost = startAtAfter([note('R-1', { startAt: plus(now, -59_999) })]);
    assert.equal(almost, plus(now, 1));
  });

  it('queue up behind the latest, in whichever order they are noted', () => {
    const later = note('R-1', { startAt: moment('2026-11-21T07:02:00Z') });
    const sooner = note('R-2', { startAt: moment('2026-11-21T07:01:00Z') });
    for (const refunds of [
      [later, sooner],
      [sooner, later],
    ]) {
      assert.equal(startAtAfter(refunds), moment('2026-11-21T07:03:00Z'));
    }
  });

  it('do not wait for one that came to nothing', () => {
    assert.equal(startAtAfter([note('R-1', { startAt: now, status: 'REFUSED' })]), now);
  });

  it('tell the note and the record the same start', () => {
    const started = startOn('PAID', { ...paymentData, refunds: [note('R-1', { startAt: now })] });
    const noted = started.ok ? started.value.patch.set?.['refunds'] : [];
    assert.deepEqual(Array.isArray(noted) && noted[1]?.startAt, moment('2026-11-21T07:01:00Z'));
  });
});

describe('the refunds in the record of an order', () => {
  it('are read back as they were noted', () => {
    const refunds = [note('R-1'), note(`back-${outTradeNo}`, { status: 'CREATED' })];
    assert.deepEqual(orderOf(orderRecord({}, { refunds })).refunds, refunds);
    assert.deepEqual(orderOf(orderRecord()).refunds, []);
  });

  for (const damage of [
    {},
    'R-1',
    [null],
    [note('订单')],
    [note('R-1', { refundFen: -1 })],
    [note('R-1', { refundFen: '1000' })],
    [note('R-1', { startAt: 'soon' })],
    [note('R-1', { status: 'REFUND' })],
    [note('R-1'), { out_refund_no: 'R-2' }],
  ]) {
    it(`are not read from ${JSON.stringify(damage)}`, () => {
      const decoded = decodeOrder(orderRecord({}, { refunds: damage }));
      assert.deepEqual(decoded, { ok: false, error: 'refunds' });
    });
  }
});
