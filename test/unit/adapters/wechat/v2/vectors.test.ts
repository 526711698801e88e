import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { openRefundNotice } from '#adapters/wechat/v2/refund-notice.ts';
import { isSignedBy, signatureOf, signJsapiPayment } from '#adapters/wechat/v2/signing.ts';
import { readXml, writeXml } from '#adapters/wechat/v2/xml.ts';
import { accountOf } from './account-support.ts';
import { type Values, vectors, xmlOf } from './support.ts';

function credentialsOf(apiKey: string, signType: 'MD5' | 'HMAC-SHA256' = 'MD5') {
  return accountOf({ apiKey, signType }).credentials.v2;
}

function signed(params: Values, sign: string): ReadonlyMap<string, string> {
  return new Map(Object.entries({ ...params, sign }));
}

suite('sign', () => {
  for (const { id, key, sign_type, params, expect } of vectors.sign) {
    test(`${id}: the signature is the published one`, () => {
      assert.equal(signatureOf(Object.entries(params), key, sign_type), expect);
    });

    test(`${id}: a message with it verifies, from its XML on`, () => {
      const fields = readXml(Buffer.from(xmlOf({ ...params, sign: expect })));
      const written = readXml(Buffer.from(writeXml(signed(params, expect))));
      assert.ok(fields !== undefined && isSignedBy(fields, credentialsOf(key, sign_type)));
      assert.deepEqual(written, fields);
    });

    test(`${id}: it does not verify in the other way, nor with another key`, () => {
      const other = sign_type === 'MD5' ? 'HMAC-SHA256' : 'MD5';
      assert.equal(isSignedBy(signed(params, expect), credentialsOf(key, other)), false);
      const otherKey = key.replace(/^./, 'x');
      assert.equal(isSignedBy(signed(params, expect), credentialsOf(otherKey, sign_type)), false);
    });
  }

  test('the official paySign is that of the parameters that a page hands to WeChat', () => {
    const vector = vectors.sign.find(({ id }) => id === 'official-client-paysign');
    assert.ok(vector !== undefined);
    const { appId = '', nonceStr = '', timeStamp = '', package: packageText = '' } = vector.params;
    const parameters = signJsapiPayment(
      accountOf({ apiKey: vector.key }),
      { appid: appId, prepay_id: packageText.replace('prepay_id=', '') },
      { timestamp: timeStamp, nonce: nonceStr },
    );
    assert.deepEqual(parameters, { ...vector.params, paySign: '22D9B4E54AB1950F51E0649E8810ACD6' });
  });
});

suite('sign_not_verifiable', () => {
  for (const { id, params, printed_sign } of vectors.sign_not_verifiable) {
    test(`${id}: does not verify with any published key`, () => {
      assert.ok(vectors.keys_tried_on_not_verifiable.length >= 2);
      for (const key of vectors.keys_tried_on_not_verifiable) {
        const fields = readXml(Buffer.from(xmlOf({ ...params, sign: printed_sign })));
        assert.ok(fields !== undefined);
        assert.equal(isSignedBy(fields, credentialsOf(key)), false);
      }
    });
  }
});

suite('refund_notify', () => {
  for (const { id, key, md5_key, req_info, expect, plain } of vectors.refund_notify) {
    test(`${id}: opens`, () => {
      const expected =
        expect ?? Object.fromEntries(readXml(Buffer.from(plain ?? ''), 'root') ?? []);
      const opened = openRefundNotice(credentialsOf(key), req_info);
      assert.ok(opened.ok);
      assert.ok(Object.keys(expected).length >= 13);
      assert.deepEqual(Object.fromEntries(opened.value), expected);
    });

    test(`${id}: opens with no other spelling of the key's MD5`, () => {
      assert.equal(createHash('md5').update(key).digest('hex'), md5_key);
      const cut = md5_key.replace(/^0/, '');
      for (const other of [key.replace(/^./, 'x'), md5_key, md5_key.toUpperCase(), cut]) {
        assert.deepEqual(openRefundNotice(credentialsOf(other), req_info), {
          ok: false,
          error: 'ciphertext',
        });
      }
    });
  }
});

suite('aes_256_ecb_raw', () => {
  for (const { id, key_ascii, plain, cipher_b64 } of vectors.aes_256_ecb_raw) {
    test(`${id}: is what our notices' tests seal with`, () => {
      const cipher = createCipheriv('aes-256-ecb', key_ascii, null);
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      assert.equal(sealed.toString('base64'), cipher_b64);
    });
  }
});

test('no vector is left out', () => {
  assert.deepEqual(
    [
      vectors.sign.length,
      vectors.sign_not_verifiable.length,
      vectors.refund_notify.length,
      vectors.aes_256_ecb_raw.length,
    ],
    [10, 4, 3, 1],
  );
});
