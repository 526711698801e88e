import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNoticeAhead, messageOf, type Notice } from '#core/notices.ts';
import type { Kind } from '#core/record.ts';
import type { JsonObject } from '#core/values/json.ts';
import { account, moment } from './fixtures.ts';

/** The content of a refund's notice, as document 4013071196 lists it. */
const resource = {
  mchid: '1900000001',
  out_trade_no: 'A-1001-20261121',
  transaction_id: '4200000001202611210000000001',
  out_refund_no: 'R-1001-20261121',
  refund_id: '50300002002026112100000000001',
  refund_status: 'SUCCESS',
  success_time: '2026-11-21T15:03:20+08:00',
  user_received_account: '招商银行信用卡0403',
  amount: { total: 8_800, refund: 3_000, payer_total: 8_800, payer_refund: 3_000 },
};
const notice: Notice = {
  id: '0a1b2c3d-0000-5000-8000-000000000002',
  event_type: 'REFUND.SUCCESS',
  createdAt: moment('2026-11-21T07:03:21Z'),
  resource,
};
const hint = {
  type: 'hint',
  account: 'shop',
  subject: { kind: 'refund', mchid: '1900000001', number: 'R-1001-20261121' },
  reason: 'notice',
  says: 'SUCCESS',
};

function about(changes: JsonObject, without: readonly string[] = []): Notice {
  const entries = Object.entries({ ...resource, ...changes });
  return {
    ...notice,
    resource: Object.fromEntries(entries.filter(([name]) => !without.includes(name))),
  };
}

describe("a refund's notice", () => {
  for (const status of ['SUCCESS', 'ABNORMAL', 'CLOSED']) {
    it(`REFUND.${status} becomes a hint about the refund it names, not about its order`, () => {
      const told = { ...about({ refund_status: status }), event_type: `REFUND.${status}` };
      assert.deepEqual(messageOf(told, account), { ok: true, value: { ...hint, says: status } });
    });
  }

  it('claims what its refund_status says, whatever its event and other fields say', () => {
    const told = about({ refund_status: 'ABNORMAL', status: 'CLOSED', trade_state: 'REFUND' });
    assert.deepEqual(messageOf(told, account), { ok: true, value: { ...hint, says: 'ABNORMAL' } });
  });

  for (const told of [about({}, ['refund_status']), about({ refund_status: 7 })]) {
    it(`claims nothing with the refund_status ${told.resource['refund_status']}`, () => {
      const { says: _, ...plain } = hint;
      assert.deepEqual(messageOf(told, account), { ok: true, value: plain });
    });
  }

  it('has its claim cut to 32 characters', () => {
    const message = messageOf(about({ refund_status: 'S'.repeat(100) }), account);
    assert.deepEqual(message, { ok: true, value: { ...hint, says: 'S'.repeat(32) } });
  });

  it('names a refund of 64 characters', () => {
    const number = `${'z'.repeat(60)}_-|@`;
    const message = messageOf(about({ out_refund_no: number }), account);
    assert.equal(message.ok && message.value.subject.number, number);
  });

  for (const mchid of ['1900000009', '', 1_900_000_001, null, ['1900000001']]) {
    it(`of the mchid ${JSON.stringify(mchid)} is refused`, () => {
      assert.deepEqual(messageOf(about({ mchid }), account), { ok: false, error: 'mchid' });
    });
  }

  it('without an mchid is refused, as is that of a partner', () => {
    const partner = about({ sp_mchid: '1900000001', sub_mchid: '1900000002' }, ['mchid']);
    assert.deepEqual(messageOf(about({}, ['mchid']), account), { ok: false, error: 'mchid' });
    assert.deepEqual(messageOf(partner, account), { ok: false, error: 'mchid' });
  });

  for (const number of ['', 'z'.repeat(65), 'R/1001', 'R#1001', '退款', 7, null, undefined]) {
    it(`of the out_refund_no ${JSON.stringify(number)} is kept and never hints anything`, () => {
      const told =
        number === undefined ? about({}, ['out_refund_no']) : about({ out_refund_no: number });
      assert.deepEqual(messageOf(told, account), {
        ok: true,
        value: {
          type: 'unhandled-notice',
          account: 'shop',
          subject: { kind: 'notice', mchid: '1900000001', number: notice.id },
          event_type: 'REFUND.SUCCESS',
          createdAt: notice.createdAt,
        },
      });
    });
  }

  it('is no notice of a payment, though it names an order', () => {
    const message = messageOf({ ...notice, event_type: 'TRANSACTION.SUCCESS' }, account);
    assert.equal(message.ok && message.value.subject.kind, 'order');
    const refund = messageOf(notice, account);
    assert.equal(refund.ok && refund.value.subject.kind, 'refund');
  });
});

describe('a notice', () => {
  const rows: readonly (readonly [Kind, string | undefined, string, boolean])[] = [
    ['order', 'SUCCESS', 'NOTPAY', true],
    ['order', 'SUCCESS', 'CLOSED', true],
    ['order', 'SUCCESS', 'unknown', true],
    ['order', 'SUCCESS', 'not-found', true],
    ['order', 'SUCCESS', 'claim-waits', true],
    ['order', 'SUCCESS', 'SUCCESS', false],
    ['order', 'SUCCESS', 'REFUND', false],
    ['order', undefined, 'NOTPAY', false],
    ['refund', 'SUCCESS', 'PROCESSING', true],
    ['refund', 'SUCCESS', 'ABNORMAL', true],
    ['refund', 'SUCCESS', 'unknown', true],
    ['refund', 'SUCCESS', 'not-found', true],
    ['refund', 'SUCCESS', 'SUCCESS', false],
    ['refund', 'ABNORMAL', 'PROCESSING', true],
    ['refund', 'ABNORMAL', 'ABNORMAL', false],
    ['refund', 'ABNORMAL', 'SUCCESS', false],
    ['refund', 'ABNORMAL', 'CLOSED', false],
    ['refund', 'CLOSED', 'SUCCESS', false],
    ['refund', 'PROCESSING', 'SUCCESS', false],
    ['refund', 'SUCCESS', 'REFUND', true],
    ['refund', undefined, 'PROCESSING', false],
    ['notice', 'SUCCESS', 'none', true],
  ];
  for (const [kind, says, answer, isAhead] of rows) {
    it(`of a ${kind} that says ${says} is ${isAhead ? '' : 'not '}ahead of ${answer}`, () => {
      assert.equal(isNoticeAhead(kind, says, answer), isAhead);
    });
  }
});
