import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertNever, fail, ok } from '#core/result.ts';

describe('a result', () => {
  it('is a value or an error', () => {
    assert.deepEqual(ok(1), { ok: true, value: 1 });
    assert.deepEqual(fail('no'), { ok: false, error: 'no' });
  });

  it('stops the program for a case that the code says is impossible', () => {
    // What a newer writer may leave: the types say never, the data say otherwise.
    const unknown = 'TOMORROW' as never;
    assert.throws(() => assertNever(unknown, 'trade_state'), /trade_state .* "TOMORROW"/);
  });
});
