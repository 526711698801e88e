import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeRefund,
  isRefundSettled,
  isWithoutMoney,
  refundStatuses,
} from '#core/subjects/refund/refund.ts';
import { moment } from '../../fixtures.ts';
import { notedAt, refundOf, refundStored, startAt } from './fixtures.ts';

const told = {
  refund_id: '50300002002026112100000000001',
  successAt: moment('2026-11-21T07:03:20Z'),
  refusal: 'INVALID_REQUEST',
  refusedAt: moment('2026-11-21T07:02:00Z'),
};
const terms = {
  out_trade_no: 'A-1001-20261121',
  out_order_no: undefined,
  transaction_id: '4200000001202611210000000001',
  refundFen: 3_000,
  totalFen: 8_800,
  reason: '少发一件',
  funds_account: 'AVAILABLE',
  notify_url: 'https://pay.example.com/notify/shop',
};

describe('reading a refund out of its record', () => {
  it('gives every field that a record may hold', () => {
    assert.deepEqual(refundOf(refundStored({ status: 'SUCCESS' }, told)), {
      status: 'SUCCESS',
      terms,
      origin: 'request',
      createdAt: notedAt,
      startAt,
      bodySha256: 'nZ6mWn4x9mSZ0Vd7Fv0ZbK5xJ4ZqRr2Jm0x2m3m3m3M',
      ...told,
    });
  });

  const optional = ['reason', 'funds_account', 'notify_url', 'bodySha256', ...Object.keys(told)];
  it('has nothing where nothing is', () => {
    const { data, ...record } = refundStored();
    const bare = Object.entries(data).filter(([name]) => !optional.includes(name));
    const refund = refundOf({ ...record, data: Object.fromEntries(bare) });
    const { reason, funds_account, notify_url } = refund.terms;
    const { bodySha256, refund_id, successAt, refusal, refusedAt } = refund;
    const absent = [reason, funds_account, notify_url, bodySha256, refund_id, successAt, refusal];
    assert.deepEqual([...absent, refusedAt], Array(8).fill(undefined));
  });

  const names = Object.keys(refundStored({}, told).data);
  for (const name of names.filter((one) => !optional.includes(one))) {
    it(`fails with the name of ${name} when that is missing`, () => {
      const { data, ...record } = refundStored();
      const rest = Object.entries(data).filter(([other]) => other !== name);
      const decoded = decodeRefund({ ...record, data: Object.fromEntries(rest) });
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const name of names) {
    for (const damage of [null, {}, []]) {
      it(`fails with the name of ${name} when that is ${JSON.stringify(damage)}`, () => {
        const decoded = decodeRefund(refundStored({}, { [name]: damage }));
        assert.deepEqual(decoded, { ok: false, error: name });
      });
    }
  }

  for (const [name, value] of [
    ['out_trade_no', 'A/1001'],
    ['transaction_id', ''],
    ['refundFen', -1],
    ['refundFen', 30.5],
    ['totalFen', '8800'],
    ['funds_account', 'UNAVAILABLE'],
    ['origin', 'back'],
    ['createdAt', '2026-11-21T07:00:00Z'],
    ['startAt', -1],
    ['refund_id', '5030/1'],
    ['successAt', 0.5],
    ['refusedAt', true],
  ] as const) {
    it(`fails for ${name} ${JSON.stringify(value)}`, () => {
      const decoded = decodeRefund(refundStored({}, { [name]: value }));
      assert.deepEqual(decoded, { ok: false, error: name });
    });
  }

  for (const status of ['', 'success', 'REFUND', 'PAID', 'AWAITING']) {
    it(`fails for the status ${JSON.stringify(status)}`, () => {
      const decoded = decodeRefund(refundStored({ status }, { status: 'SUCCESS' }));
      assert.deepEqual(decoded, { ok: false, error: 'status' });
    });
  }
});

describe('the state of a refund', () => {
  it('is settled where no wake has to look, and not while it may still succeed', () => {
    const settled = refundStatuses.filter((status) => isRefundSettled({ status }));
    assert.deepEqual(settled, ['SUCCESS', 'CLOSED', 'REFUSED']);
  });

  it('is without money only where it ended and none moved', () => {
    assert.deepEqual(refundStatuses.filter(isWithoutMoney), ['CLOSED', 'REFUSED']);
  });
});
