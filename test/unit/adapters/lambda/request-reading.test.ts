import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readOrderRequest } from '#adapters/lambda/order-request.ts';
import { readPlanRequest } from '#adapters/lambda/plan-request.ts';
import { readRefundRequest } from '#adapters/lambda/refund-request.ts';
import { readResolveRequest } from '#adapters/lambda/resolve-request.ts';
import {
  readCancelRequest,
  readCompleteRequest,
  readModifyRequest,
  readSyncRequest,
} from '#adapters/lambda/service-order-command-request.ts';
import { readServiceOrderRequest } from '#adapters/lambda/service-order-request.ts';
import { readSignPlanRequest, readSignPlanStop } from '#adapters/lambda/sign-plan-request.ts';
import { full, native, placing } from './order-bodies.ts';
import { faultsOf, pointersOf, withAt } from './support.ts';

const refunding = 'PUT /v1/shop/refunds/R-1001';
const resolving = 'POST /v1/shop/orders/A-1001/resolve';
const requests = [placing, refunding, resolving];
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('a body that is no JSON object', () => {
  const text = JSON.stringify(native);
  const bodies: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', Buffer.from('')],
    ['spaces', Buffer.from('  ')],
    ...['null', 'true', '1', '1e999', '"{}"', '[]', '[{}]', `[${text}]`].map(
      (json) => [json, Buffer.from(json)] as const,
    ),
    ['half a body', Buffer.from(text.slice(0, -1))],
    ['a body and more', Buffer.from(`${text}{}`)],
    ['a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['Latin-1', Buffer.from(text.replace('Tea', 'Thé'), 'latin1')],
    ['a NUL of two bytes', Buffer.from(text.replace('Tea', 'T\xc0\x80'), 'latin1')],
    ['a surrogate in UTF-8', Buffer.from(text.replace('Tea', '\xed\xa0\xbd'), 'latin1')],
    ['a character cut in two', Buffer.concat([Buffer.from(text), Buffer.from([0xe8, 0x8c])])],
    ['a number with a leading zero', Buffer.from(text.replace('8800', '08800'))],
    ['not a number', Buffer.from(text.replace('8800', 'NaN'))],
    ['a comment', Buffer.from(`${text}//`)],
    ['lists in lists', Buffer.from('['.repeat(32_000) + ']'.repeat(32_000))],
    ['lists without an end', Buffer.from('['.repeat(65_536))],
    ['objects without an end', Buffer.from('{"a":'.repeat(13_000))],
  ];
  for (const [what, body] of bodies) {
    it(`is refused as a whole: ${what}`, async () => {
      for (const request of requests) {
        assert.deepEqual(await pointersOf(request, body), ['']);
      }
    });
  }
});

describe('a body that is too much of a JSON object', () => {
  const deep = '{"a":'.repeat(10_000).concat('1', '}'.repeat(10_000));

  it('may be as deep as it likes', async () => {
    const at = (pointer: string): Promise<readonly string[]> => {
      const text = JSON.stringify(withAt(full, pointer, '@')).replace('"@"', deep);
      return pointersOf(placing, Buffer.from(text));
    };
    for (const pointer of ['/x', '/description', '/amount/total', '/detail/goods_detail']) {
      assert.deepEqual(await at(pointer), [pointer]);
    }
    assert.deepEqual(await at('/settle_info'), ['/settle_info/a']);
    assert.deepEqual(await at('/detail'), ['/detail/a']);
    const ofRefund = ['/amount', '/a', '/out_trade_no'];
    assert.deepEqual(await pointersOf(refunding, Buffer.from(deep)), ofRefund);
  });

  it('has 20 faults named at most', async () => {
    const goods_detail = Array(30_000).fill(1);
    assert.deepEqual(
      await pointersOf(placing, { ...native, detail: { goods_detail } }),
      Array.from({ length: 20 }, (_, index) => `/detail/goods_detail/${index}`),
    );
    const unknown = Object.fromEntries(
      Array.from({ length: 6_000 }, (_, index) => [`f${index}`, 1]),
    );
    assert.equal((await pointersOf(placing, { ...native, ...unknown })).length, 20);
  });

  it('has each field named once, with what was found first', async () => {
    const faults = await faultsOf(placing, { ...native, payer: null });
    const detail = 'is missing or has the wrong type';
    assert.deepEqual(faults, [{ pointer: '/payer', detail }]);
    const twice = await pointersOf(placing, withAt(full, '/description', '🍵'.repeat(128)));
    assert.deepEqual(twice, ['/description']);
  });

  it('lends its fields no values of its prototype', async () => {
    const text = JSON.stringify({ a: native }).replace('"a"', '"__proto__"');
    assert.deepEqual(await pointersOf(placing, Buffer.from(text)), [
      '/trade_type',
      '/description',
      '/amount',
      '/__proto__',
    ]);
    assert.equal(Object(Object.prototype)['trade_type'], undefined);
  });
});

describe('whatever comes', () => {
  const readers = [
    ...[readOrderRequest, readRefundRequest, readResolveRequest],
    ...[readPlanRequest, readSignPlanRequest, readSignPlanStop, readServiceOrderRequest],
    ...[readCompleteRequest, readModifyRequest, readCancelRequest, readSyncRequest],
  ];
  const pointers = [
    ...['/trade_type', '/description', '/amount', '/amount/total', '/amount/currency', '/payer'],
    ...['/appid', '/time_expire', '/reference', '/attach', '/support_fapiao', '/detail'],
    ...['/detail/cost_price', '/detail/goods_detail', '/detail/goods_detail/0', '/scene_info'],
    ...['/detail/goods_detail/0/quantity', '/scene_info/payer_client_ip', '/scene_info/h5_info'],
    ...['/scene_info/store_info', '/settle_info', '/settle_info/profit_sharing', '/__proto__'],
  ];
  const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });

  /** Every reader ends, and either has a value or names at least one fault. */
  function readsAll(body: Uint8Array): void {
    for (const read of readers) {
      const result = read(body);
      assert.ok(result.ok || result.errors.length > 0);
    }
  }

  it('no bytes make a reader throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readsAll));
  });

  it('no JSON makes a reader throw', () => {
    fc.assert(fc.property(json, (value) => readsAll(bytesOf(value))));
  });

  it('no change of a body that is right makes a reader throw', () => {
    const changed = fc.tuple(fc.constantFrom(...pointers), json);
    const bodies = changed.map(([pointer, value]) => bytesOf(withAt(full, pointer, value)));
    fc.assert(fc.property(bodies, readsAll), { numRuns: 1_000 });
  });

  it('a text is taken for its length and its characters, nothing else', () => {
    const isTaken = (text: string): boolean =>
      text.length >= 1 &&
      text.length <= 128 &&
      [...text].every((character) => {
        const point = character.codePointAt(0) ?? 0;
        const isControl = point < 0x20 || (point >= 0x7f && point < 0xa0);
        const isSurrogate = point >= 0xd800 && point < 0xe000;
        return !isControl && !isSurrogate && point !== 0xfffd && point < 0x1_0000;
      });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.string({ minLength: 120, maxLength: 136 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readOrderRequest(bytesOf({ ...native, attach: text }));
        assert.equal(read.ok, isTaken(text));
        assert.ok(!read.ok || read.value.details.attach === text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a number is taken for what it is worth', () => {
    const numbers = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1, 2 ** 31, 1e21));
    fc.assert(
      fc.property(numbers, (total) => {
        const isTaken = Number.isInteger(total) && total >= 1 && total < 2 ** 31;
        const text = JSON.stringify(native).replace('8800', String(total));
        const read = readOrderRequest(Buffer.from(text));
        assert.equal(read.ok, isTaken, text);
      }),
      { numRuns: 1_000 },
    );
  });
});
