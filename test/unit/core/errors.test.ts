import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, errorCodes, isAppError } from '#core/errors.ts';

describe('an AppError', () => {
  it('knows by its code whether trying again can help', () => {
    assert.equal(new AppError('store_unavailable', 'No answer.').retryable, true);
    assert.equal(new AppError('account_invalid', 'No key.').retryable, false);
  });

  it('keeps its code, message and cause', () => {
    const cause = new Error('socket');
    const error = new AppError('queue_unavailable', 'Not taken.', { cause });
    assert.equal(error.code, 'queue_unavailable');
    assert.equal(error.message, 'Not taken.');
    assert.equal(error.cause, cause);
  });

  it('is recognised by its shape, also when another bundle made it', () => {
    const twin = Object.assign(new Error('x'), { name: 'AppError', code: 'internal' });
    assert.equal(isAppError(new AppError('internal', 'x')), true);
    assert.equal(isAppError(twin), true);
  });

  const others = [
    new Error('x'),
    Object.assign(new Error('x'), { code: 'internal' }),
    Object.assign(new Error('x'), { name: 'AppError' }),
    { name: 'AppError', code: 'internal' },
    'AppError',
    null,
    undefined,
  ];
  for (const [index, other] of others.entries()) {
    it(`is not taken for one: ${index}, ${String(other)}`, () => {
      assert.equal(isAppError(other), false);
    });
  }
});

describe('the codes', () => {
  it('call retryable what ends by itself', () => {
    const retryable = Object.entries(errorCodes)
      .filter(([, { retryable: value }]) => value)
      .map(([code]) => code);
    for (const code of ['store_unavailable', 'queue_unavailable', 'secret_unavailable']) {
      assert.ok(retryable.includes(code), code);
    }
    for (const code of [
      'request_invalid',
      'token_invalid',
      'order_conflict',
      'record_undecodable',
    ]) {
      assert.equal(retryable.includes(code), false, code);
    }
  });

  it('are lower-case words', () => {
    for (const code of Object.keys(errorCodes)) {
      assert.match(code, /^[a-z]+(_[a-z]+)*$/);
    }
  });
});
