import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fen, fenToYuan, isFen, yuanToFen } from '#core/values/money.ts';
import { checked } from '../fixtures.ts';

describe('fen', () => {
  for (const amount of [0, 1, 8_800, 9_007_199_254_740_991]) {
    it(`takes ${amount}`, () => {
      assert.deepEqual(fen(amount), { ok: true, value: amount });
    });
  }

  for (const value of [-1, 0.5, 88.8, 9_007_199_254_740_992, Number.NaN, Infinity, -Infinity]) {
    it(`refuses the number ${value}`, () => {
      assert.deepEqual(fen(value), { ok: false, error: 'not-fen' });
    });
  }

  for (const value of ['1', '', null, undefined, true, 1n, [1], { total: 1 }, new Number(1)]) {
    it(`refuses ${typeof value} ${String(value)}`, () => {
      assert.deepEqual(fen(value), { ok: false, error: 'not-fen' });
    });
  }
});

describe('yuanToFen', () => {
  const read = [
    ['0', 0],
    ['0.0', 0],
    ['0.00', 0],
    ['0.01', 1],
    ['0.1', 10],
    ['0.10', 10],
    ['1', 100],
    ['12.3', 1_230],
    ['12.30', 1_230],
    ['0.29', 29],
    ['1.15', 115],
    ['19.99', 1_999],
    ['1234567.89', 123_456_789],
    ['90071992547409.91', 9_007_199_254_740_991],
  ] as const;
  for (const [text, amount] of read) {
    it(`reads ${text} as ${amount} fen`, () => {
      assert.deepEqual(yuanToFen(text), { ok: true, value: amount });
    });
  }

  const malformed = [
    ['nothing', ''],
    ['a blank', ' '],
    ['a blank before', ' 1.00'],
    ['a blank after', '1.00 '],
    ['a line feed after', '1.00\n'],
    ['a sign', '-1.00'],
    ['a plus', '+1.00'],
    ['three decimals', '1.000'],
    ['no decimals after the point', '1.'],
    ['no digits before the point', '.50'],
    ['a leading zero', '01.00'],
    ['two zeros', '00'],
    ['an exponent', '1e2'],
    ['grouping', '1,000.00'],
    ['a decimal comma', '1,00'],
    ['two points', '1.0.0'],
    ['hexadecimal', '0x10'],
    ['full-width digits', '１.００'],
    ['the currency sign', '¥1.00'],
    ['the mark that bills put before a cell', '`1.00'],
    ['a word', 'NaN'],
    ['infinity', 'Infinity'],
    ['one fen more than a double holds', '90071992547409.92'],
    ['fifteen digits', '100000000000000'],
  ] as const;
  for (const [what, text] of malformed) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(yuanToFen(text), { ok: false, error: 'not-yuan' });
    });
  }
});

describe('fenToYuan', () => {
  const written = [
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [99, '0.99'],
    [100, '1.00'],
    [8_800, '88.00'],
    [9_007_199_254_740_991, '90071992547409.91'],
  ] as const;
  for (const [amount, text] of written) {
    it(`writes ${amount} as ${text}`, () => {
      assert.equal(fenToYuan(checked(isFen, amount)), text);
    });
  }

  it('is undone exactly by yuanToFen for every amount', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (amount) => {
        const text = fenToYuan(checked(isFen, amount));
        assert.deepEqual(yuanToFen(text), { ok: true, value: amount });
      }),
    );
  });

  it('differs for amounts that differ by one fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }), (amount) => {
        const next = fenToYuan(checked(isFen, amount + 1));
        assert.notEqual(fenToYuan(checked(isFen, amount)), next);
      }),
    );
  });
});
