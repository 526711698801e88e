import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createNonce, createStamp } from '#adapters/wechat/stamp.ts';
import { instant, plus } from '#core/values/time.ts';

const noon = instant(1_795_233_600_000);

suite('a nonce', () => {
  test('is fresh every time, of 32 letters and digits', () => {
    const nonces = Array.from({ length: 200 }, createNonce);
    assert.equal(new Set(nonces).size, 200);
    assert.ok(nonces.every((nonce) => /^[0-9A-F]{32}$/.test(nonce)));
  });
});

suite('a stamp', () => {
  test('has whole seconds, not milliseconds', () => {
    assert.equal(createStamp(plus(noon, 999)).timestamp, '1795233600');
  });

  test('has a nonce of its own', () => {
    assert.match(createStamp(noon).nonce, /^[0-9A-F]{32}$/);
    assert.notEqual(createStamp(noon).nonce, createStamp(noon).nonce);
  });
});
