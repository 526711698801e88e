import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeMessage, encodeMessage } from '#core/messages.ts';
import { messageOf, type Notice } from '#core/notices.ts';
import type { JsonObject } from '#core/values/json.ts';
import { account, moment } from './fixtures.ts';

const resource = {
  mchid: '1900000001',
  appid: 'wx8888888888888888',
  out_trade_no: 'A-1001-20261121',
  transaction_id: '4200000001202611210000000001',
  trade_state: 'SUCCESS',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 8_800, payer_total: 8_800, currency: 'CNY', payer_currency: 'CNY' },
};
const createdAt = moment('2026-11-21T04:05:03Z');
const notice: Notice = {
  id: '0a1b2c3d-0000-5000-8000-000000000001',
  event_type: 'TRANSACTION.SUCCESS',
  createdAt,
  resource,
};
const unhandled = {
  type: 'unhandled-notice',
  account: 'shop',
  subject: { kind: 'notice', mchid: '1900000001', number: notice.id },
  createdAt,
};

function about(changes: JsonObject, without: readonly string[] = []): Notice {
  const entries = Object.entries({ ...resource, ...changes });
  return {
    ...notice,
    resource: Object.fromEntries(entries.filter(([name]) => !without.includes(name))),
  };
}

describe('a payment notice', () => {
  const hint = {
    type: 'hint',
    account: 'shop',
    subject: { kind: 'order', mchid: '1900000001', number: 'A-1001-20261121' },
    reason: 'notice',
    says: 'SUCCESS',
  };

  it('becomes a hint about the order it names', () => {
    assert.deepEqual(messageOf(notice, account), { ok: true, value: hint });
  });

  it('carries no fact about money or the payer into the hint', () => {
    const more = about({ amount: { total: 1 }, success_time: '2026-11-21T12:05:03+08:00' });
    assert.deepEqual(messageOf(more, account), { ok: true, value: hint });
  });

  it('becomes a hint without a claim when it states none', () => {
    const { says: _, ...plain } = hint;
    assert.deepEqual(messageOf(about({}, ['trade_state']), account), { ok: true, value: plain });
    assert.deepEqual(messageOf(about({ trade_state: 7 }), account), { ok: true, value: plain });
  });

  it('has its claim cut to 32 characters', () => {
    const message = messageOf(about({ trade_state: 'S'.repeat(100) }), account);
    assert.deepEqual(message, { ok: true, value: { ...hint, says: 'S'.repeat(32) } });
  });

  for (const mchid of ['1900000009', '', '19000000010', 1_900_000_001, null, ['1900000001']]) {
    it(`of the mchid ${JSON.stringify(mchid)} is refused`, () => {
      assert.deepEqual(messageOf(about({ mchid }), account), { ok: false, error: 'mchid' });
    });
  }

  it('without an mchid is refused', () => {
    assert.deepEqual(messageOf(about({}, ['mchid']), account), { ok: false, error: 'mchid' });
  });

  it('of a partner, which names sp_mchid instead, is refused', () => {
    const partner = about({ sp_mchid: '1900000001', sub_mchid: '1900000002' }, ['mchid']);
    assert.deepEqual(messageOf(partner, account), { ok: false, error: 'mchid' });
  });

  for (const number of ['', 'short', 'a'.repeat(33), 'A/1001/2026', 7, null]) {
    it(`of the out_trade_no ${JSON.stringify(number)} is kept and never hints an order`, () => {
      assert.deepEqual(messageOf(about({ out_trade_no: number }), account), {
        ok: true,
        value: { ...unhandled, event_type: 'TRANSACTION.SUCCESS' },
      });
    });
  }
});

describe('a combined payment, which has the same event name', () => {
  const combined = {
    combine_appid: 'wx8888888888888888',
    combine_mchid: '1900000001',
    combine_out_trade_no: 'C-1001-20261121',
    sub_orders: [{ mchid: '1900000001', out_trade_no: 'A-1001-20261121' }],
  };

  it('is kept as a notice that we do not handle', () => {
    assert.deepEqual(messageOf({ ...notice, resource: combined }, account), {
      ok: true,
      value: { ...unhandled, event_type: 'TRANSACTION.SUCCESS' },
    });
  });

  it('is kept, not hinted, though it may name one order beside', () => {
    const both = { ...notice, resource: { ...combined, out_trade_no: 'A-1001-20261121' } };
    const message = messageOf(both, account);
    assert.equal(message.ok && message.value.type, 'unhandled-notice');
  });

  it('of another merchant is refused', () => {
    const foreign = { ...combined, combine_mchid: '1900000009' };
    const message = messageOf({ ...notice, resource: foreign }, account);
    assert.deepEqual(message, { ok: false, error: 'mchid' });
  });
});

describe('a notice of another kind', () => {
  for (const event_type of ['REFUND.CREATE', 'PAYSCORE.USER_PAID', 'SOMETHING.NEW', 'x']) {
    it(`${event_type} is kept, with its id, type and time alone`, () => {
      const message = messageOf({ ...notice, event_type }, account);
      assert.deepEqual(message, { ok: true, value: { ...unhandled, event_type } });
    });

    it(`${event_type} without an mchid is kept`, () => {
      const message = messageOf({ ...about({}, ['mchid']), event_type }, account);
      assert.deepEqual(message, { ok: true, value: { ...unhandled, event_type } });
    });

    it(`${event_type} of another merchant is refused`, () => {
      const message = messageOf({ ...about({ mchid: '1900000009' }), event_type }, account);
      assert.deepEqual(message, { ok: false, error: 'mchid' });
    });
  }

  it('with an id of 64 characters is kept, with a longer one refused', () => {
    const event_type = 'COUPON.USE';
    const longest = messageOf({ ...notice, event_type, id: 'e'.repeat(64) }, account);
    assert.equal(longest.ok, true);
    const longer = messageOf({ ...notice, event_type, id: 'e'.repeat(65) }, account);
    assert.deepEqual(longer, { ok: false, error: 'body' });
  });

  it('becomes a message that its reader can decode', () => {
    const message = messageOf({ ...notice, event_type: 'COUPON.USE' }, account);
    assert.ok(message.ok);
    assert.deepEqual(decodeMessage(encodeMessage(message.value)), message);
  });
});
