import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fenIn, formatTime, textIn, timeIn } from '#adapters/wechat/v2/values.ts';
import { instant, plus } from '#core/values/time.ts';
import { noon } from './account-support.ts';

const one = (value: string) => new Map([['field', value]]);

suite('a text', () => {
  test('is as it came, and an empty one is none', () => {
    assert.equal(textIn(one(' a '), 'field'), ' a ');
    assert.equal(textIn(one('0'), 'field'), '0');
    assert.equal(textIn(one(''), 'field'), undefined);
    assert.equal(textIn(one('a'), 'other'), undefined);
  });
});

suite('an amount', () => {
  for (const [text, amountFen] of [
    ['0', 0],
    ['1', 1],
    ['8800', 8_800],
    ['9007199254740991', 9_007_199_254_740_991],
  ] as const) {
    test(`${text} is read`, () => {
      assert.equal(fenIn(one(text), 'field'), amountFen);
    });
  }

  const odd = ['', ' 1', '1 ', '1\n', '+1', '-1', '-0', '1e2', '0x10', '1.0', '1,000', '01', '00'];
  for (const text of [...odd, '１', 'NaN', '9007199254740992', '99999999999999999']) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.equal(fenIn(one(text), 'field'), undefined);
    });
  }
});

suite('a time', () => {
  test('is written in Beijing time, to the second', () => {
    assert.equal(formatTime(noon), '20261121120000');
    assert.equal(formatTime(plus(noon, 12 * 3_600_000 + 999)), '20261122000000');
    assert.equal(formatTime(instant(0)), '19700101080000');
  });

  for (const text of ['20261121120000', '2026-11-21 12:00:00']) {
    test(`${text} is read as Beijing time`, () => {
      assert.equal(timeIn(one(text), 'field'), noon);
    });
  }

  for (const text of [
    '',
    '2026112112000',
    '020261121120000',
    ' 20261121120000',
    'at 2026-11-21 12:00:00',
    '202611211200000',
    '20261121 120000 ',
    '2026-1121120000',
    '20261121 12:0000',
    '2026-11-21T12:00:00+08:00',
    '20260230120000',
    '20261321120000',
    '20261121240000',
    '20261121126000',
    '20261121120060',
    '00000000000000',
  ]) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.equal(timeIn(one(text), 'field'), undefined);
    });
  }
});
