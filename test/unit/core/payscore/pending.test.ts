import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandNames } from '#core/payscore/evidence.ts';
import {
  commandChange,
  type Ended,
  isEnded,
  isPending,
  isRepeat,
  newPending,
  readEnded,
  readPending,
  refusedCreation,
} from '#core/payscore/pending.ts';
import type { JsonObject } from '#core/values/json.ts';
import { notedAt, now, pendingOf, sha } from './fixtures.ts';

const whole = pendingOf('modify', { refusals: 2, refusedAt: now });
const over: JsonObject = { name: 'pay', sha256: sha, outcome: 'refused', code: 'INVALID_REQUEST' };

describe('a command that stands in a record', () => {
  it('is read with all its fields', () => {
    assert.deepEqual(readPending(whole), {
      name: 'modify',
      body: '{}',
      sha256: sha,
      at: notedAt,
      refusals: 2,
      refusedAt: now,
    });
  });

  it('is read before anybody refused it, and without a body', () => {
    for (const name of commandNames) {
      const read = readPending(pendingOf(name, { body: '' }));
      assert.deepEqual([read?.name, read?.body, read?.refusedAt], [name, '', undefined]);
    }
  });

  for (const name of ['name', 'body', 'sha256', 'at', 'refusals']) {
    it(`is none without its ${name}`, () => {
      const rest = Object.entries(whole).filter(([other]) => other !== name);
      assert.equal(readPending(Object.fromEntries(rest)), undefined);
      assert.equal(isPending(Object.fromEntries(rest)), false);
    });
  }

  for (const [name, value] of [
    ['name', 'close'],
    ['name', 'COMPLETE'],
    ['body', {}],
    ['sha256', 7],
    ['at', '2026-11-21T04:00:00Z'],
    ['at', -1],
    ['refusals', -1],
    ['refusals', 0.5],
    ['refusals', '1'],
    ['refusedAt', null],
    ['refusedAt', 'now'],
  ] as const) {
    it(`is none with the ${name} ${JSON.stringify(value)}`, () => {
      assert.equal(isPending({ ...whole, [name]: value }), false);
    });
  }

  for (const value of [undefined, null, 'pay', 7, [], [whole], {}]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      assert.equal(isPending(value), false);
      assert.equal(isEnded(value), false);
    });
  }

  it('is written as it is read, and begins without a refusal', () => {
    const asked = { name: 'sync', body: '{"a":1}', sha256: sha, at: notedAt } as const;
    assert.deepEqual(newPending(asked), { ...asked, refusals: 0 });
    assert.ok(isPending(newPending(asked)));
  });

  it('comes with a look two minutes later, and announces nothing', () => {
    assert.deepEqual(commandChange('pay', '{"a":1}', { sha256: sha, now }), {
      patch: { set: { pending: pendingOf('pay', { body: '{"a":1}', at: now }) } },
      events: [],
      evidence: 'pay',
      nextLookAt: now + 120_000,
    });
  });
});

describe('how the last command ended', () => {
  it('is read with its code, or without one', () => {
    assert.deepEqual(readEnded(over), over);
    const { code: _, ...bare } = over;
    assert.deepEqual(readEnded({ ...bare, outcome: 'done' }), {
      ...bare,
      outcome: 'done',
      code: undefined,
    });
  });

  for (const [name, value] of [
    ['name', 'close'],
    ['name', undefined],
    ['sha256', null],
    ['outcome', 'unknown'],
    ['outcome', undefined],
    ['code', 7],
    ['code', null],
  ] as const) {
    it(`is none with the ${name} ${JSON.stringify(value)}`, () => {
      assert.equal(isEnded({ ...over, [name]: value }), false);
    });
  }
});

describe('a request', () => {
  const pending = readPending(whole);
  const none = { pending: undefined, ended: undefined };
  const ended = (changes: Partial<Ended>): Ended => ({
    name: 'modify',
    sha256: sha,
    outcome: 'done',
    code: undefined,
    ...changes,
  });
  const asked = { name: 'modify', sha256: sha } as const;

  for (const [what, standing, expected] of [
    ['the one that stands there', { pending, ended: undefined }, 'pending'],
    ['the one that was done last', { pending: undefined, ended: ended({}) }, 'ended'],
    ['the first one', none, undefined],
    ['one that was refused last', { ...none, ended: ended({ outcome: 'refused' }) }, undefined],
    ['one whose bytes differ', { ...none, ended: ended({ sha256: 'x' }) }, undefined],
    ['one of another name', { ...none, ended: ended({ name: 'complete' }) }, undefined],
  ] as const) {
    it(`is ${expected ?? 'no'} repeat of ${what}`, () => {
      assert.equal(isRepeat(standing, asked), expected);
    });
  }

  it('is no repeat of a pending one with other bytes, or of another name', () => {
    assert.equal(isRepeat({ ...none, pending }, { ...asked, sha256: 'x' }), undefined);
    assert.equal(isRepeat({ ...none, pending }, { ...asked, name: 'complete' }), undefined);
  });
});

describe('a creation that WeChat refuses', () => {
  const refusal = { code: 'INVALID_REQUEST', event: 'plan.refused', now } as const;

  it('ends its command, and tells nobody but the merchant', () => {
    assert.deepEqual(refusedCreation(readPending(pendingOf('create-plan')), refusal), {
      type: 'commit',
      change: {
        status: 'REFUSED',
        patch: {
          set: {
            ended: {
              name: 'create-plan',
              sha256: sha,
              outcome: 'refused',
              code: 'INVALID_REQUEST',
            },
          },
          unset: ['pending'],
        },
        events: ['plan.refused'],
        evidence: 'INVALID_REQUEST',
      },
    });
  });

  it('tells its sign plan where it has one, and needs no command', () => {
    assert.deepEqual(refusedCreation(undefined, refusal, true), {
      type: 'commit',
      change: {
        status: 'REFUSED',
        patch: {},
        events: ['plan.refused'],
        evidence: 'INVALID_REQUEST',
        tells: true,
      },
    });
  });
});
