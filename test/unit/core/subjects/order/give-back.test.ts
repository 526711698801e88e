import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backNumber, giveBack } from '#core/subjects/order/refunds.ts';
import { isFen } from '#core/values/money.ts';
import { checked, moment, orderOf, orderRecord, outTradeNo, says } from '../../fixtures.ts';
import { note } from './refund-notes.ts';

const now = moment('2026-11-21T07:00:00Z');

describe('giving all of a payment back', () => {
  const closed = orderOf(orderRecord({ status: 'CLOSED' }));
  const number = `back-${outTradeNo}`;

  it('is one refund of all that WeChat says was paid, under the number of its order', () => {
    const evidence = says('SUCCESS', { amountFen: checked(isFen, 9_900) });
    const back = giveBack(closed, evidence, 'late', now);
    assert.deepEqual(back, {
      refunds: [{ out_refund_no: number, refundFen: 9_900, startAt: now, status: 'CREATED' }],
      start: {
        kind: 'refund',
        number,
        startAt: now,
        data: {
          out_trade_no: outTradeNo,
          transaction_id: '4200000001202611210000000001',
          refundFen: 9_900,
          totalFen: 9_900,
          origin: 'late',
          reason: '订单已关闭，款项原路退回',
          notify_url: 'https://pay.example.com/notify/shop',
        },
      },
    });
  });

  it('says why, in words that WeChat takes', () => {
    const reasons = (['late', 'duplicate', 'resolve'] as const).map((origin) => {
      const reason = giveBack(closed, says('SUCCESS'), origin, now)?.start.data['reason'];
      assert.ok(typeof reason === 'string' && Buffer.byteLength(reason) <= 80);
      return reason;
    });
    assert.equal(new Set(reasons).size, 3);
  });

  it('has no address for notices of a payment that nobody ordered', () => {
    const unmatched = orderOf(orderRecord({ status: 'UNMATCHED' }));
    const back = giveBack(unmatched, says('SUCCESS'), 'resolve', now);
    assert.equal(back !== undefined && 'notify_url' in back.start.data, false);
  });

  for (const status of ['CREATED', 'PROCESSING', 'SUCCESS', 'ABNORMAL']) {
    it(`is left to a person while another refund of the order is ${status}`, () => {
      const order = orderOf(
        orderRecord({ status: 'CLOSED' }, { refunds: [note('R-1', { status })] }),
      );
      assert.equal(giveBack(order, says('SUCCESS'), 'late', now), undefined);
    });
  }

  for (const status of ['CREATED', 'SUCCESS', 'CLOSED', 'REFUSED']) {
    it(`is not begun twice, be the first ${status}`, () => {
      const refunds = [note(number, { status })];
      const order = orderOf(orderRecord({ status: 'CLOSED' }, { refunds }));
      assert.equal(giveBack(order, says('SUCCESS'), 'late', now), undefined);
    });
  }

  it('is begun behind refunds that came to nothing', () => {
    const refunds = [note('R-1', { status: 'REFUSED' })];
    const order = orderOf(orderRecord({ status: 'CLOSED' }, { refunds }));
    assert.equal(giveBack(order, says('SUCCESS'), 'late', now)?.refunds.length, 2);
  });

  it('needs a payment', () => {
    assert.equal(giveBack(closed, says('NOTPAY'), 'late', now), undefined);
  });

  it('has a number that WeChat takes for the longest and oddest order', () => {
    for (const out_trade_no of ['z'.repeat(32), 'A|1001*x', '-_|*-_']) {
      assert.equal(backNumber(out_trade_no), `back-${out_trade_no}`);
    }
  });

  it('throws for what is no number of an order', () => {
    assert.throws(() => backNumber('订单'), /no number/);
    assert.throws(() => backNumber('a'.repeat(60)), /no number/);
  });
});
