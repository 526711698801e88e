import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readConfig, readOneOf } from '#config/config.ts';
import { isAppError } from '#core/errors.ts';

const isInternal = (message: string) => (error: unknown) => {
  assert.ok(isAppError(error));
  assert.deepEqual([error.code, error.message], ['internal', message]);
  return true;
};

describe('the settings of a function', () => {
  beforeEach(() => {
    for (const name of ['JWKS_URL', 'JWKS', 'TABLE_NAME', 'STAGE']) {
      delete process.env[name];
    }
  });

  it('are read by name', () => {
    process.env['TABLE_NAME'] = 'orders';
    process.env['STAGE'] = 'dev';
    assert.deepEqual(readConfig('tableName', 'stage'), { tableName: 'orders', stage: 'dev' });
  });

  it('that are missing or empty stop the start, each by its name', () => {
    process.env['TABLE_NAME'] = '';
    assert.throws(
      () => readConfig('tableName', 'stage'),
      isInternal('The environment lacks TABLE_NAME, STAGE.'),
    );
  });

  it('of which one is wanted are read as that one', () => {
    process.env['JWKS'] = '{"keys":[]}';
    assert.deepEqual(readOneOf('jwksUrl', 'jwks'), { jwks: '{"keys":[]}' });
    process.env['JWKS_URL'] = '';
    assert.deepEqual(readOneOf('jwksUrl', 'jwks'), { jwks: '{"keys":[]}' });
    process.env['JWKS'] = '';
    process.env['JWKS_URL'] = 'https://login.example.com/jwks';
    assert.deepEqual(readOneOf('jwksUrl', 'jwks'), { jwksUrl: 'https://login.example.com/jwks' });
  });

  for (const [what, JWKS_URL, JWKS] of [
    ['none is there', undefined, undefined],
    ['all are empty', '', ''],
    ['both are set', 'https://login.example.com/jwks', '{"keys":[]}'],
    ['both are the same', 'x', 'x'],
  ] as const) {
    it(`of which one is wanted stop the start with all their names when ${what}`, () => {
      Object.assign(
        process.env,
        JWKS_URL !== undefined && { JWKS_URL },
        JWKS !== undefined && { JWKS },
      );
      assert.throws(
        () => readOneOf('jwksUrl', 'jwks'),
        isInternal('The environment must set exactly one of JWKS_URL, JWKS.'),
      );
    });
  }
});
