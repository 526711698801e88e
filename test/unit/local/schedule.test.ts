import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { periodOf } from '../../../local/schedule.ts';

describe('a schedule', () => {
  it('by rate has a period', () => {
    assert.equal(periodOf('rate(1 minute)'), 60_000);
    assert.equal(periodOf('rate(5 minutes)'), 300_000);
    assert.equal(periodOf('rate(2 hours)'), 7_200_000);
    assert.equal(periodOf('rate(1 day)'), 86_400_000);
  });

  for (const expression of [
    'cron(0 2 * * ? *)',
    'at(2026-03-01T00:00:00)',
    'rate(0 minutes)',
    'rate(1 second)',
    'rate(minute)',
    'every minute',
    '',
  ]) {
    it(`is refused by "${expression}"`, () => {
      assert.throws(() => periodOf(expression), /is not supported/);
    });
  }
});
