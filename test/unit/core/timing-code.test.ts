import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Wake } from '#core/messages.ts';
import {
  carriesChain,
  closableAtOf,
  firstDueAt,
  firstWake,
  mayCharge,
  nextChainWake,
  nextSlot,
  reversalAtOf,
  reversibleAtOf,
  type WakePlan,
} from '#core/timing.ts';
import { type Instant, instant } from '#core/values/time.ts';
import { account, mchid, moment } from './fixtures.ts';

const created = moment('2026-11-21T00:00:00Z');
const closeAt = moment('2026-11-21T00:00:45Z');
const plan: WakePlan = { createdAt: created, expiresAt: closeAt, closeAt, isCodePayment: true };
const about = {
  account: account.name,
  subject: { kind: 'order', mchid, number: 'A-1001-20261121' },
} as const;

function after(seconds: number): Instant {
  return instant(created + seconds * 1_000);
}

function slotsOf(thePlan: WakePlan, count: number): readonly number[] {
  const slots: Instant[] = [];
  for (let now = created; slots.length < count; now = slots.at(-1) ?? now) {
    slots.push(nextSlot(thePlan, now));
  }
  return slots.map((slot) => (slot - created) / 1_000);
}

describe('the slots of a code payment', () => {
  it('stand every few seconds until it is reversed, then as of every order', () => {
    const till = [5, 10, 15, 20, 30, 40, 45];
    const reversed = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200].map((s) => 45 + s);
    assert.deepEqual(slotsOf(plan, 15), [...till, ...reversed]);
  });

  it('are fixed: from anywhere between two of them the later one is next', () => {
    assert.equal(nextSlot(plan, after(4.999)), after(5));
    assert.equal(nextSlot(plan, after(5)), after(10));
    assert.equal(nextSlot(plan, after(20.001)), after(30));
    assert.equal(nextSlot(plan, after(40)), after(45));
    assert.equal(nextSlot(plan, after(44.999)), after(45));
    assert.equal(nextSlot(plan, after(45)), after(75));
  });

  it('end where a close was asked for: none lies beyond', () => {
    const early = { ...plan, closeAt: after(25) };
    assert.deepEqual(slotsOf(early, 6), [5, 10, 15, 20, 25, 55]);
    assert.equal(nextSlot({ ...plan, closeAt: after(27) }, after(26)), after(27));
  });

  it('are those of no other order of the same life', () => {
    const { isCodePayment: _, ...link } = plan;
    assert.deepEqual(slotsOf(link, 2), [30, 45]);
    assert.deepEqual(slotsOf({ ...link, isCodePayment: false }, 2), [30, 45]);
  });

  it('go on every hour, for ever', () => {
    assert.equal(nextSlot(plan, after(86_400)), after(86_400 + 45));
    assert.equal(nextSlot(plan, after(86_400 + 45)), after(86_400 + 45 + 3_600));
  });
});

describe('the times of a code payment', () => {
  it('are 45 s until it is reversed, and 25 s before which it never is', () => {
    assert.equal(reversalAtOf(created), closeAt);
    assert.equal(reversibleAtOf(created), moment('2026-11-21T00:00:25Z'));
  });

  for (const [now, may] of [
    ['2026-11-21T00:00:00.000Z', true],
    ['2026-11-21T00:00:09.999Z', true],
    ['2026-11-21T00:00:10.000Z', true],
    ['2026-11-21T00:00:10.001Z', false],
    ['2026-11-21T00:00:25.000Z', false],
    ['2026-11-21T00:00:45.000Z', false],
    ['2026-11-22T00:00:00.000Z', false],
  ] as const) {
    it(`${may ? 'let' : 'never let'} the code be charged at ${now}`, () => {
      assert.equal(mayCharge(created, moment(now)), may);
    });
  }

  it('leave 15 s at least between the last charge and the first reversal', () => {
    const last = [...Array(60).keys()].map(after).findLast((now) => mayCharge(created, now));
    assert.equal(reversibleAtOf(created) - (last ?? created), 15_000);
  });

  it('have somebody look a minute after the last message, should all be lost', () => {
    assert.equal(firstDueAt(plan), moment('2026-11-21T00:01:45Z'));
    assert.equal(firstDueAt({ ...plan, closeAt: after(25) }), moment('2026-11-21T00:01:25Z'));
  });
});

describe('a link order of APIv2', () => {
  it('is closable 5 min after the last placing that was begun', () => {
    assert.equal(closableAtOf(created), moment('2026-11-21T00:05:00Z'));
    assert.equal(closableAtOf(after(61)), moment('2026-11-21T00:06:01Z'));
  });
});

describe('the chain of a code payment', () => {
  it('begins 5 s after its creation', () => {
    const first = { type: 'wake', ...about, origin: 'chain', slot: after(5), hop: 0 };
    assert.deepEqual(firstWake(plan, about), first);
  });

  /** How often it sends, each wake handled `lateMs` after its slot. */
  function sendsOf(thePlan: WakePlan, lateMs: number): number {
    let sends = 1;
    let current: Wake | undefined = firstWake(thePlan, about);
    while (current !== undefined) {
      const now: Instant = instant(current.slot + lateMs);
      const carries = carriesChain(current, 1, thePlan, now);
      current = carries ? nextChainWake(current, thePlan, now) : undefined;
      sends += current === undefined ? 0 : 1;
      assert.ok(sends < 100, 'a chain without an end');
    }
    return sends;
  }

  it('sends seven times on time, once a slot, and once more where the last wake is early', () => {
    assert.equal(sendsOf(plan, 0), 7);
    assert.equal(sendsOf(plan, -900), 8);
  });

  it('stays below 12 sends, on time, early or late, wherever its closeAt moves to', () => {
    for (let closeMs = 1_000; closeMs <= 60_000; closeMs += 500) {
      const moved = { ...plan, closeAt: instant(created + closeMs) };
      for (const lateMs of [-1_000, 0, 1, 4_999, 5_000, 9_000, 30_000, 59_000]) {
        assert.ok(sendsOf(moved, lateMs) < 12);
      }
    }
  });

  it('passes over the slots that a late wake missed', () => {
    const wake: Wake = { type: 'wake', ...about, origin: 'chain', slot: after(5), hop: 0 };
    assert.equal(nextChainWake(wake, plan, after(21))?.slot, after(30));
    assert.equal(nextChainWake(wake, plan, after(41))?.slot, after(45));
  });

  it('is carried on by no wake from closeAt on, nor by one of a link order', () => {
    const wake: Wake = { type: 'wake', ...about, origin: 'chain', slot: after(40), hop: 5 };
    assert.equal(carriesChain(wake, 1, plan, after(40)), true);
    assert.equal(carriesChain(wake, 1, plan, closeAt), false);
    assert.equal(carriesChain({ ...wake, slot: closeAt }, 1, plan, closeAt), false);
    assert.equal(carriesChain({ ...wake, slot: after(60) }, 1, plan, after(44)), false);
    assert.equal(carriesChain({ ...wake, origin: 'sweep' }, 1, plan, after(40)), false);
    assert.equal(carriesChain(wake, 2, plan, after(40)), false);
  });
});
