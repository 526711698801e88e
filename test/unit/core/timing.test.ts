import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closeAtOf, firstDueAt, nextSlot, type WakePlan } from '#core/timing.ts';
import { type Instant, instant } from '#core/values/time.ts';
import { moment } from './fixtures.ts';

const created = moment('2026-11-21T00:00:00Z');

/** Offsets as people write them: `30s`, `20m`, `24h`, `7d`, or a sum: `5m30s`. */
function ms(text: string): number {
  const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
}

function after(text: string): Instant {
  return instant(created + ms(text));
}

function planFor(life: string): WakePlan {
  const expiresAt = after(life);
  return { createdAt: created, expiresAt, closeAt: closeAtOf(expiresAt, created) };
}

/** Each slot that follows the one before, from creation on. */
function slotsOf(plan: WakePlan, count: number): readonly number[] {
  const slots: Instant[] = [];
  for (let now = created; slots.length < count; now = slots.at(-1) ?? now) {
    slots.push(nextSlot(plan, now));
  }
  return slots.map((slot) => slot - created);
}

const firstHalfHour = ['30s', '1m', '3m', '5m', '10m', '20m', '30m'];
const plans = {
  '2m': ['30s', '1m', '3m', '5m', '5m30s', '6m', '7m', '10m', '15m', '35m', '1h5m', '2h5m'],
  '5m': ['30s', '1m', '3m', '5m', '5m30s', '6m', '6m30s', '7m30s', '10m30s', '15m30s', '35m30s'],
  '29m30s': [...firstHalfHour, '30m30s', '31m', '32m', '35m', '40m', '1h', '1h30m', '2h30m'],
  '40m': [...firstHalfHour, '40m30s', '41m', '41m30s', '42m30s', '45m30s', '50m30s', '1h10m30s'],
  '2h': [
    ...firstHalfHour,
    ...['2h30s', '2h1m', '2h1m30s', '2h2m30s', '2h5m30s', '2h10m30s', '2h30m30s'],
    ...['3h30s', '4h30s', '5h30s'],
  ],
  '2h1s': [...firstHalfHour, '1h', '2h', '2h31s', '2h1m1s', '2h1m31s'],
  '3h': [...firstHalfHour, '1h', '2h', '3h30s', '3h1m'],
  '7d': [
    ...firstHalfHour,
    ...['1h', '2h', '4h', '8h', '16h', '24h', '2d', '3d', '4d', '5d', '6d', '7d'],
    ...['7d30s', '7d1m', '7d1m30s', '7d2m30s', '7d5m30s', '7d10m30s', '7d30m30s', '7d1h30s'],
    ...['7d2h30s', '7d3h30s'],
  ],
};

describe('the slots of an order', () => {
  for (const [life, slots] of Object.entries(plans)) {
    it(`that lives ${life} are ${slots.join(', ')}`, () => {
      assert.deepEqual(slotsOf(planFor(life), slots.length), slots.map(ms));
    });
  }

  it('are fixed: from anywhere between two of them the later one is next', () => {
    const plan = planFor('2h');
    assert.equal(nextSlot(plan, instant(after('3m') - 1)), after('3m'));
    assert.equal(nextSlot(plan, after('3m')), after('5m'));
    assert.equal(nextSlot(plan, instant(after('3m') + 1)), after('5m'));
    assert.equal(nextSlot(plan, after('4m59s')), after('5m'));
  });

  it('never lie beyond closeAt before it is reached', () => {
    const plan = planFor('7d');
    assert.equal(nextSlot(plan, instant(plan.closeAt - 1)), plan.closeAt);
    assert.equal(nextSlot(plan, plan.closeAt), plan.closeAt + 30_000);
  });

  it('go on every hour, for ever, at the same minute', () => {
    const plan = planFor('2h');
    assert.equal(nextSlot(plan, after('30d')), after('30d') + ms('30s'));
    assert.equal(nextSlot(plan, after('30d30s')), after('30d') + ms('1h30s'));
  });

  it('follow a closeAt that was moved to now', () => {
    const plan = { ...planFor('2h'), closeAt: after('7m') };
    assert.equal(nextSlot(plan, after('6m')), after('7m'));
    assert.equal(nextSlot(plan, after('7m')), after('7m30s'));
    assert.equal(nextSlot(plan, after('8m')), after('9m'));
  });
});

describe('closeAt', () => {
  it('is half a minute after the expiry when the last placing is old', () => {
    assert.equal(closeAtOf(after('2h'), created), after('2h30s'));
    assert.equal(closeAtOf(after('2h'), after('1h55m30s')), after('2h30s'));
  });

  it('is five minutes after a placing that would still be on its way', () => {
    assert.equal(closeAtOf(after('2h'), instant(after('1h55m30s') + 1)), after('2h30s') + 1);
    assert.equal(closeAtOf(after('2h'), after('1h59m')), after('2h4m'));
    assert.equal(closeAtOf(after('2m'), created), after('5m'));
  });
});

describe('the first dueAt', () => {
  const firstDue = {
    '2m': '6m',
    '5m': '6m30s',
    '29m29s': '30m59s',
    '29m30s': '31m',
    '40m': '31m',
    '2h': '31m',
    '7d': '31m',
  };
  for (const [life, dueAt] of Object.entries(firstDue)) {
    it(`of an order that lives ${life} is ${dueAt} after its creation`, () => {
      assert.equal(firstDueAt(planFor(life)), after(dueAt));
    });
  }
});
