import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOfEvent, decodeEvent, eventOf, eventTypes } from '#core/events.ts';
import type { StoredRecord } from '#core/record.ts';
import { isMchid } from '#core/values/ids.ts';
import { checked, moment, orderRecord } from './fixtures.ts';

const at = moment('2026-11-21T04:05:03.007Z');
const entry = { event: 'order.paid', n: 1, at };
const record = orderRecord({ version: 2, status: 'PAID' });

describe('an event', () => {
  it('is a CloudEvents 1.0 message', () => {
    assert.deepEqual(eventOf(record, entry, { status: 'PAID' }), {
      specversion: '1.0',
      id: 'order#1900000001#A-1001-20261121/order.paid/1',
      source: '/accounts/shop',
      type: 'order.paid',
      subject: 'order#1900000001#A-1001-20261121',
      time: '2026-11-21T04:05:03.007Z',
      datacontenttype: 'application/json',
      sequence: '0000000002',
      data: { status: 'PAID' },
    });
  });

  it('has the same id whenever it is made again', () => {
    const changed: StoredRecord = { ...record, unknownLooks: 4, leases: 2, dueAt: at };
    const later = { ...entry, at: moment('2026-11-22T00:00:00Z') };
    const { id } = eventOf(record, entry, {});
    assert.equal(eventOf(changed, later, { other: 'data' }).id, id);
  });

  it('has another id for another subject, type or count', () => {
    const other = { ...record, key: { ...record.key, number: 'A-1002-20261121' } };
    const foreign = { ...record, key: { ...record.key, mchid: checked(isMchid, '1900000009') } };
    const ids = [
      eventOf(record, entry, {}),
      eventOf(other, entry, {}),
      eventOf(foreign, entry, {}),
      eventOf(record, { ...entry, event: 'order.closed' }, {}),
      eventOf(record, { ...entry, n: 2 }, {}),
    ].map((event) => event.id);
    assert.equal(new Set(ids).size, 5);
  });

  for (const kind of ['order', 'refund', 'notice'] as const) {
    it(`has an id of at most 128 characters for the longest ${kind}`, () => {
      const mchid = checked(isMchid, '9'.repeat(32));
      const longest = { ...record, key: { kind, mchid, number: 'z'.repeat(64) } };
      const longestOrder = { ...record, key: { kind, mchid, number: 'z'.repeat(32) } };
      for (const event of eventTypes.filter((type) => type.startsWith(kind))) {
        const number = kind === 'order' ? longestOrder : longest;
        const { id, subject } = eventOf(number, { event, n: 99_999, at }, {});
        assert.ok(id.length <= 128, `${id.length}`);
        assert.ok(subject.length <= 128);
      }
    });
  }

  for (const type of ['refund.succeeded', 'refund.closed', 'refund.abnormal', 'refund.refused']) {
    it(`can be ${type}, of the refund and not of its order`, () => {
      const key = { ...record.key, kind: 'refund', number: 'R-1001-20261121' } as const;
      const event = eventOf({ ...record, key }, { event: type, n: 1, at }, {});
      assert.equal(eventTypes.includes(type as (typeof eventTypes)[number]), true);
      assert.deepEqual(
        [event.id, event.subject],
        [`refund#1900000001#R-1001-20261121/${type}/1`, 'refund#1900000001#R-1001-20261121'],
      );
    });
  }

  it('has the version of its record as sequence, padded so that texts compare as numbers do', () => {
    assert.equal(eventOf({ ...record, version: 10 }, entry, {}).sequence, '0000000010');
  });
});

describe('an event in the queue', () => {
  const event = eventOf(record, entry, { status: 'PAID' });

  it('is read as it was written', () => {
    assert.deepEqual(decodeEvent(JSON.stringify(event)), { ok: true, value: event });
  });

  it('is read with a type and fields that this release does not know', () => {
    const later = { ...event, type: 'order.refunded', partitionkey: 'x' };
    const read = decodeEvent(JSON.stringify(later));
    assert.equal(read.ok && read.value.type, 'order.refunded');
  });

  for (const name of Object.keys(event)) {
    it(`is not read without its ${name}`, () => {
      const rest = Object.fromEntries(Object.entries(event).filter(([other]) => other !== name));
      assert.deepEqual(decodeEvent(JSON.stringify(rest)), { ok: false, error: 'undecodable' });
    });
  }

  for (const wrong of [
    { specversion: '0.3' },
    { id: 7 },
    { time: '2026-11-21' },
    { datacontenttype: 'text/plain' },
    { sequence: 2 },
    { sequence: '2' },
    { sequence: '10000000002' },
    { sequence: '0000000002 ' },
    { sequence: ' 0000000002' },
    { data: 'text' },
    { data: [] },
  ]) {
    it(`is not read with ${JSON.stringify(wrong)}`, () => {
      const text = JSON.stringify({ ...event, ...wrong });
      assert.deepEqual(decodeEvent(text), { ok: false, error: 'undecodable' });
    });
  }

  for (const text of ['', '{', '[]', 'null', '"event"']) {
    it(`is not read from ${JSON.stringify(text)}`, () => {
      assert.deepEqual(decodeEvent(text), { ok: false, error: 'undecodable' });
    });
  }
});

describe('the account of an event', () => {
  it('is the one that its source names', () => {
    assert.equal(accountOfEvent({ source: '/accounts/shop' }), 'shop');
  });

  for (const source of [
    '',
    'shop',
    '/accounts/',
    '/accounts/Shop',
    '/accounts/a/b',
    'x/accounts/',
  ]) {
    it(`is nobody's in ${JSON.stringify(source)}`, () => {
      assert.equal(accountOfEvent({ source }), undefined);
    });
  }
});
