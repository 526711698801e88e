import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { momentText } from '#adapters/lambda/moment.ts';
import { readOrderRequest } from '#adapters/lambda/order-request.ts';
import { newRefundNumber } from '#adapters/lambda/path-number.ts';
import { readRefundRequest } from '#adapters/lambda/refund-request.ts';
import { isPlain } from '#adapters/lambda/request-reading.ts';
import {
  isAccountName,
  isAppid,
  isAuthCode,
  isMchid,
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isOutRefundNo,
  isOutTradeNo,
  isPayscoreId,
  isReference,
  isRefundId,
  isServiceId,
  isTransactionId,
} from '#core/values/ids.ts';
import { parseRfc3339 } from '#core/values/time.ts';
import { limitOf, patterns } from '../../tools/openapi/limits.ts';
import { schemaOf } from '../../tools/openapi/request-schemas.ts';
import { operationNamed } from '../integration/openapi/page.ts';
import { checkerOf } from '../integration/openapi/schemas.ts';

const checks: Readonly<
  Record<Exclude<keyof typeof patterns, 'plain' | 'time' | 'moment'>, (text: string) => boolean>
> = {
  accountName: isAccountName,
  outTradeNo: isOutTradeNo,
  outRefundNo: isOutRefundNo,
  newOutRefundNo: (text) => newRefundNumber.read(text).ok,
  mchid: isMchid,
  appid: isAppid,
  openid: isOpenid,
  authCode: isAuthCode,
  reference: isReference,
  transactionId: (text) => isTransactionId(text) && isRefundId(text),
  payscoreNo: (text) => isMerchantPlanNo(text) && isMerchantSignPlanNo(text) && isOutOrderNo(text),
  serviceId: isServiceId,
  payscoreId: isPayscoreId,
};

/** Letters that are allowed somewhere, and their neighbours in the tables of characters. */
const near = fc
  .array(fc.constantFrom(...'aAzZ09_-|*@.:/ #[]^`{}~茶\n'), { minLength: 1 })
  .map((letters) => letters.join(''));

describe('the patterns of docs/openapi.yaml', () => {
  for (const [name, check] of Object.entries(checks)) {
    const pattern = Object.entries(patterns).find(([each]) => each === name)?.[1] ?? '';
    it(`are what the API asks for: ${name}`, () => {
      for (const flags of ['', 'u']) {
        const regExp = new RegExp(pattern, flags);
        const agree = (text: string): boolean => regExp.test(text) === check(text);
        const right = fc.stringMatching(new RegExp(pattern.replace('(?!back-)', '')));
        const lengths = fc.integer({ min: 0, max: 140 }).map((length) => 'a'.repeat(length));
        const digits = fc.integer({ min: 0, max: 40 }).map((length) => '7'.repeat(length));
        const back = right.map((text) => `back-${text}`);
        const almost = fc.tuple(right, near).map((parts) => parts.join(''));
        for (const texts of [right, near, lengths, digits, back, almost]) {
          fc.assert(fc.property(texts, agree), { seed: 1 });
        }
      }
    });
  }

  it('are what the API asks for: each character of a text', () => {
    for (const flags of ['', 'u']) {
      const regExp = new RegExp(patterns.plain, flags);
      for (let code = 0; code <= 0x1_10_00; code += 1) {
        const text = `a${String.fromCodePoint(code)}b`;
        assert.equal(regExp.test(text), isPlain(text), `U+${code.toString(16)}`);
      }
      assert.equal(regExp.test('\u{10ffff}'), false);
    }
  });

  it('let no character through that a message of SQS cannot hold', () => {
    const regExp = new RegExp(patterns.plain);
    for (const character of [
      '\u0000',
      '\u0008',
      '\u000b',
      '\u001f',
      '\ud800',
      '\ufffe',
      '\uffff',
    ]) {
      const text = `Li ${character}`;
      assert.deepEqual([regExp.test(text), isPlain(text)], [false, false], JSON.stringify(text));
    }
  });

  it('are what the API asks for: times', () => {
    const regExp = new RegExp(patterns.time, 'u');
    const takes = ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.123456789+08:00'];
    const refuses = [
      '2026-11-21 12:00:00Z',
      '2026-11-21t12:00:00z',
      '2026-11-21T12:00:00',
      '2026-11-21T24:00:00Z',
      '2026-11-21T12:60:00Z',
      '2026-11-21T12:00:60Z',
      '2026-11-21T12:00:00.1234567890Z',
      '2026-11-21T12:00:00+24:00',
      '2026-11-21T12:00:00+0800',
      '2026-11-21T12:00:00Z\n',
    ];
    for (const text of [...takes, ...refuses]) {
      assert.equal(regExp.test(text), takes.includes(text), text);
      assert.equal(parseRfc3339(text).ok, takes.includes(text), text);
    }
  });

  it('are what the API asks for: moments', () => {
    const regExp = new RegExp(patterns.moment, 'u');
    const takes = ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.5+08:00', '20261121120000'];
    const refuses = [
      '2026-11-21 12:00:00Z',
      '2026-11-21T12:00:00',
      '2026-11-21T12:00:00Z\n',
      '2026112112000',
      '202611211200000',
      '20261321120000',
      '20261100120000',
      '20261132120000',
      '20261121240000',
      '20261121126000',
      '20261121120060',
      '20261121120000Z',
      '20261121120000\n',
    ];
    for (const text of [...takes, ...refuses]) {
      assert.equal(regExp.test(text), takes.includes(text), text);
      assert.equal(momentText.safeParse(text).success, takes.includes(text), text);
    }
  });
});

describe('what docs/openapi.yaml says in bytes', () => {
  const refund = { out_trade_no: 'A-1001', amount: { refund: 1, currency: 'CNY' } };
  const order = {
    trade_type: 'NATIVE',
    description: 'Tea',
    amount: { total: 1, currency: 'CNY' },
  };
  const name = '茶'.repeat(75);
  const goods = { merchant_goods_id: 'tea-250', quantity: 2, unit_price: 4400, goods_name: name };
  const orderOf = (bytes: number): object => {
    const list = { goods_detail: Array.from({ length: 20 }, () => goods), invoice_id: '' };
    const spare = bytes - Buffer.byteLength(JSON.stringify(list));
    return { ...order, detail: { ...list, invoice_id: 'x'.repeat(spare) } };
  };
  const bodies = {
    putRefund: {
      read: readRefundRequest,
      fitting: [
        { ...refund, reason: 'x'.repeat(80) },
        { ...refund, reason: `${'茶'.repeat(26)}é` },
      ],
      over: [
        { ...refund, reason: 'x'.repeat(81) },
        { ...refund, reason: '茶'.repeat(27) },
      ],
    },
    putOrder: { read: readOrderRequest, fitting: [orderOf(6_144)], over: [orderOf(6_145)] },
  };
  for (const [operation, { read, fitting, over }] of Object.entries(bodies)) {
    it(`is what the API asks for: ${operation}`, () => {
      const check = checkerOf(operationNamed(operation).body ?? {});
      const isTaken = (body: object): boolean => read(Buffer.from(JSON.stringify(body))).ok;
      for (const body of fitting) {
        assert.deepEqual([isTaken(body), check(body)], [true, []], JSON.stringify(body));
      }
      for (const body of over) {
        assert.deepEqual(
          [isTaken(body), check(body).length > 0],
          [false, true],
          JSON.stringify(body),
        );
      }
    });
  }
});

describe('what docs/openapi.yaml says of a trade type', () => {
  const { body = {}, requestExamples } = operationNamed('putOrder');
  const check = checkerOf(body);
  const ofOthers = {
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    auth_code: '134567890123456789',
    time_expire: '2026-11-21T14:00:00+08:00',
    scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
  };
  for (const [name, example] of Object.entries(requestExamples)) {
    it(`is what the API asks for: ${name}`, () => {
      const agreed = Object.entries({ ...example, ...ofOthers }).map(([field, value]) => {
        const { [field]: _, ...without } = example;
        const bodies = [without, { ...without, [field]: value }];
        return bodies.map((each) => {
          const isTaken = readOrderRequest(Buffer.from(JSON.stringify(each))).ok;
          assert.equal(check(each).length === 0, isTaken, JSON.stringify(each));
          return isTaken;
        });
      });
      assert.ok(agreed.some(([isTaken]) => isTaken === false));
      assert.ok(agreed.some(([, isTaken]) => isTaken === false));
    });
  }

  it('is that only MICROPAY takes a code, and no time', () => {
    const { micropay = {}, native = {} } = requestExamples;
    const { auth_code, ...withoutCode } = micropay;
    const { time_expire } = ofOthers;
    assert.deepEqual(check(micropay), []);
    for (const wrong of [
      withoutCode,
      { ...micropay, auth_code: '160000000000000000' },
      { ...micropay, time_expire },
      { ...micropay, payer: ofOthers.payer },
      { ...native, auth_code },
    ]) {
      assert.notDeepEqual(check(wrong), [], JSON.stringify(wrong));
    }
    assert.deepEqual(check({ ...native, time_expire }), []);
  });
});

describe('the generator of docs/openapi.yaml', () => {
  it('refuses a check that nobody has put into words', () => {
    assert.throws(() => limitOf(undefined, [() => true], '/amount'), /cannot say .* \/amount/);
    const request = z.strictObject({ a: z.string().refine((text) => text !== 'b') });
    assert.throws(() => schemaOf(request, { '': 'A body.', '/a': 'An a.' }), /cannot say .* \/a/);
  });

  it('refuses a field without words, and words without a field', () => {
    const request = z.strictObject({ a: z.strictObject({ b: z.boolean() }) });
    const words = { '': 'A body.', '/a': 'An a.' };
    assert.throws(() => schemaOf(request, words), /Fields without words: \/a\/b/);
    const tooMany = { ...words, '/a/b': 'A b.', '/c': 'A c.' };
    assert.throws(() => schemaOf(request, tooMany), /words without a field: \/c/);
  });
});
