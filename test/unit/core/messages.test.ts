import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeMessage, encodeMessage, hintReasons, type Message } from '#core/messages.ts';
import { kinds, subjectId } from '#core/record.ts';
import { isAccountName, isMchid } from '#core/values/ids.ts';
import { isObject, type JsonObject, parseObject } from '#core/values/json.ts';
import { instant } from '#core/values/time.ts';
import { account, checked, mchid, moment } from './fixtures.ts';

const subject = { kind: 'order', mchid, number: 'A-1001-20261121' } as const;
const slot = moment('2026-11-21T04:03:00Z');
const hint: Message = {
  type: 'hint',
  account: account.name,
  subject,
  reason: 'notice',
  says: 'SUCCESS',
};
const notice: Message = {
  type: 'unhandled-notice',
  account: account.name,
  subject: { kind: 'notice', mchid, number: 'EV-2018022511223320873' },
  event_type: 'COUPON.USE',
  createdAt: slot,
};
const wake: Message = {
  type: 'wake',
  account: account.name,
  subject,
  origin: 'chain',
  slot,
  hop: 2,
};

function objectOf(message: Message): JsonObject {
  const parsed = parseObject(encodeMessage(message));
  assert.ok(parsed.ok);
  return parsed.value;
}

const undecodable = { ok: false, error: 'undecodable' };

describe('a message', () => {
  it('is written as JSON with its version', () => {
    assert.equal(
      encodeMessage(wake),
      '{"version":1,"type":"wake","account":"shop","subject":{"kind":"order","mchid":"1900000001",' +
        '"number":"A-1001-20261121"},"origin":"chain","slot":1795233780000,"hop":2}',
    );
  });

  const key = fc.record({
    kind: fc.constantFrom(...kinds),
    mchid: fc.stringMatching(/^[0-9]{8,32}$/).map((text) => checked(isMchid, text)),
    number: fc.string({ minLength: 1, maxLength: 64 }),
  });
  const head = {
    account: fc
      .stringMatching(/^[a-z][a-z0-9-]{0,31}$/)
      .map((text) => checked(isAccountName, text)),
    subject: key,
  };
  const moments = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instant);
  const messages: fc.Arbitrary<Message> = fc.oneof(
    fc.record({
      type: fc.constant('hint' as const),
      ...head,
      reason: fc.constantFrom(...hintReasons),
    }),
    fc.record({
      type: fc.constant('hint' as const),
      ...head,
      reason: fc.constantFrom(...hintReasons),
      says: fc.string(),
    }),
    fc.record({
      type: fc.constant('unhandled-notice' as const),
      ...head,
      event_type: fc.string(),
      createdAt: moments,
    }),
    fc.record({
      type: fc.constant('wake' as const),
      ...head,
      origin: fc.constantFrom('chain' as const, 'sweep' as const, 'after-close' as const),
      slot: moments,
      hop: fc.nat(),
    }),
  );

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const decoded = decodeMessage(encodeMessage(message));
        assert.ok(decoded.ok);
        assert.deepEqual({ ...decoded.value }, { ...message, subject: { ...message.subject } });
      }),
    );
  });

  it('is never read from any other text, and nothing throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(decodeMessage(text).ok, false);
      }),
    );
  });

  for (const message of [hint, notice, wake]) {
    it(`of type ${message.type} may carry fields that a later writer adds`, () => {
      const { subject: about, ...rest } = objectOf(message);
      assert.ok(isObject(about));
      const text = JSON.stringify({ ...rest, added: 1, subject: { ...about, added: [] } });
      assert.deepEqual(decodeMessage(text), { ok: true, value: message });
    });

    for (const name of Object.keys(objectOf(message)).filter((field) => field !== 'says')) {
      it(`of type ${message.type} is undecodable without ${name}`, () => {
        const entries = Object.entries(objectOf(message)).filter(([field]) => field !== name);
        assert.deepEqual(decodeMessage(JSON.stringify(Object.fromEntries(entries))), undecodable);
      });
    }

    for (const name of Object.keys(objectOf(message))) {
      for (const damage of [null, [], {}, true, -1, 0.5]) {
        it(`of type ${message.type} is undecodable with ${name} ${JSON.stringify(damage)}`, () => {
          const text = JSON.stringify({ ...objectOf(message), [name]: damage });
          assert.deepEqual(decodeMessage(text), undecodable);
        });
      }
    }
  }

  const damages: readonly (readonly [string, Message, JsonObject])[] = [
    ['an account with a slash', hint, { account: '../other' }],
    ['an unknown reason', hint, { reason: 'gossip' }],
    ['an unknown origin', wake, { origin: 'elsewhere' }],
    ['a slot as text', wake, { slot: '2026-11-21T04:03:00Z' }],
    ['a slot beyond the year 9999', wake, { slot: 253_402_300_800_000 }],
    ['a hop as text', wake, { hop: '2' }],
    ['an unknown kind', hint, { subject: { ...subject, kind: 'claim' } }],
    ['an mchid as a number', hint, { subject: { ...subject, mchid: 1_900_000_001 } }],
    ['a short mchid', hint, { subject: { ...subject, mchid: '190' } }],
    ['an empty number', hint, { subject: { ...subject, number: '' } }],
    ['a number of 65 characters', hint, { subject: { ...subject, number: 'a'.repeat(65) } }],
    ['a subject as text', hint, { subject: 'order#1900000001#A-1001' }],
    ['a version as text', hint, { version: '1' }],
  ];
  for (const [what, message, damage] of damages) {
    it(`is undecodable with ${what}`, () => {
      const text = JSON.stringify({ ...objectOf(message), ...damage });
      assert.deepEqual(decodeMessage(text), undecodable);
    });
  }

  it('may be about a number of 64 characters', () => {
    const longest = { ...objectOf(hint), subject: { ...subject, number: 'a'.repeat(64) } };
    assert.equal(decodeMessage(JSON.stringify(longest)).ok, true);
  });

  it('is undecodable when it is cut anywhere', () => {
    const text = encodeMessage(wake);
    for (let length = 0; length < text.length; length += 1) {
      assert.deepEqual(decodeMessage(text.slice(0, length)), undecodable);
    }
  });

  for (const version of [0, 2, 99]) {
    it(`of version ${version} waits for a reader that knows it`, () => {
      const expected = { ok: false, error: 'unknown-version' };
      assert.deepEqual(decodeMessage(JSON.stringify({ ...objectOf(hint), version })), expected);
      // A later version may have changed every other field.
      assert.deepEqual(decodeMessage(JSON.stringify({ type: 'wake', version })), expected);
    });
  }

  for (const type of ['Hint', 'toString', '__proto__', 'constructor', '', 'hint ']) {
    it(`of the type ${JSON.stringify(type)} is of no known type, whatever its version`, () => {
      for (const version of [1, 2]) {
        const text = `{"type":${JSON.stringify(type)},"version":${version}}`;
        assert.deepEqual(decodeMessage(text), { ok: false, error: 'unknown-type' });
      }
    });
  }
});

describe('the id of a subject', () => {
  it('is its kind, mchid and number', () => {
    assert.equal(subjectId(subject), 'order#1900000001#A-1001-20261121');
  });
});
