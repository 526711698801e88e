import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { layoutOf, openResource } from '#adapters/wechat/v3/resource.ts';
import { accountOf, apiV3Key, seal } from './support.ts';

const algorithm = 'AEAD_AES_256_GCM';
const nonce = 'Kj7QIyUiYx1q';
const associated_data = 'transaction';
const refused = { ok: false, error: 'ciphertext' };

const credentials = accountOf().credentials.v3;

function credentialsWith(key: string) {
  return accountOf({ apiV3Key: key }).credentials.v3;
}

function open(ciphertext: string, key = apiV3Key) {
  return openResource(credentialsWith(key), { algorithm, ciphertext, nonce, associated_data });
}

suite('openResource', () => {
  test('opens whatever was sealed with the same key, nonce and associated data', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(texts, texts, (plaintext, associatedData) => {
        const ciphertext = seal(plaintext, { associatedData });
        const sealed = { algorithm, ciphertext, nonce, associated_data: associatedData };
        const opened = openResource(credentials, sealed);
        return opened.ok && opened.value.equals(Buffer.from(plaintext));
      }),
    );
  });

  test('refuses any one changed byte of ciphertext or tag', () => {
    const bytes = Buffer.from(seal('{"amount":{"total":100}}'), 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(bytes);
        changed[place] = (bytes[place] ?? 0) ^ change;
        return !open(changed.toString('base64')).ok;
      }),
    );
  });

  test('refuses a shortened tag, though GCM itself would take one', () => {
    const bytes = Buffer.from(seal('{"amount":{"total":100}}'), 'base64');
    for (const cut of [1, 2, 4, 8, 12, 15, 16, 20]) {
      assert.deepEqual(open(bytes.subarray(0, -cut).toString('base64')), refused);
    }
  });

  test('refuses what has no room for a tag', () => {
    for (const ciphertext of ['', 'AAAA', Buffer.alloc(15).toString('base64')]) {
      assert.deepEqual(open(ciphertext), refused);
      assert.equal(layoutOf({ algorithm, ciphertext, nonce }), undefined);
    }
  });

  test('has no parts without a nonce', () => {
    assert.equal(layoutOf({ algorithm, ciphertext: seal('{}'), nonce: '' }), undefined);
  });

  test('refuses Base64 that is not strictly Base64', () => {
    const sealed = seal('{"a":1}');
    for (const ciphertext of [`${sealed}\n`, sealed.replaceAll('=', ''), `!${sealed}`]) {
      assert.notEqual(ciphertext, sealed);
      assert.deepEqual(open(ciphertext), refused);
    }
  });

  test('refuses a key that is not 32 bytes', () => {
    const sealed = seal('{"a":1}');
    const keys = ['', apiV3Key.slice(0, 16), apiV3Key.slice(1), `${apiV3Key}x`, '钥'.repeat(32)];
    for (const key of keys) {
      assert.deepEqual(open(sealed, key), refused);
    }
  });

  test('refuses a key of 32 other bytes', () => {
    assert.deepEqual(open(seal('{"a":1}'), apiV3Key.toUpperCase()), refused);
  });
});
