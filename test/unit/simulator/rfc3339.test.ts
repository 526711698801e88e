import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRfc3339 } from '../../../simulator/rfc3339.ts';
import { beijingDigits, beijingTime } from '../../../simulator/timers.ts';

const NOON_UTC = Date.UTC(2026, 2, 1, 12, 0, 0);

describe('times of WeChat Pay', () => {
  test('one moment may be written in any zone', () => {
    assert.equal(parseRfc3339('2026-03-01T12:00:00Z'), NOON_UTC);
    assert.equal(parseRfc3339('2026-03-01T20:00:00+08:00'), NOON_UTC);
    assert.equal(parseRfc3339('2026-03-01T06:30:00-05:30'), NOON_UTC);
  });

  for (const text of [
    '2026-03-01T12:00:00',
    '2026-03-01T12:00:00.5Z',
    '2026-02-30T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:00:60Z',
    '2026-03-01T12:00:00+24:00',
    '2026-03-01T12:00:00+0800',
    '20260301120000',
    '',
  ]) {
    test(`${JSON.stringify(text)} is no time`, () => {
      assert.equal(parseRfc3339(text), undefined);
    });
  }

  test('WeChat Pay writes Beijing time', () => {
    assert.equal(beijingTime(NOON_UTC + 999), '2026-03-01T20:00:00+08:00');
    assert.equal(beijingDigits(NOON_UTC), '20260301200000');
  });
});
