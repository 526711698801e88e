import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isWithinDelay,
  nextDailySlot,
  nextRefundSlot,
  refundDueAt,
  startWake,
} from '#core/timing.ts';
import { type Instant, instant, plus } from '#core/values/time.ts';
import { account, mchid, moment } from './fixtures.ts';

const startAt = moment('2026-11-21T07:00:00Z');

/** The looks that follow each other from this moment on, as whole minutes after the start. */
function minutesOf(next: (now: Instant) => Instant, from: Instant, count: number): number[] {
  const minutes: number[] = [];
  let now = from;
  for (let look = 0; look < count; look += 1) {
    now = next(now);
    minutes.push((now - startAt) / 60_000);
  }
  return minutes;
}

describe('the looks at a refund', () => {
  const next = (now: Instant) => nextRefundSlot(startAt, now);

  it('stand at 1 min × 5, then after 5, 10, 20 and 30 min more, then hourly', () => {
    const minutes = minutesOf(next, startAt, 12);
    assert.deepEqual(minutes, [1, 2, 3, 4, 5, 10, 20, 40, 70, 120, 180, 240]);
  });

  it('are hourly for a day and daily from then on', () => {
    const [lastHour] = minutesOf(next, moment('2026-11-22T06:59:59.999Z'), 1);
    assert.equal(lastHour, 1_440);
    const days = minutesOf(next, moment('2026-11-22T07:00:00Z'), 3).map((value) => value / 1_440);
    assert.deepEqual(days, [2, 3, 4]);
  });

  it('begin with the start itself while that lies ahead', () => {
    assert.equal(next(moment('2026-11-21T06:00:00Z')), startAt);
    assert.equal(next(plus(startAt, -1)), startAt);
  });

  it('stand fast: whoever looks when, the next look is the same one', () => {
    for (const [now, slot] of [
      ['2026-11-21T07:00:00.001Z', '2026-11-21T07:01:00Z'],
      ['2026-11-21T07:00:59.999Z', '2026-11-21T07:01:00Z'],
      ['2026-11-21T07:05:00Z', '2026-11-21T07:10:00Z'],
      ['2026-11-21T07:09:59Z', '2026-11-21T07:10:00Z'],
      ['2026-11-21T08:10:00Z', '2026-11-21T09:00:00Z'],
    ] as const) {
      assert.equal(next(moment(now)), moment(slot), now);
    }
  });

  it('always lie ahead', () => {
    for (const minutes of [0, 1, 69, 70, 71, 1_439, 1_440, 1_441, 100_000]) {
      const now = plus(startAt, minutes * 60_000);
      assert.ok(next(now) > now, `${minutes}`);
    }
  });
});

describe('the looks at a refund that only the merchant or the bank can bring on', () => {
  it('are daily from its start', () => {
    const days = minutesOf((now) => nextDailySlot(startAt, now), startAt, 3);
    assert.deepEqual(
      days.map((value) => value / 1_440),
      [1, 2, 3],
    );
    const [next] = minutesOf((now) => nextDailySlot(startAt, now), plus(startAt, 90_000), 1);
    assert.equal(next, 1_440);
  });
});

describe('the first look at a refund', () => {
  it('is due two minutes after its start where a message brings it there', () => {
    assert.equal(refundDueAt(startAt, startAt), moment('2026-11-21T07:02:00Z'));
    const edge = moment('2026-11-21T06:45:00Z');
    assert.equal(refundDueAt(startAt, edge), moment('2026-11-21T07:02:00Z'));
  });

  it('is due at its start where no message reaches', () => {
    assert.equal(refundDueAt(startAt, moment('2026-11-21T06:44:59.999Z')), startAt);
  });

  it('is due two minutes after a start that has passed', () => {
    assert.equal(refundDueAt(startAt, plus(startAt, 5_000)), moment('2026-11-21T07:02:00Z'));
  });

  it('is brought by a wake that begins no chain', () => {
    const subject = { kind: 'refund', mchid, number: 'R-1001-20261121' } as const;
    assert.deepEqual(startWake({ account: account.name, subject }, startAt), {
      type: 'wake',
      account: 'shop',
      subject,
      origin: 'sweep',
      slot: startAt,
      hop: 0,
    });
  });
});

describe('one delayed message', () => {
  it('reaches 15 minutes far and not further', () => {
    assert.equal(isWithinDelay(instant(startAt + 900_000), startAt), true);
    assert.equal(isWithinDelay(instant(startAt + 900_001), startAt), false);
    assert.equal(isWithinDelay(instant(startAt - 900_001), startAt), true);
  });
});
