import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutUndefined } from '#core/values/optional.ts';

describe('dropping what is undefined', () => {
  it('keeps null, false, zero and empty text', () => {
    const source = { a: undefined, b: null, c: false, d: 0, e: '' };
    assert.deepEqual(withoutUndefined(source), { b: null, c: false, d: 0, e: '' });
  });
});
