import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Wake } from '#core/messages.ts';
import { carriesChain, closeAtOf, firstWake, nextChainWake, type WakePlan } from '#core/timing.ts';
import { type Instant, instant } from '#core/values/time.ts';
import { account, mchid, moment } from './fixtures.ts';

const minuteMs = 60_000;
const created = moment('2026-11-21T00:00:00Z');
const about = {
  account: account.name,
  subject: { kind: 'order', mchid, number: 'A-1001-20261121' },
} as const;

function planFor(lifeMs: number): WakePlan {
  const expiresAt = instant(created + lifeMs);
  return { createdAt: created, expiresAt, closeAt: closeAtOf(expiresAt, created) };
}

const plan = planFor(120 * minuteMs);
const at3 = moment('2026-11-21T00:03:00Z');
const wake: Wake = { type: 'wake', ...about, origin: 'chain', slot: at3, hop: 2 };

describe('the chain of a record', () => {
  it('begins at the first slot with hop 0', () => {
    assert.deepEqual(firstWake(plan, about), {
      type: 'wake',
      ...about,
      origin: 'chain',
      slot: moment('2026-11-21T00:00:30Z'),
      hop: 0,
    });
  });

  it('is carried on by its wake on time', () => {
    assert.equal(carriesChain(wake, 1, plan, at3), true);
  });

  const tolerated = ['2026-11-21T00:02:00Z', '2026-11-21T00:04:00Z'];
  for (const now of tolerated) {
    it(`is carried on within a minute of the slot, at ${now}`, () => {
      assert.equal(carriesChain(wake, 1, plan, moment(now)), true);
    });
  }

  it('is not carried on by a wake more than a minute off its slot', () => {
    assert.equal(carriesChain(wake, 1, plan, instant(at3 + minuteMs + 1)), false);
    assert.equal(carriesChain(wake, 1, plan, instant(at3 - minuteMs - 1)), false);
    assert.equal(carriesChain(wake, 1, plan, moment('2026-11-21T01:03:00Z')), false);
  });

  for (const receiveCount of [0, 2, 3, 20]) {
    it(`is not carried on by receive ${receiveCount}`, () => {
      assert.equal(carriesChain(wake, receiveCount, plan, at3), false);
    });
  }

  for (const origin of ['sweep', 'after-close'] as const) {
    it(`is not carried on by a wake of origin ${origin}`, () => {
      assert.equal(carriesChain({ ...wake, origin }, 1, plan, at3), false);
    });
  }

  it('ends with hop 10', () => {
    assert.equal(carriesChain({ ...wake, hop: 9 }, 1, plan, at3), true);
    assert.equal(carriesChain({ ...wake, hop: 10 }, 1, plan, at3), false);
    assert.equal(carriesChain({ ...wake, hop: 11 }, 1, plan, at3), false);
  });

  it('ends at closeAt', () => {
    const closing = { ...plan, closeAt: at3 };
    assert.equal(carriesChain(wake, 1, { ...plan, closeAt: instant(at3 + 1) }, at3), true);
    assert.equal(carriesChain(wake, 1, closing, at3), false);
    assert.equal(carriesChain(wake, 1, closing, instant(at3 + 1)), false);
  });

  for (const slot of ['00:02:59.999', '00:03:00.001', '00:03:30']) {
    it(`is not carried on by a wake of ${slot}, which is no slot of the plan`, () => {
      const stranger = { ...wake, slot: moment(`2026-11-21T${slot}Z`) };
      assert.equal(carriesChain(stranger, 1, plan, at3), false);
    });
  }

  it('is not carried on by the wake of a closeAt that has moved', () => {
    const short = planFor(7 * minuteMs);
    const closing: Wake = { ...wake, slot: short.closeAt };
    const moved = { ...short, closeAt: instant(short.closeAt + 30_000) };
    assert.equal(carriesChain(closing, 1, moved, closing.slot), false);
  });
});

describe('the next wake of a chain', () => {
  it('stands at the next slot, one hop further', () => {
    const slot = moment('2026-11-21T00:05:00Z');
    assert.deepEqual(nextChainWake(wake, plan, at3), { ...wake, slot, hop: 3 });
  });

  it('does not repeat the slot of a wake that came early', () => {
    const slot = moment('2026-11-21T00:05:00Z');
    assert.deepEqual(nextChainWake(wake, plan, instant(at3 - 900)), { ...wake, slot, hop: 3 });
  });

  it('is a message up to 15 min away, and beyond that a dueAt', () => {
    const at30 = moment('2026-11-21T00:30:00Z');
    const last = { ...wake, slot: at30 };
    const within = { ...plan, closeAt: instant(at30 + 15 * minuteMs) };
    assert.equal(nextChainWake(last, within, at30)?.slot, at30 + 15 * minuteMs);
    const beyond = { ...plan, closeAt: instant(at30 + 15 * minuteMs + 1) };
    assert.equal(nextChainWake(last, beyond, at30), undefined);
  });
});

/** How often a chain sends, each wake handled `lateMs` after its slot. */
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

describe('the sends of one chain', () => {
  const literal = [
    [2, 4],
    [5, 5],
    [29, 7],
    [40, 8],
    [45, 7],
    [120, 7],
    [10_080, 7],
  ] as const;
  for (const [lifeMinutes, sends] of literal) {
    it(`are ${sends} for an order of ${lifeMinutes} minutes`, () => {
      assert.equal(sendsOf(planFor(lifeMinutes * minuteMs), 0), sends);
    });
  }

  it('stay below 12 for every lifetime from 2 min to 7 d, on time, early or late', () => {
    let most = 0;
    for (let lifeMs = 2 * minuteMs; lifeMs <= 10_080 * minuteMs; lifeMs += minuteMs) {
      for (const lateMs of [-1_000, 0, 59_000]) {
        most = Math.max(most, sendsOf(planFor(lifeMs), lateMs));
      }
    }
    assert.ok(most < 12, `${most} sends`);
    assert.ok(most >= 8, `a chain of ${most} sends proves nothing`);
  });

  it('stay below 12 for every second of lifetime around the first half hour', () => {
    for (let lifeMs = 2 * minuteMs; lifeMs <= 50 * minuteMs; lifeMs += 1_000) {
      assert.ok(sendsOf(planFor(lifeMs), 0) < 12);
    }
  });

  it('stay below 12 when closeAt moves to any second of the first half hour', () => {
    for (let offsetMs = 1_000; offsetMs <= 45 * minuteMs; offsetMs += 1_000) {
      const moved = { ...plan, closeAt: instant(created + offsetMs) };
      assert.ok(sendsOf(moved, 0) < 12);
      assert.ok(sendsOf(moved, -1_000) < 12);
    }
  });
});
