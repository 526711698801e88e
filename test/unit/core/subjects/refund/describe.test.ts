import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredRecord } from '#core/record.ts';
import { refundEventData, refundView } from '#core/subjects/refund/describe.ts';
import { moment } from '../../fixtures.ts';
import { refundOf, refundStored, successAt } from './fixtures.ts';

const facts = {
  mchid: '1900000001',
  out_refund_no: 'R-1001-20261121',
  out_trade_no: 'A-1001-20261121',
  transaction_id: '4200000001202611210000000001',
  amount: { refund: 3_000, total: 8_800, currency: 'CNY' },
  origin: 'request',
};
const refund_id = '50300002002026112100000000001';

function eventData(record: StoredRecord) {
  return refundEventData(record, refundOf(record));
}

function view(record: StoredRecord) {
  return refundView(record, refundOf(record));
}

describe("the data of a refund's event", () => {
  it('tells in the names of WeChat what went back and when', () => {
    const record = refundStored({ status: 'SUCCESS' }, { refund_id, successAt });
    assert.deepEqual(eventData(record), {
      ...facts,
      status: 'SUCCESS',
      refund_id,
      success_time: '2026-11-21T07:03:20.000Z',
    });
  });

  it('tells by which code WeChat refused it', () => {
    const record = refundStored({ status: 'REFUSED' }, { refusal: 'USER_ACCOUNT_ABNORMAL' });
    const expected = { ...facts, status: 'REFUSED', reason: 'USER_ACCOUNT_ABNORMAL' };
    assert.deepEqual(eventData(record), expected);
  });

  for (const status of ['CLOSED', 'ABNORMAL']) {
    it(`tells no time and no code of a refund that is ${status}`, () => {
      const record = refundStored({ status }, { refund_id });
      assert.deepEqual(eventData(record), { ...facts, status, refund_id });
    });
  }

  for (const origin of ['late', 'duplicate', 'resolve', 'console']) {
    it(`tells that there is a refund for the origin ${origin}`, () => {
      const record = refundStored({ status: 'CLOSED' }, { origin });
      assert.equal(eventData(record)['origin'], origin);
    });
  }

  it('tells nothing of what the payer reads or of the request', () => {
    const text = JSON.stringify(eventData(refundStored({ status: 'SUCCESS' }, { successAt })));
    for (const secret of ['少发一件', 'nZ6mWn4x', 'notify']) {
      assert.equal(text.includes(secret), false, secret);
    }
  });
});

describe('the view of a refund', () => {
  const at = moment('2026-11-21T07:01:01Z');
  const row = { from: 'CREATED', to: 'PROCESSING', because: 'timer', evidence: 'PROCESSING' };

  it('shows what was asked for, when it starts and what happened', () => {
    const record = refundStored(
      { status: 'PROCESSING', history: [{ at, ...row }], historyCount: 1 },
      { refund_id },
    );
    assert.deepEqual(view(record), {
      ...facts,
      status: 'PROCESSING',
      refund_id,
      refund_reason: '少发一件',
      funds_account: 'AVAILABLE',
      created_at: '2026-11-21T07:00:00.000Z',
      start_at: '2026-11-21T07:01:00.000Z',
      history: [{ at: '2026-11-21T07:01:01.000Z', ...row }],
      history_count: 1,
    });
  });

  it('shows nothing that was not asked for', () => {
    const { data, ...record } = refundStored();
    const { reason: _, funds_account: __, ...bare } = data;
    const shown = view({ ...record, data: bare });
    assert.deepEqual(
      ['refund_reason', 'funds_account', 'refund_id', 'reason', 'success_time'].filter(
        (name) => name in shown,
      ),
      [],
    );
  });

  it('shows a refusal only once it is believed', () => {
    const refusal = { refusal: 'INVALID_REQUEST', refusedAt: at };
    assert.equal('reason' in view(refundStored({}, refusal)), false);
    const refused = refundStored({ status: 'REFUSED' }, { refusal: 'INVALID_REQUEST' });
    assert.equal(view(refused)['reason'], 'INVALID_REQUEST');
  });

  it('shows nothing of the request body and no address', () => {
    const text = JSON.stringify(view(refundStored()));
    assert.equal(text.includes('nZ6mWn4x') || text.includes('notify'), false);
  });
});
