import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  answerKey,
  createWechatKeys,
  type KeyMode,
  noticeKey,
} from '../../../simulator/wechat-keys.ts';

const NOW = Date.parse('2026-03-01T12:00:00+08:00');
const keys = await createWechatKeys('1900000109', NOW);
const publicSerial = keys.publicKey.signing.serial;
const platformSerial = keys.platform.serial;

describe('keys of WeChat Pay', () => {
  test('the serials have the forms of a public key and of a certificate', () => {
    assert.match(publicSerial, /^PUB_KEY_ID_[0-9]{34}$/);
    assert.match(platformSerial, /^[0-9A-F]{40}$/);
  });

  test('the platform certificate holds the platform key, for five years', () => {
    const certificate = new X509Certificate(keys.platform.certificatePem);
    assert.equal(certificate.serialNumber, platformSerial);
    assert.equal(certificate.checkPrivateKey(keys.platform.signing.privateKey), true);
    assert.equal(certificate.verify(certificate.publicKey), true);
    assert.equal(Date.parse(certificate.validTo), Date.parse('2031-02-28T04:00:00Z'));
  });

  const asked: readonly (readonly [KeyMode, string | undefined, string])[] = [
    ['public-key', undefined, publicSerial],
    ['public-key', platformSerial, publicSerial],
    ['certificate', undefined, platformSerial],
    ['certificate', publicSerial, platformSerial],
    ['mixed', undefined, platformSerial],
    ['mixed', platformSerial, platformSerial],
    ['mixed', publicSerial, publicSerial],
  ];
  for (const [mode, serial, expected] of asked) {
    test(`mode ${mode}, ${serial?.slice(0, 3) ?? 'nothing'} asked for: ${expected.slice(0, 3)} signs`, () => {
      assert.equal(answerKey(keys, mode, serial).serial, expected);
    });
  }

  const moved = (percent: number, count: number) =>
    Array.from({ length: count }, (_, sentBefore) =>
      noticeKey(keys, 'mixed', { percent, sentBefore }),
    ).filter((key) => key.serial === publicSerial).length;

  test('during the migration exactly the wanted share of notices moves', () => {
    assert.deepEqual(
      [moved(0, 100), moved(1, 100), moved(50, 100), moved(50, 2), moved(100, 100)],
      [0, 1, 50, 1, 100],
    );
  });

  test('outside the migration the share counts for nothing', () => {
    const share = { percent: 50, sentBefore: 0 };
    assert.equal(noticeKey(keys, 'public-key', share).serial, publicSerial);
    assert.equal(noticeKey(keys, 'certificate', { ...share, percent: 100 }).serial, platformSerial);
  });
});
