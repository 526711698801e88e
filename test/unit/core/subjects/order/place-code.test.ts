import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '#core/account.ts';
import { newOrderRecord, placingOf } from '#core/subjects/order/place.ts';
import { isAppid } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import {
  account,
  bodySha256,
  checked,
  createdAt,
  expiresAt,
  moment,
  newOrder,
  orderOf,
} from '../../fixtures.ts';
import {
  codeRecord,
  dayAfter,
  newCode,
  reversalAt,
  reversingRecord,
  shop,
} from './code-payments.ts';

const { v2 } = shop.credentials;
const v2Only: Account = { ...shop, api: 'v2', credentials: v2 === undefined ? {} : { v2 } };

describe('the record of a new code payment', () => {
  it('has the times of the till: reversible after 25 s, reversed after 45', () => {
    assert.deepEqual(newOrderRecord(newCode, shop, createdAt), {
      ok: true,
      value: {
        key: { kind: 'order', mchid: '1900000001', number: 'A-1001-20261121' },
        account: 'shop',
        status: 'CREATED',
        version: 1,
        data: {
          createdAt: Date.parse('2026-11-21T04:00:00Z'),
          expiresAt: Date.parse('2026-11-21T04:00:45Z'),
          closeAt: Date.parse('2026-11-21T04:00:45Z'),
          closableAt: Date.parse('2026-11-21T04:00:25Z'),
          attempts: 1,
          trade_type: 'MICROPAY',
          amountFen: 8_800,
          currency: 'CNY',
          appid: 'wx8888888888888888',
          reference: 'shop-4711',
          notify_url: 'https://pay.example.com/notify/shop',
          bodySha256,
          requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
        },
        history: [],
        historyCount: 0,
        outbox: [],
        eventCounts: {},
        dueAt: Date.parse('2026-11-21T04:01:45Z'),
        leases: 0,
        unknownLooks: 0,
      },
    });
  });

  it('is the same whichever API places the links of its account', () => {
    const made = newOrderRecord(newCode, v2Only, createdAt);
    assert.deepEqual(made, newOrderRecord(newCode, shop, createdAt));
  });

  it('keeps its times to the millisecond: WeChat is told none of them', () => {
    const made = newOrderRecord(newCode, shop, instant(createdAt + 999));
    assert.ok(made.ok);
    assert.equal(made.value.data['closeAt'], reversalAt + 999);
  });

  it("keeps nothing of the payer's code", () => {
    const made = newOrderRecord(newCode, shop, createdAt);
    assert.ok(made.ok);
    const text = JSON.stringify(made.value);
    assert.equal(text.includes('134567890123456789'), false);
    assert.equal(text.includes('auth_code'), false);
    assert.equal(text.includes('reversedAt'), false);
  });

  it('is refused at trade_type by an account without credentials for APIv2', () => {
    for (const api of ['v3', 'v2'] as const) {
      const made = newOrderRecord(newCode, { ...account, api }, createdAt);
      assert.deepEqual(made, { ok: false, error: 'trade_type' });
    }
  });

  for (const at of [
    '1970-01-01T00:00:00Z',
    '2026-11-21T04:00:45Z',
    '2026-11-21T04:02:00Z',
    '2026-11-21T06:00:00Z',
    '2026-11-29T04:00:00Z',
  ]) {
    it(`is refused at time_expire with ${at}: how long is not the merchant's to choose`, () => {
      const made = newOrderRecord({ ...newCode, expiresAt: moment(at) }, shop, createdAt);
      assert.deepEqual(made, { ok: false, error: 'time_expire' });
    });
  }

  it('is refused at appid, whatever else is wrong', () => {
    const appid = checked(isAppid, 'wx6666666666666666');
    const asked = { ...newCode, appid, expiresAt };
    assert.deepEqual(newOrderRecord(asked, account, createdAt), { ok: false, error: 'appid' });
  });

  it('is no matter of credentials for APIv2 where the payer opens a link', () => {
    for (const trade_type of ['NATIVE', 'JSAPI', 'APP', 'H5'] as const) {
      assert.equal(newOrderRecord({ ...newOrder, trade_type }, account, createdAt).ok, true);
    }
  });
});

describe('when a new link order can be closed', () => {
  it('is 5 min after its placing by APIv2, and at any time by APIv3', () => {
    const closableAtBy = (by: Account) => {
      const made = newOrderRecord(newOrder, by, createdAt);
      assert.ok(made.ok);
      return made.value.data['closableAt'];
    };
    assert.equal(closableAtBy(v2Only), moment('2026-11-21T04:05:00Z'));
    assert.equal(closableAtBy({ ...shop, api: 'v2' }), moment('2026-11-21T04:05:00Z'));
    assert.equal(closableAtBy(shop), undefined);
    assert.equal(closableAtBy(account), undefined);
  });

  it('changes neither its expiry nor when it is closed by itself', () => {
    const made = newOrderRecord(newOrder, v2Only, createdAt);
    assert.ok(made.ok);
    assert.equal(made.value.data['expiresAt'], moment('2026-11-21T06:00:00Z'));
    assert.equal(made.value.data['closeAt'], moment('2026-11-21T06:00:30Z'));
    assert.equal(made.value.dueAt, moment('2026-11-21T04:31:00Z'));
  });

  it('keeps the limits of its expiry', () => {
    for (const text of ['2026-11-21T04:01:59Z', '2026-11-28T04:00:01Z']) {
      const asked = { ...newOrder, expiresAt: moment(text) };
      const made = newOrderRecord(asked, v2Only, createdAt);
      assert.deepEqual(made, { ok: false, error: 'time_expire' });
    }
  });
});

describe('what a repeated request of a code payment finds to do', () => {
  const nothing = { type: 'answer', handOut: false };

  for (const status of ['CREATED', 'AWAITING', 'PAID', 'CLOSED', 'REVIEW', 'REFUSED']) {
    it(`is never to charge it again, ${status}, whatever the time`, () => {
      const order = orderOf(codeRecord({ status }));
      for (const now of [createdAt, moment('2026-11-21T04:00:10Z'), reversalAt, dayAfter]) {
        assert.deepEqual(placingOf(order, bodySha256, now), nothing);
      }
    });

    it(`is a conflict with another body, ${status}`, () => {
      const order = orderOf(codeRecord({ status }));
      assert.deepEqual(placingOf(order, `${bodySha256}=`, createdAt), { type: 'conflict' });
    });
  }

  it('is never to hand out a link, should one stand there', () => {
    const data = { link: 'wx201', linkAt: createdAt };
    const order = orderOf(codeRecord({ status: 'AWAITING' }, data));
    assert.deepEqual(placingOf(order, bodySha256, createdAt), nothing);
  });

  it('is nothing while it is being reversed, or was never placed by us', () => {
    assert.deepEqual(placingOf(orderOf(reversingRecord()), bodySha256, reversalAt), nothing);
    const unplaced = orderOf(codeRecord({}, { unplaced: true }));
    assert.deepEqual(placingOf(unplaced, bodySha256, createdAt), nothing);
  });

  it('is to learn that a close was asked for', () => {
    const closing = orderOf(codeRecord({}, { closeReason: 'requested' }));
    assert.deepEqual(placingOf(closing, bodySha256, createdAt), { type: 'closing' });
  });
});
