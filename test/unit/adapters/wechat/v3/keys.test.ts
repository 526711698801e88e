import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import forge from 'node-forge';
import {
  openingKeyOf,
  preferredSerialOf,
  signingKeyOf,
  verifyingKeyOf,
} from '#adapters/wechat/v3/keys.ts';
import {
  accountOf,
  apiV3Key,
  merchantPrivatePem,
  otherSerial,
  pemOf,
  serial,
  wechatPublicPem,
} from './support.ts';

const oldSerial = '5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC';
const newSerial = '6DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC';
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function certificateUntil(year: number): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(wechatPublicPem);
  certificate.serialNumber = '5d';
  certificate.validity.notBefore = new Date('2024-01-01T00:00:00Z');
  certificate.validity.notAfter = new Date(Date.UTC(year, 0, 1));
  certificate.setSubject([{ name: 'commonName', value: 'Tenpay.com' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'Tenpay.com Root CA' }]);
  certificate.sign(forge.pki.privateKeyFromPem(merchantPrivatePem), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

function keysOf(wechatpayKeys: Record<string, string>) {
  return accountOf({ wechatpayKeys }).credentials.v3;
}

suite("WeChat's keys", () => {
  test('a public key and a certificate of the same key are the same key', () => {
    const credentials = keysOf({ [serial]: wechatPublicPem, [oldSerial]: certificateUntil(2029) });
    const wanted = createPublicKey(wechatPublicPem);
    assert.ok(verifyingKeyOf(credentials, serial)?.equals(wanted));
    assert.ok(verifyingKeyOf(credentials, oldSerial)?.equals(wanted));
  });

  test('a key is read once for each credentials object', () => {
    const credentials = accountOf().credentials.v3;
    assert.equal(verifyingKeyOf(credentials, serial), verifyingKeyOf(credentials, serial));
    assert.equal(signingKeyOf(credentials), signingKeyOf(credentials));
  });

  test('fresh credentials bring fresh keys', () => {
    assert.equal(verifyingKeyOf(keysOf({}), serial), undefined);
    assert.ok(verifyingKeyOf(keysOf({ [serial]: wechatPublicPem }), serial));
  });

  test('what is no RSA key is no key', () => {
    const broken = [
      '',
      'PEM',
      wechatPublicPem.slice(0, 120),
      pemOf(elliptic.publicKey),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    ];
    for (const pem of broken) {
      assert.equal(verifyingKeyOf(keysOf({ [serial]: pem }), serial), undefined);
    }
  });

  test('one broken key does not hide the others', () => {
    const credentials = keysOf({ [oldSerial]: 'broken', [serial]: wechatPublicPem });
    assert.ok(verifyingKeyOf(credentials, serial));
  });
});

suite('the serial to ask for', () => {
  test('is the public key wherever there is one', () => {
    const certificate = certificateUntil(2029);
    const before = keysOf({ [oldSerial]: certificate, [serial]: wechatPublicPem });
    const after = keysOf({ [serial]: wechatPublicPem, [oldSerial]: certificate });
    assert.equal(preferredSerialOf(before), serial);
    assert.equal(preferredSerialOf(after), serial);
  });

  test('is the certificate that is valid longest where there is no public key', () => {
    const [early, late] = [certificateUntil(2028), certificateUntil(2030)];
    assert.equal(preferredSerialOf(keysOf({ [oldSerial]: early, [newSerial]: late })), newSerial);
    assert.equal(preferredSerialOf(keysOf({ [newSerial]: late, [oldSerial]: early })), newSerial);
  });

  test('is the first of two that are as good', () => {
    const certificate = certificateUntil(2029);
    const certificates = keysOf({ [oldSerial]: certificate, [newSerial]: certificate });
    const publicKeys = keysOf({ [otherSerial]: wechatPublicPem, [serial]: wechatPublicPem });
    assert.equal(preferredSerialOf(certificates), oldSerial);
    assert.equal(preferredSerialOf(publicKeys), otherSerial);
  });

  test('is none where no key can be read', () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    assert.equal(preferredSerialOf(keysOf({ [serial]: 'broken' })), undefined);
    assert.equal(preferredSerialOf(keysOf({ [oldSerial]: certificate })), undefined);
  });

  test('is never a text that could not stand in a header', () => {
    const credentials = keysOf({ 'PUB_KEY_ID_1\r\nx: y': wechatPublicPem });
    assert.equal(preferredSerialOf(credentials), undefined);
  });
});

suite('the APIv3 key', () => {
  test('is a key when it has 32 bytes, and none otherwise', () => {
    const secret = openingKeyOf(accountOf().credentials.v3)?.export();
    assert.equal(secret?.toString(), apiV3Key);
    for (const wrong of ['', apiV3Key.slice(1), `${apiV3Key}x`, '钥'.repeat(32)]) {
      assert.equal(openingKeyOf(accountOf({ apiV3Key: wrong }).credentials.v3), undefined);
    }
  });
});

suite("the merchant's key", () => {
  test('is undefined when the PEM is no RSA private key', () => {
    for (const merchantPrivateKey of ['', 'PEM', wechatPublicPem, pemOf(elliptic.privateKey)]) {
      assert.equal(signingKeyOf(accountOf({ merchantPrivateKey }).credentials.v3), undefined);
    }
  });

  test('is undefined when its serial could not stand in a header', () => {
    for (const merchantSerial of ['', 'a b', 'a"b', 'a\r\nb']) {
      assert.equal(signingKeyOf(accountOf({ merchantSerial }).credentials.v3), undefined);
    }
  });
});

suite('an account without credentials for APIv3', () => {
  test('has none of these keys', () => {
    assert.equal(signingKeyOf(undefined), undefined);
    assert.equal(verifyingKeyOf(undefined, serial), undefined);
    assert.equal(openingKeyOf(undefined), undefined);
    assert.equal(preferredSerialOf(undefined), undefined);
  });
});
