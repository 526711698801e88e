import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  earliest,
  formatBeijing,
  formatUtc,
  instant,
  isInstant,
  latest,
  parseRfc3339,
  plus,
  wholeSecond,
} from '#core/values/time.ts';
import { moment } from '../fixtures.ts';

const noon = 1_795_233_600_000; // 2026-11-21T04:00:00Z, noon in Beijing
const lastMs = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z

describe('instant', () => {
  it('takes the first and the last moment that a date can write', () => {
    assert.equal(instant(0), 0);
    assert.equal(instant(lastMs), lastMs);
  });

  for (const value of [-1, 0.5, lastMs + 1, Number.NaN, Infinity]) {
    it(`throws for ${value}`, () => {
      const message = `Not a moment: ${value}`;
      assert.throws(() => instant(value), { name: 'RangeError', message });
      assert.equal(isInstant(value), false);
    });
  }

  for (const value of ['0', null, undefined, new Date(0), 0n]) {
    it(`is not the ${typeof value} ${String(value)}`, () => {
      assert.equal(isInstant(value), false);
    });
  }

  it('adds, and throws when the sum is before 1970 or after 9999', () => {
    assert.equal(plus(instant(noon), 90_000), noon + 90_000);
    assert.throws(() => plus(instant(0), -1), RangeError);
    assert.throws(() => plus(instant(lastMs), 1), RangeError);
  });

  it('finds the earliest and the latest', () => {
    assert.equal(earliest(instant(3), instant(1), instant(2)), 1);
    assert.equal(earliest(instant(3)), 3);
    assert.equal(latest(instant(1), instant(3), instant(2)), 3);
    assert.equal(latest(instant(1)), 1);
  });

  it('cuts to the whole second and never rounds up', () => {
    assert.equal(wholeSecond(instant(noon + 999)), noon);
    assert.equal(wholeSecond(instant(noon)), noon);
    assert.equal(wholeSecond(instant(999)), 0);
  });
});

describe('parseRfc3339', () => {
  const read = [
    ['2026-11-21T04:00:00Z', noon],
    ['2026-11-21T12:00:00+08:00', noon],
    ['2026-11-20T23:00:00-05:00', noon],
    ['2026-11-22T03:00:00+23:00', noon],
    ['2026-11-21T09:30:00+05:30', noon],
    ['2026-11-21T04:00:00+00:00', noon],
    ['2026-11-21T04:00:00-00:00', noon],
    ['2026-11-21T12:00:00.120+08:00', noon + 120],
    ['2026-11-21T12:00:00.1+08:00', noon + 100],
    ['2026-11-21T12:00:00.007+08:00', noon + 7],
    ['2026-11-21T12:00:00.999999999+08:00', noon + 999],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['1970-01-01T08:00:00+08:00', 0],
    ['9999-12-31T23:59:59.999Z', lastMs],
    ['2026-01-01T07:59:59+08:00', Date.UTC(2025, 11, 31, 23, 59, 59)],
  ] as const;
  for (const [text, epochMs] of read) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseRfc3339(text), { ok: true, value: epochMs });
    });
  }

  const refused = {
    'no zone': '2026-11-21T12:00:00',
    'a date alone': '2026-11-21',
    'a blank instead of T': '2026-11-21 12:00:00+08:00',
    'a zone without a colon': '2026-11-21T12:00:00+0800',
    'a zone without minutes': '2026-11-21T12:00:00+08',
    'no seconds': '2026-11-21T12:00+08:00',
    'a comma before the fraction': '2026-11-21T12:00:00,5+08:00',
    'an empty fraction': '2026-11-21T12:00:00.+08:00',
    'ten decimals': '2026-11-21T12:00:00.1234567890+08:00',
    '30 February': '2026-02-30T12:00:00+08:00',
    '29 February of a common year': '2026-02-29T12:00:00+08:00',
    '29 February of 1900 rules': '2100-02-29T12:00:00+08:00',
    '31 November': '2026-11-31T12:00:00+08:00',
    'month 0': '2026-00-21T12:00:00+08:00',
    'month 13': '2026-13-21T12:00:00+08:00',
    'day 0': '2026-11-00T12:00:00+08:00',
    'hour 24': '2026-11-21T24:00:00+08:00',
    'minute 60': '2026-11-21T12:60:00+08:00',
    'second 60': '2026-11-21T12:00:60+08:00',
    'zone hour 24': '2026-11-21T12:00:00+24:00',
    'zone minute 60': '2026-11-21T12:00:00+08:60',
    'a moment before 1970': '1969-12-31T23:59:59Z',
    'a moment before 1970 by its zone': '1970-01-01T07:59:59+08:00',
    'a moment after 9999 by its zone': '9999-12-31T23:59:59-00:01',
    'a year of the first century': '0099-01-01T00:00:00Z',
    'a year with a sign and six digits': '+002026-11-21T12:00:00+08:00',
    'five digits of year': '12026-11-21T12:00:00+08:00',
    'a line feed after': '2026-11-21T12:00:00+08:00\n',
    'a blank before': ' 2026-11-21T12:00:00+08:00',
    'lower case': '2026-11-21t12:00:00z',
    'full-width digits': '２０２６-11-21T12:00:00+08:00',
    'PayScore time': '20261121120000',
    nothing: '',
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(parseRfc3339(text), { ok: false, error: 'not-rfc3339' });
    });
  }
});

describe('writing a moment', () => {
  it('gives whole seconds of Beijing time to WeChat', () => {
    assert.equal(formatBeijing(instant(noon)), '2026-11-21T12:00:00+08:00');
    assert.equal(formatBeijing(instant(noon + 999)), '2026-11-21T12:00:00+08:00');
    assert.equal(formatBeijing(moment('2026-12-31T16:00:00Z')), '2027-01-01T00:00:00+08:00');
  });

  it('gives UTC with milliseconds to the merchant', () => {
    assert.equal(formatUtc(instant(noon)), '2026-11-21T04:00:00.000Z');
    assert.equal(formatUtc(instant(noon + 7)), '2026-11-21T04:00:00.007Z');
  });

  it('is undone exactly by reading', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastMs - 28_800_000 }), (epochMs) => {
        const at = instant(epochMs);
        assert.deepEqual(parseRfc3339(formatUtc(at)), { ok: true, value: epochMs });
        const second = epochMs - (epochMs % 1_000);
        assert.deepEqual(parseRfc3339(formatBeijing(at)), { ok: true, value: second });
      }),
    );
  });
});
