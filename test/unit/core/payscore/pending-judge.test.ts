import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CommandName, commandNames } from '#core/payscore/evidence.ts';
import {
  decisionOf,
  judgePending,
  type Pending,
  patchOf,
  readPending,
  type Standing,
  type Verdict,
} from '#core/payscore/pending.ts';
import type { JsonObject } from '#core/values/json.ts';
import { moment } from '../fixtures.ts';
import { contextOf, now, outcomes, pendingOf, type Sent, sents, sha } from './fixtures.ts';

const standings: readonly Standing[] = ['done', 'open', 'void'];
const mayBeCharging: readonly CommandName[] = ['cancel', 'modify', 'sync', 'pay'];

function pending(name: CommandName, changes = {}): Pending {
  const read = readPending(pendingOf(name, changes));
  assert.ok(read !== undefined);
  return read;
}

function judge(
  name: CommandName,
  standing: Standing,
  sent: Sent,
  { isCharging = false, ...changes }: JsonObject & { readonly isCharging?: boolean } = {},
): Verdict {
  return judgePending(pending(name, changes), standing, { ...contextOf(sent), isCharging });
}

const done: Verdict = { type: 'done' };
const refused: Verdict = { type: 'refused', code: 'INVALID_ORDER_STATE' };
const notShown: Verdict = { type: 'unknown', code: 'NOT_SHOWN', isFault: false };

describe('no pending command', () => {
  it('is judged as none, whatever else is', () => {
    for (const standing of standings) {
      for (const sent of sents) {
        for (const isCharging of [false, true]) {
          const verdict = judgePending(undefined, standing, { ...contextOf(sent), isCharging });
          assert.deepEqual(verdict, { type: 'none' }, `${standing} ${sent}`);
        }
      }
    }
  });
});

for (const name of commandNames) {
  describe(`the pending command ${name}`, () => {
    for (const sent of sents) {
      it(`is done where the query shows it, ${sent}, though WeChat be charging`, () => {
        assert.deepEqual(judge(name, 'done', sent), done);
        assert.deepEqual(judge(name, 'done', sent, { isCharging: true, refusals: 3 }), done);
        assert.deepEqual(judge(name, 'done', sent, { refusals: 1, refusedAt: now }), done);
      });

      it(`is refused where it cannot happen any more, ${sent}`, () => {
        const code = sent === 'refused' ? 'INVALID_ORDER_STATE' : 'STATE';
        assert.deepEqual(judge(name, 'void', sent), { type: 'refused', code });
        assert.deepEqual(judge(name, 'void', sent, { isCharging: true }), {
          type: 'refused',
          code,
        });
        const soon = { refusals: 1, refusedAt: now };
        assert.deepEqual(judge(name, 'void', sent, soon), { type: 'refused', code });
      });
    }

    it('is sent where it does not show and nobody sent it', () => {
      assert.deepEqual(judge(name, 'open', 'unsent'), { type: 'send' });
      assert.deepEqual(judge(name, 'open', 'unsent', { isCharging: true }), { type: 'send' });
    });

    it(`${name === 'pay' ? 'is done' : 'is not done yet'} where it was accepted and does not show`, () => {
      assert.deepEqual(judge(name, 'open', 'accepted'), name === 'pay' ? done : notShown);
      const charging = judge(name, 'open', 'accepted', { isCharging: true });
      assert.deepEqual(charging, name === 'pay' ? done : notShown);
    });

    it('stays, with the code, where nobody knows', () => {
      for (const isCharging of [false, true]) {
        const unknown = { type: 'unknown', code: 'SYSTEM_ERROR', isFault: false };
        const fault = { type: 'unknown', code: 'NO_AUTH', isFault: true };
        assert.deepEqual(judge(name, 'open', 'unknown', { isCharging }), unknown);
        assert.deepEqual(judge(name, 'open', 'fault', { isCharging }), fault);
      }
    });

    it('is refused at once while WeChat charges nothing', () => {
      for (const refusals of [0, 1, 2, 3]) {
        assert.deepEqual(judge(name, 'open', 'refused', { refusals }), refused);
      }
    });

    const waits = mayBeCharging.includes(name);
    it(`${waits ? 'comes again three times' : 'is refused at once'} while WeChat charges`, () => {
      const verdicts = [0, 1, 2, 3, 4].map((refusals) =>
        judge(name, 'open', 'refused', { isCharging: true, refusals }),
      );
      const later = (refusals: number): Verdict => ({
        type: 'later',
        refusals,
        code: 'INVALID_ORDER_STATE',
      });
      const expected = waits
        ? [later(1), later(2), later(3), refused, refused]
        : [refused, refused, refused, refused, refused];
      assert.deepEqual(verdicts, expected);
    });

    it('waits for three minutes after a refusal, and is sent on the third', () => {
      const at = moment('2026-11-21T07:03:00Z');
      for (const [time, expected] of [
        ['2026-11-21T07:00:00.000Z', { type: 'wait', at }],
        ['2026-11-21T07:02:59.999Z', { type: 'wait', at }],
        ['2026-11-21T07:03:00.000Z', { type: 'send' }],
        ['2026-11-21T09:00:00.000Z', { type: 'send' }],
      ] as const) {
        const said = pending(name, { refusals: 1, refusedAt: now });
        const context = { now: moment(time), isCharging: true };
        assert.deepEqual(judgePending(said, 'open', context), expected, time);
      }
    });
  });
}

describe('a verdict', () => {
  const asked = pending('cancel', { refusals: 1, refusedAt: moment('2026-11-21T06:56:00Z') });

  it('that it is done ends the command', () => {
    const ended = { name: 'cancel', sha256: sha, outcome: 'done' };
    assert.deepEqual(patchOf(asked, done, now), { set: { ended }, unset: ['pending'] });
  });

  it('that it is refused ends it with the code', () => {
    const code = 'INVALID_ORDER_STATE';
    const ended = { name: 'cancel', sha256: sha, outcome: 'refused', code };
    assert.deepEqual(patchOf(asked, refused, now), { set: { ended }, unset: ['pending'] });
  });

  it('that it comes later counts, and leaves its bytes as they are', () => {
    const verdict: Verdict = { type: 'later', refusals: 2, code: 'INVALID_ORDER_STATE' };
    assert.deepEqual(patchOf(asked, verdict, now), {
      set: { pending: pendingOf('cancel', { refusals: 2, refusedAt: now }) },
      nextLookAt: moment('2026-11-21T07:03:00Z'),
    });
  });

  for (const verdict of [
    { type: 'none' },
    { type: 'send' },
    { type: 'wait', at: now },
    notShown,
    { type: 'unknown', code: 'NO_AUTH', isFault: true },
  ] as const satisfies readonly Verdict[]) {
    it(`of ${verdict.type} writes nothing`, () => {
      assert.equal(patchOf(asked, verdict, now), undefined);
    });
  }

  it('is decided by where nothing else has changed', () => {
    const later: Verdict = { type: 'later', refusals: 1, code: 'X' };
    for (const isSettled of [false, true]) {
      const rest = { type: isSettled ? 'quiet' : 'wait' };
      assert.deepEqual(decisionOf({ type: 'none' }, isSettled), rest);
      assert.deepEqual(decisionOf(done, isSettled), rest);
      assert.deepEqual(decisionOf(refused, isSettled), rest);
      assert.deepEqual(decisionOf(later, isSettled), rest);
      const send = { type: 'command', command: 'send' };
      assert.deepEqual(decisionOf({ type: 'send' }, isSettled), send);
      assert.deepEqual(decisionOf({ type: 'wait', at: now }, isSettled), { type: 'wait', at: now });
      assert.deepEqual(decisionOf(notShown, isSettled), notShown);
    }
  });

  it('speaks the words of the outcomes that these tests send', () => {
    const said = Object.values(outcomes).map(({ type }) => type);
    assert.deepEqual(said, ['accepted', 'refused', 'unknown', 'fault']);
  });
});
