import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatBeijingDigits, instant, parseBeijingDigits } from '#core/values/time.ts';
import { moment } from '../fixtures.ts';

const lastMs = 253_402_300_799_999;

describe("PayScore's times", () => {
  for (const [digits, text] of [
    ['20261121120000', '2026-11-21T04:00:00Z'],
    ['20270101000000', '2026-12-31T16:00:00Z'],
    ['20240229000001', '2024-02-28T16:00:01Z'],
    ['20261231235959', '2026-12-31T15:59:59Z'],
    ['19700101080000', '1970-01-01T00:00:00Z'],
  ] as const) {
    it(`${digits} is ${text}`, () => {
      assert.deepEqual(parseBeijingDigits(digits), { ok: true, value: moment(text) });
      assert.equal(formatBeijingDigits(moment(text)), digits);
    });
  }

  it('drop what is less than a second', () => {
    assert.equal(formatBeijingDigits(moment('2026-11-21T04:00:00.999Z')), '20261121120000');
  });

  for (const text of [
    '',
    '20261121',
    '2026112112000',
    '202611211200000',
    '20261121120000 ',
    '20261121120000\n',
    ' 20261121120000',
    '2026-11-21T12:00:00+08:00',
    '20260230120000',
    '20261321120000',
    '20261100120000',
    '20261121240000',
    '20261121126000',
    '20261121120060',
    '2026112112000a',
    '２０２６１１２１１２００００',
    '-2026112112000',
    '19691231235959',
  ]) {
    it(`are not ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseBeijingDigits(text), { ok: false, error: 'not-beijing-digits' });
    });
  }

  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastMs - 28_800_000 }), (epochMs) => {
        const read = parseBeijingDigits(formatBeijingDigits(instant(epochMs)));
        assert.deepEqual(read, { ok: true, value: epochMs - (epochMs % 1_000) });
      }),
    );
  });
});
