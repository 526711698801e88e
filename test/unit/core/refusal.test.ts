import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuse } from '#core/refusal.ts';

describe('a refusal', () => {
  it('has its code, and details where there are some', () => {
    assert.deepEqual(refuse('order_unknown'), { ok: false, refusal: { code: 'order_unknown' } });
    assert.deepEqual(refuse('request_invalid', { pointer: '/appid' }), {
      ok: false,
      refusal: { code: 'request_invalid', pointer: '/appid' },
    });
  });
});
