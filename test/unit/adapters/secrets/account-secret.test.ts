import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeAccount } from '#adapters/secrets/account-secret.ts';
import { isAppError } from '#core/errors.ts';
import { isAccountName } from '#core/values/ids.ts';
import { valid } from '../../../support/order-builder.ts';

const name = valid('shop', isAccountName);
const pem = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n';
const secret = {
  mchid: '1900000001',
  appids: ['wxd678efh567hg6787'],
  tenant: 'tenant-1',
  api: 'v3',
  apiV3Key: '0123456789abcdef0123456789abcdef',
  merchantSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  merchantPrivateKey: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
  wechatpayKeys: { PUB_KEY_ID_0114232134912410000000000000: pem },
};

suite("an account's secret", () => {
  test('that names no policies gives back what must not be kept', () => {
    const { latePolicy, duplicatePolicy } = decodeAccount(name, JSON.stringify(secret));
    assert.deepEqual([latePolicy, duplicatePolicy], ['refund', 'refund']);
  });

  test('names its policies', () => {
    for (const latePolicy of ['refund', 'hold', 'fulfil']) {
      for (const duplicatePolicy of ['refund', 'hold']) {
        const policies = { latePolicy, duplicatePolicy };
        const account = decodeAccount(name, JSON.stringify({ ...secret, ...policies }));
        assert.deepEqual(
          [account.latePolicy, account.duplicatePolicy],
          [latePolicy, duplicatePolicy],
        );
      }
    }
  });

  const wrong: readonly (readonly [
    keyof typeof secret | 'latePolicy' | 'duplicatePolicy',
    unknown[],
  ])[] = [
    ['mchid', [undefined, 1_900_000_001, '', '1900000', 'a1900000001']],
    ['appids', [undefined, [], 'wxd678efh567hg6787', [''], ['wx 1'], new Array(51).fill('wx1')]],
    ['tenant', [undefined, '', 'tenant#1', 'x'.repeat(65)]],
    ['api', [undefined, 'v2', 'V3']],
    ['latePolicy', ['', 'keep', null, true]],
    ['duplicatePolicy', ['', 'fulfil', null, true]],
    ['apiV3Key', [undefined, '', '0123456789abcdef', '0123456789abcdef0123456789abcdef0']],
    ['merchantSerial', [undefined, '', '5157F09EFDC096D', 'not hexadecimal, but long']],
    ['merchantPrivateKey', [undefined, '', 'MIIE']],
    ['wechatpayKeys', [undefined, {}, [], { PUB_KEY_ID_1: 'MIIB' }]],
  ];
  for (const [field, values] of wrong) {
    test(`is refused for ${field}, which is named, and its value is not`, () => {
      for (const value of values) {
        const text = JSON.stringify({ ...secret, [field]: value });
        assert.throws(
          () => decodeAccount(name, text),
          (error) => {
            assert.ok(isAppError(error));
            assert.equal(error.code, 'account_invalid');
            assert.equal(error.message, `The secret of account shop is wrong at ${field}.`);
            return true;
          },
          String(value),
        );
      }
    });
  }

  test('that is no JSON object is refused', () => {
    for (const text of ['', '[]', '"v3"', '{"mchid":']) {
      assert.throws(() => decodeAccount(name, text), /wrong at \(not an object\)\.$/);
    }
  });
});
