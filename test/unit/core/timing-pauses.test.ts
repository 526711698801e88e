import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  dueAtOfOwed,
  leaseMs,
  pauseAfterUnknown,
  pauseForNoticeAhead,
  retryPauseMs,
  stuckLease,
} from '#core/timing.ts';
import { instant } from '#core/values/time.ts';
import { moment } from './fixtures.ts';

const minuteMs = 60_000;

describe('a lease', () => {
  it('lasts 5 min and doubles with each one, to 6 h at most', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((lease) => leaseMs(lease) / minuteMs);
    assert.deepEqual(minutes, [5, 10, 20, 40, 80, 160, 320, 360, 360, 360]);
  });

  it('stays finite however often it was taken', () => {
    assert.equal(leaseMs(Number.MAX_SAFE_INTEGER), 360 * minuteMs);
  });

  it('is called stuck at the sixth', () => {
    assert.equal(stuckLease, 6);
  });
});

describe('the pause after a look without an answer', () => {
  it('grows from 30 s to an hour and stays there', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((n) => pauseAfterUnknown(n, false) / 1_000);
    assert.deepEqual(seconds, [30, 60, 120, 300, 600, 1_800, 3_600, 3_600, 3_600]);
  });

  it('is an hour from the first look on when WeChat refuses us', () => {
    const minutes = [1, 2, 7, 1_000].map((looks) => pauseAfterUnknown(looks, true) / minuteMs);
    assert.deepEqual(minutes, [60, 60, 60, 60]);
  });
});

describe('the pause for a notice that is ahead of the query', () => {
  it('is 5, 15 and 45 s, then the plan goes on', () => {
    assert.deepEqual([1, 2, 3].map(pauseForNoticeAhead), [5_000, 15_000, 45_000]);
    assert.deepEqual([4, 5, 20].map(pauseForNoticeAhead), [undefined, undefined, undefined]);
  });

  it('does not exist for a receive that cannot be', () => {
    assert.equal(pauseForNoticeAhead(0), undefined);
  });
});

describe('dueAt of what is owed', () => {
  const now = moment('2026-11-21T04:00:00Z');
  const soon = moment('2026-11-21T04:02:00Z');

  it('is two minutes from now when nothing stands', () => {
    assert.equal(dueAtOfOwed(undefined, now), soon);
  });

  it('stays where it stands within 35 min', () => {
    const edge = moment('2026-11-21T04:35:00Z');
    assert.equal(dueAtOfOwed(edge, now), edge);
    assert.equal(dueAtOfOwed(instant(edge - 1), now), edge - 1);
    assert.equal(dueAtOfOwed(instant(now + 1), now), now + 1);
  });

  it('stays where it stands in the past, which is due at once', () => {
    const past = moment('2026-11-20T04:00:00Z');
    assert.equal(dueAtOfOwed(past, now), past);
  });

  it('is moved to two minutes from now when it stands later than 35 min', () => {
    assert.equal(dueAtOfOwed(moment('2026-11-21T04:35:00.001Z'), now), soon);
    assert.equal(dueAtOfOwed(moment('2026-11-28T04:00:00Z'), now), soon);
  });
});

describe('the pause before a message comes again', () => {
  it('grows to 15 min', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((n) => retryPauseMs(n, 0.999_999) / 1_000);
    assert.deepEqual(
      seconds.map((value) => Math.round(value)),
      [10, 30, 60, 120, 300, 600, 900, 900, 900],
    );
  });

  it('is shortened by up to a quarter to spread the retries', () => {
    assert.equal(retryPauseMs(1, 0), 7_500);
    assert.equal(retryPauseMs(1, 0.5), 8_750);
    assert.equal(retryPauseMs(20, 0), 675_000);
  });

  it('never exceeds the 15 min', () => {
    for (let receives = 1; receives <= 30; receives += 1) {
      const pause = retryPauseMs(receives, 0.999_999);
      assert.ok(pause > 0 && pause <= 900_000, `${receives}: ${pause}`);
    }
  });
});
