import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '../../../client/src/index.ts';
import { answer, createClientWorld, options } from './world.ts';

describe('the options of the client', () => {
  for (const [baseUrl, first] of [
    ['https://pay.example.com', 'https://pay.example.com/v1/shop/orders/A-1'],
    ['https://pay.example.com///', 'https://pay.example.com/v1/shop/orders/A-1'],
    ['https://pay.example.com/prod/', 'https://pay.example.com/prod/v1/shop/orders/A-1'],
    ['http://127.0.0.1:8780', 'http://127.0.0.1:8780/v1/shop/orders/A-1'],
    ['http://localhost:8780/', 'http://localhost:8780/v1/shop/orders/A-1'],
    ['http://[::1]:8780', 'http://[::1]:8780/v1/shop/orders/A-1'],
  ] as const) {
    it(`may have the base ${baseUrl}`, async () => {
      const { client, sent, plan } = createClientWorld({ baseUrl });
      plan(answer(202, { out_trade_no: 'A-1', status: 'CLOSED' }));
      await client.closeOrder('A-1');
      assert.equal(sent[0]?.line, `POST ${first}/close`);
    });
  }

  for (const baseUrl of [
    'http://pay.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'https://user:secret@pay.example.com',
    'https://pay.example.com/?a=1',
    'https://pay.example.com/#a',
    'file:///etc/hosts',
    'pay.example.com',
    '',
  ]) {
    it(`may not have the base ${JSON.stringify(baseUrl)}`, () => {
      assert.throws(() => createClient({ ...options, baseUrl }), TypeError);
    });
  }

  for (const [name, value] of [
    ['account', 'Shop'],
    ['account', ''],
    ['account', '../other'],
    ['timeoutMs', 0],
    ['timeoutMs', 1.5],
    ['timeoutMs', Number.POSITIVE_INFINITY],
    ['timeoutMs', Number.NaN],
    ['attemptTimeoutMs', -1],
    ['attemptTimeoutMs', 600_001],
    ['retries', -1],
    ['retries', 21],
    ['retries', Number.NaN],
  ] as const) {
    it(`may not have ${name} ${value}`, () => {
      assert.throws(() => createClient({ ...options, [name]: value }), {
        name: 'TypeError',
        message: new RegExp(`\`${name}\``),
      });
    });
  }
});
