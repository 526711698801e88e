import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { describe, test } from 'node:test';
import { type SealedBox, seal } from '../../../simulator/sealing.ts';
import { vector } from './vectors.ts';

type SealingVector = {
  readonly api_v3_key: string;
  readonly small: {
    readonly associated_data: string;
    readonly nonce: string;
    readonly ciphertext: string;
    readonly plaintext: string;
  };
  readonly certificate_download_response: {
    readonly data: readonly { readonly encrypt_certificate: SealedBox }[];
  };
};

const known = vector<SealingVector>('aes-256-gcm-and-certificate-download');

const open = (box: SealedBox, apiV3Key: string): string => {
  const bytes = Buffer.from(box.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, box.nonce);
  decipher.setAAD(Buffer.from(box.associated_data)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
};

describe('sealing with the APIv3 key', () => {
  test('the small published box is made again byte for byte', () => {
    const { small, api_v3_key: apiV3Key } = known;
    const { plaintext, associated_data: associatedData, nonce } = small;
    const box = seal({ plaintext, apiV3Key, associatedData, nonce });
    assert.equal(box.ciphertext, small.ciphertext);
  });

  test('the published certificate answer is made again byte for byte', () => {
    const box = known.certificate_download_response.data[0]?.encrypt_certificate;
    if (box === undefined) throw new Error('the vector has no certificate');
    const plaintext = open(box, known.api_v3_key);
    const { associated_data: associatedData, nonce } = box;
    assert.deepEqual(seal({ plaintext, apiV3Key: known.api_v3_key, associatedData, nonce }), {
      algorithm: 'AEAD_AES_256_GCM',
      associated_data: 'certificate',
      ciphertext: box.ciphertext,
      nonce: box.nonce,
    });
  });

  test('a fresh nonce has 12 characters and is never used twice', () => {
    const make = () =>
      seal({ plaintext: 'x', apiV3Key: known.api_v3_key, associatedData: 'transaction' });
    const [first, second] = [make(), make()];
    assert.match(first.nonce, /^.{12}$/);
    assert.notEqual(first.nonce, second.nonce);
    assert.equal(open(first, known.api_v3_key), 'x');
  });

  test('another key does not open the box', () => {
    const box = seal({ plaintext: 'x', apiV3Key: known.api_v3_key, associatedData: 'a' });
    assert.throws(() => open(box, 'A'.repeat(32)));
  });

  test('a key of 16 bytes is refused', () => {
    assert.throws(() =>
      seal({ plaintext: 'x', apiV3Key: 'testMchAPIv3Key0', associatedData: 'a' }),
    );
  });
});
