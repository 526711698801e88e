import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NewOrder, newOrderRecord, placingOf } from '#core/subjects/order/place.ts';
import { isAppid } from '#core/values/ids.ts';
import { type Instant, instant } from '#core/values/time.ts';
import {
  account,
  bodySha256,
  checked,
  closeAt,
  createdAt,
  expiresAt,
  moment,
  newOrder,
  orderOf,
  orderRecord,
  secondAppid,
} from '../../fixtures.ts';

describe('the record of a new order', () => {
  it('has everything fixed that a placing derives', () => {
    assert.deepEqual(newOrderRecord(newOrder, account, createdAt), {
      ok: true,
      value: {
        key: { kind: 'order', mchid: '1900000001', number: 'A-1001-20261121' },
        account: 'shop',
        status: 'CREATED',
        version: 1,
        data: {
          createdAt: Date.parse('2026-11-21T04:00:00Z'),
          closeAt: Date.parse('2026-11-21T06:00:30Z'),
          attempts: 1,
          trade_type: 'JSAPI',
          amountFen: 8_800,
          currency: 'CNY',
          appid: 'wx8888888888888888',
          openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
          reference: 'shop-4711',
          notify_url: 'https://pay.example.com/notify/shop',
          bodySha256,
          requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
          expiresAt: Date.parse('2026-11-21T06:00:00Z'),
        },
        history: [],
        historyCount: 0,
        outbox: [],
        eventCounts: {},
        dueAt: Date.parse('2026-11-21T04:31:00Z'),
        leases: 0,
        unknownLooks: 0,
      },
    });
  });

  it('has no payer and no reference where none is given', () => {
    const { openid: _, reference: __, ...bare } = newOrder;
    const created = newOrderRecord(bare, account, createdAt);
    assert.ok(created.ok);
    assert.equal('openid' in created.value.data, false);
    assert.equal('reference' in created.value.data, false);
  });

  it('keeps no description and no attach', () => {
    const created = newOrderRecord(
      { ...newOrder, details: { attach: 'seat 7' } },
      account,
      createdAt,
    );
    assert.ok(created.ok);
    assert.equal(JSON.stringify(created.value).includes('Two tickets'), false);
    assert.equal(JSON.stringify(created.value).includes('seat 7'), false);
  });

  it('cuts its expiry to the whole second that WeChat is told', () => {
    const created = newOrderRecord(newOrder, account, instant(createdAt + 999));
    assert.equal(created.ok && created.value.data['expiresAt'], expiresAt);
    const asked = { ...newOrder, expiresAt: moment('2026-11-21T05:00:00.999Z') };
    const record = newOrderRecord(asked, account, createdAt);
    assert.equal(record.ok && record.value.data['expiresAt'], moment('2026-11-21T05:00:00Z'));
  });

  it('takes any appid of the account', () => {
    const created = newOrderRecord({ ...newOrder, appid: secondAppid }, account, createdAt);
    assert.equal(created.ok && created.value.data['appid'], 'wx7777777777777777');
  });

  it('refuses an appid that is not of the account', () => {
    const appid = checked(isAppid, 'wx6666666666666666');
    const created = newOrderRecord({ ...newOrder, appid }, account, createdAt);
    assert.deepEqual(created, { ok: false, error: 'appid' });
  });

  const limits = [
    ['2026-11-21T04:02:00Z', true],
    ['2026-11-21T04:01:59Z', false],
    ['2026-11-21T04:02:00.999Z', true],
    ['2026-11-21T04:00:00Z', false],
    ['2026-11-21T03:59:59Z', false],
    ['1970-01-01T00:00:00Z', false],
    ['2026-11-28T04:00:00Z', true],
    ['2026-11-28T04:00:00.999Z', true],
    ['2026-11-28T04:00:01Z', false],
    ['9999-12-31T23:59:59.999Z', false],
  ] as const;
  for (const [text, taken] of limits) {
    it(`${taken ? 'takes' : 'refuses'} ${text} as the expiry of an order of 04:00`, () => {
      const created = newOrderRecord({ ...newOrder, expiresAt: moment(text) }, account, createdAt);
      assert.deepEqual(created.ok || created.error, taken || 'time_expire');
    });
  }

  it('of a very short order closes only when its placing has ended', () => {
    const asked: NewOrder = { ...newOrder, expiresAt: moment('2026-11-21T04:02:00Z') };
    const created = newOrderRecord(asked, account, createdAt);
    assert.ok(created.ok);
    assert.equal(created.value.data['closeAt'], moment('2026-11-21T04:05:00Z'));
    assert.equal(created.value.dueAt, moment('2026-11-21T04:06:00Z'));
  });
});

describe('what a repeated request finds to do', () => {
  const created = orderOf(orderRecord());
  const linked = orderOf(orderRecord({ status: 'AWAITING' }, { link: 'wx201', linkAt: createdAt }));
  const before = (at: Instant, ms: number) => instant(at - ms);

  it('is to place an order that has no link yet', () => {
    const now = moment('2026-11-21T04:00:01Z');
    assert.deepEqual(placingOf(created, bodySha256, now), { type: 'place' });
  });

  it('is to hand out a fresh link', () => {
    const now = moment('2026-11-21T04:01:00Z');
    assert.deepEqual(placingOf(linked, bodySha256, now), { type: 'answer', handOut: true });
  });

  it('is nothing for another body, whatever the status', () => {
    const statuses = ['CREATED', 'AWAITING', 'PAID', 'CLOSED', 'REVIEW', 'REFUSED'];
    for (const status of statuses) {
      const order = orderOf(orderRecord({ status }));
      assert.deepEqual(placingOf(order, `${bodySha256}=`, createdAt), { type: 'conflict' });
      assert.deepEqual(placingOf(order, '', createdAt), { type: 'conflict' });
    }
  });

  it('is a conflict with a payment that nobody ordered here', () => {
    const order = orderOf(orderRecord({ status: 'UNMATCHED' }));
    assert.deepEqual(placingOf(order, bodySha256, createdAt), { type: 'conflict' });
  });

  for (const status of ['PAID', 'CLOSED', 'REVIEW', 'REFUSED']) {
    it(`is never to place or hand out the link of a ${status} order`, () => {
      const data = { link: 'wx201', linkAt: createdAt };
      const order = orderOf(orderRecord({ status }, data));
      assert.deepEqual(placingOf(order, bodySha256, createdAt), { type: 'answer', handOut: false });
    });
  }

  it('places up to 60 s before the expiry and not a millisecond later', () => {
    const fence = before(expiresAt, 60_000);
    assert.deepEqual(placingOf(created, bodySha256, fence), { type: 'place' });
    assert.deepEqual(placingOf(created, bodySha256, instant(fence + 1)), { type: 'expired' });
    assert.deepEqual(placingOf(created, bodySha256, expiresAt), { type: 'expired' });
    assert.deepEqual(placingOf(created, bodySha256, closeAt), { type: 'expired' });
  });

  it('renews a link after 110 min', () => {
    const renewAt = moment('2026-11-21T05:50:00Z');
    const fresh = placingOf(linked, bodySha256, before(renewAt, 1));
    assert.deepEqual(fresh, { type: 'answer', handOut: true });
    assert.deepEqual(placingOf(linked, bodySha256, renewAt), { type: 'place' });
  });

  it('renews the link of an H5 order after 4 min: it lives for 5', () => {
    const { openid: _, ...data } = orderRecord().data;
    const h5 = { ...data, trade_type: 'H5', link: 'https://wx.example.com', linkAt: createdAt };
    const order = orderOf({ ...orderRecord({ status: 'AWAITING' }), data: h5 });
    const renewAt = moment('2026-11-21T04:04:00Z');
    const fresh = placingOf(order, bodySha256, before(renewAt, 1));
    assert.deepEqual(fresh, { type: 'answer', handOut: true });
    assert.deepEqual(placingOf(order, bodySha256, renewAt), { type: 'place' });
  });

  it('hands out nothing where the link or its time is missing', () => {
    for (const data of [{ link: 'wx201' }, { linkAt: createdAt }]) {
      const order = orderOf(orderRecord({ status: 'AWAITING' }, data));
      assert.deepEqual(placingOf(order, bodySha256, createdAt), { type: 'place' });
    }
  });

  it('hands out a fresh link until the expiry, never from it on', () => {
    const late = { link: 'wx201', linkAt: moment('2026-11-21T05:58:00Z') };
    const order = orderOf(orderRecord({ status: 'AWAITING' }, late));
    const last = placingOf(order, bodySha256, before(expiresAt, 1));
    assert.deepEqual(last, { type: 'answer', handOut: true });
    assert.deepEqual(placingOf(order, bodySha256, expiresAt), { type: 'expired' });
  });

  it('is nothing once somebody asked to close, fresh link or none', () => {
    const closing = { closeReason: 'requested', closeAt: moment('2026-11-21T04:10:00Z') };
    const now = moment('2026-11-21T04:10:00Z');
    const bare = orderOf(orderRecord({}, closing));
    assert.deepEqual(placingOf(bare, bodySha256, now), { type: 'closing' });
    const data = { ...closing, link: 'wx201', linkAt: createdAt };
    const withLink = orderOf(orderRecord({ status: 'AWAITING' }, data));
    assert.deepEqual(placingOf(withLink, bodySha256, now), { type: 'closing' });
  });
});
