import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventTypes } from '#core/events.ts';
import type { StoredRecord } from '#core/record.ts';
import { orderEventData, orderView } from '#core/subjects/order/describe.ts';
import { createdAt, moment, openid, orderOf, orderRecord, paymentData } from '../../fixtures.ts';
import { columns } from './cells.ts';
import { reversingRecord } from './code-payments.ts';

const history = [
  {
    at: moment('2026-11-21T04:05:03Z'),
    from: 'AWAITING',
    to: 'PAID',
    because: 'notice',
    evidence: 'SUCCESS',
  },
];
const paid = orderRecord({ status: 'PAID', history, historyCount: 1 }, paymentData);
const resolution = { action: 'refund', by: 'Ann', why: 'paid twice', at: createdAt };
const resolved = { ...resolution, outcome: 'done' };
const money = {
  reference: 'shop-4711',
  amount: { total: 8_800, currency: 'CNY' },
  transaction_id: '4200000001202611210000000001',
  paid_total: 8_800,
  payer_total: 8_300,
  success_time: '2026-11-21T04:05:00.000Z',
};

function eventData(record: StoredRecord, event: string) {
  return orderEventData(record, orderOf(record), event);
}

describe('the data of an event', () => {
  it('tells a payment in the names of WeChat', () => {
    assert.deepEqual(eventData(paid, 'order.paid'), {
      mchid: '1900000001',
      out_trade_no: 'A-1001-20261121',
      status: 'PAID',
      ...money,
    });
  });

  it('tells that a payment was late', () => {
    const late = orderRecord({ status: 'PAID' }, { ...paymentData, late: true });
    assert.equal(eventData(late, 'order.paid')['late'], true);
    assert.equal('late' in eventData(paid, 'order.paid'), false);
  });

  it('tells nothing of money that nobody paid', () => {
    const closed = orderRecord({ status: 'CLOSED' }, { closeReason: 'expired' });
    assert.deepEqual(eventData(closed, 'order.closed'), {
      mchid: '1900000001',
      out_trade_no: 'A-1001-20261121',
      status: 'CLOSED',
      reason: 'expired',
      reference: 'shop-4711',
      amount: { total: 8_800, currency: 'CNY' },
    });
  });

  it('leaves out what the merchant did not give and WeChat did not state', () => {
    const { reference: _, ...terms } = orderRecord().data;
    const { payerTotalFen: __, successAt: ___, ...payment } = paymentData;
    const record = { ...paid, data: { ...terms, ...payment } };
    assert.deepEqual(eventData(record, 'order.paid'), {
      mchid: '1900000001',
      out_trade_no: 'A-1001-20261121',
      status: 'PAID',
      amount: { total: 8_800, currency: 'CNY' },
      transaction_id: '4200000001202611210000000001',
      paid_total: 8_800,
    });
  });

  it('tells that an order could not be reversed, and what is known to be paid of it', () => {
    const record = reversingRecord({ status: 'REVIEW' }, { reviewReason: 'reverse' });
    const unpaid = {
      mchid: '1900000001',
      out_trade_no: 'A-1001-20261121',
      status: 'REVIEW',
      reason: 'reverse',
      reference: 'shop-4711',
      amount: { total: 8_800, currency: 'CNY' },
    };
    assert.deepEqual(eventData(record, 'order.review'), unpaid);
    const paidToo = { ...record, data: { ...record.data, ...paymentData } };
    assert.deepEqual(eventData(paidToo, 'order.review'), { ...unpaid, ...money });
  });

  it('tells what a reversal gave back as a close, without a word of it', () => {
    const data = { ...paymentData, closeReason: 'expired', noted: 'REFUND' };
    const record = reversingRecord({ status: 'CLOSED' }, data);
    assert.deepEqual(eventData(record, 'order.closed'), {
      mchid: '1900000001',
      out_trade_no: 'A-1001-20261121',
      status: 'CLOSED',
      reason: 'expired',
      ...money,
    });
  });

  for (const closeReason of ['requested', 'expired', 'wechat']) {
    it(`tells that a close was ${closeReason}`, () => {
      const record = orderRecord({ status: 'CLOSED' }, { closeReason });
      assert.equal(eventData(record, 'order.closed')['reason'], closeReason);
    });
  }

  for (const reviewReason of ['amount', 'payer', 'refund', 'not-found', 'user-paying']) {
    it(`tells that a review is for ${reviewReason}`, () => {
      const record = orderRecord({ status: 'REVIEW' }, { reviewReason });
      assert.equal(eventData(record, 'order.review')['reason'], reviewReason);
    });
  }

  it('tells that a review of a PAID order is for a contradiction', () => {
    const record = orderRecord({ status: 'PAID' }, { ...paymentData, contradiction: true });
    assert.equal(eventData(record, 'order.review')['reason'], 'contradiction');
    assert.equal('reason' in eventData(record, 'order.paid'), false);
  });

  it('tells which order paid the same reference before, without its account', () => {
    assert.deepEqual(eventData(columns['REVIEW duplicate'], 'order.duplicate')['duplicate_of'], {
      mchid: '1900000001',
      out_trade_no: 'A-1000',
    });
    assert.equal('duplicate_of' in eventData(paid, 'order.paid'), false);
  });

  for (const [action, outcome, event, by] of [
    ['accept', 'done', 'order.paid', 'Ann'],
    ['accept', 'impossible', 'order.paid', undefined],
    ['refund', 'done', 'order.paid', undefined],
    ['close', 'done', 'order.paid', undefined],
    ['accept', 'done', 'order.review', undefined],
    ['accept', 'done', 'order.paid_late', undefined],
  ] as const) {
    it(`${by === undefined ? 'names nobody' : 'names who accepted'} on ${event} after ${action}, ${outcome}`, () => {
      const record = orderRecord(
        { status: 'PAID' },
        { resolved: { ...resolved, action, outcome } },
      );
      assert.equal(eventData(record, event)['accepted_by'], by);
    });
  }

  it('tells of a payment that nobody ordered what WeChat told', () => {
    const record = orderRecord({ status: 'UNMATCHED' }, paymentData);
    const { reference: _, amount: __, ...known } = money;
    assert.deepEqual(eventData(record, 'order.unmatched'), {
      mchid: '1900000001',
      out_trade_no: 'A-1001-20261121',
      status: 'UNMATCHED',
      ...known,
    });
  });
});

describe('the view of an order', () => {
  it('shows its status, times, money and history', () => {
    assert.deepEqual(orderView(paid, orderOf(paid)), {
      out_trade_no: 'A-1001-20261121',
      mchid: '1900000001',
      status: 'PAID',
      trade_type: 'JSAPI',
      appid: 'wx8888888888888888',
      time_expire: '2026-11-21T06:00:00.000Z',
      created_at: '2026-11-21T04:00:00.000Z',
      ...money,
      history: [{ ...history[0], at: '2026-11-21T04:05:03.000Z' }],
      history_count: 1,
    });
  });

  it('shows a code payment with its own end, and nothing of how it is reversed', () => {
    const record = reversingRecord();
    assert.deepEqual(orderView(record, orderOf(record)), {
      out_trade_no: 'A-1001-20261121',
      mchid: '1900000001',
      status: 'CREATED',
      trade_type: 'MICROPAY',
      appid: 'wx8888888888888888',
      time_expire: '2026-11-21T04:00:45.000Z',
      created_at: '2026-11-21T04:00:00.000Z',
      reference: 'shop-4711',
      amount: { total: 8_800, currency: 'CNY' },
      history: [],
      history_count: 0,
    });
  });

  it('shows why it was closed, late, reviewed or contradicted, and only then', () => {
    const flags = ['close_reason', 'late', 'review_reason', 'contradiction'];
    const shown = (record: StoredRecord) => {
      const view = Object.entries(orderView(record, orderOf(record)));
      return Object.fromEntries(view.filter(([name]) => flags.includes(name)));
    };
    assert.deepEqual(shown(paid), {});
    assert.deepEqual(shown(orderRecord({}, { closeReason: 'requested' })), {});
    assert.deepEqual(shown(orderRecord({ status: 'CLOSED' })), {});
    const closed = orderRecord({ status: 'CLOSED' }, { closeReason: 'expired' });
    assert.deepEqual(shown(closed), { close_reason: 'expired' });
    assert.deepEqual(shown(columns['REVIEW late']), { late: true, review_reason: 'late' });
    const contradicted = orderRecord({ status: 'PAID' }, { contradiction: true });
    assert.deepEqual(shown(contradicted), { contradiction: true });
  });
});

describe('the view of an order with refunds and resolutions', () => {
  it('shows each refund, whatever became of it', () => {
    const note = { out_refund_no: 'R-1', refundFen: 100, startAt: createdAt, status: 'CREATED' };
    const failed = { ...note, out_refund_no: 'R-2', status: 'REFUSED' };
    const record = orderRecord({ status: 'PAID' }, { refunds: [note, failed] });
    assert.deepEqual(orderView(record, orderOf(record))['refunds'], [
      { out_refund_no: 'R-1', amount: { refund: 100, currency: 'CNY' }, status: 'CREATED' },
      { out_refund_no: 'R-2', amount: { refund: 100, currency: 'CNY' }, status: 'REFUSED' },
    ]);
    assert.equal('refunds' in orderView(paid, orderOf(paid)), false);
  });

  it('shows what a person decided, and what came of it', () => {
    const record = orderRecord(
      { status: 'REVIEW' },
      { reviewReason: 'late', resolution, resolved },
    );
    const view = orderView(record, orderOf(record));
    const shown = {
      action: 'refund',
      by: 'Ann',
      why: 'paid twice',
      at: '2026-11-21T04:00:00.000Z',
    };
    assert.deepEqual(view['resolution'], shown);
    assert.deepEqual(view['resolved'], { ...shown, outcome: 'done' });
    const untouched = orderView(paid, orderOf(paid));
    assert.equal('resolution' in untouched || 'resolved' in untouched, false);
  });
});

describe('whatever is told about an order', () => {
  const kept = { link: 'wx201', bodySha256: 'secret-body-hash', openid };
  for (const [name, { status, data }] of Object.entries(columns)) {
    it(`of ${name} names no payer, no link, no body and no callback`, () => {
      const record = orderRecord({ status, history }, { ...data, ...kept });
      const told = [
        orderView(record, orderOf(record)),
        ...eventTypes.map((event) => eventData(record, event)),
      ];
      const text = JSON.stringify(told);
      for (const hidden of [openid, 'openid', 'wx201', 'secret-body-hash', 'notify']) {
        assert.equal(text.includes(hidden), false, hidden);
      }
    });
  }
});
