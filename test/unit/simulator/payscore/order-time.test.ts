import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseOrderTime, parsePaidTime } from '../../../../simulator/payscore/order-time.ts';

const NOON = Date.parse('2026-03-01T12:00:00+08:00');

describe('times of orders', () => {
  test('fourteen digits are a time in Beijing', () => {
    assert.equal(parseOrderTime('20260301120000'), NOON);
    assert.equal(parsePaidTime('20260301120000'), NOON);
  });

  test('eight digits are a midnight, of a payment only', () => {
    assert.equal(parsePaidTime('20260301'), NOON - 43_200_000);
    assert.equal(parseOrderTime('20260301'), undefined);
  });

  for (const text of [
    '',
    '2026030112000',
    '202603011200000',
    '20260229120000',
    '20261301120000',
    '20260301240000',
    '20260301126000',
    '2026-03-01T12:00:00+08:00',
    ' 20260301120000',
    '2026030112000a',
  ]) {
    test(`${JSON.stringify(text)} is no time`, () => {
      assert.equal(parseOrderTime(text), undefined);
      assert.equal(parsePaidTime(text), undefined);
    });
  }
});
