import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { createMerchant } from '../../../simulator/merchant.ts';
import { startSimulator } from '../../../simulator/server.ts';

const merchant = await createMerchant({ mchid: '1900000109', appid: 'wx8888888888888888' });

describe('a fresh merchant', () => {
  test('its certificate holds its key under its serial', () => {
    const certificate = new X509Certificate(merchant.merchantCertificate);
    assert.equal(certificate.serialNumber, merchant.merchantSerial);
    assert.match(merchant.merchantSerial, /^[0-9A-F]{40}$/);
    const key = createPublicKey(merchant.merchantPrivateKey);
    assert.equal(certificate.publicKey.equals(key), true);
    assert.match(merchant.merchantPrivateKey, /^-----BEGIN PRIVATE KEY-----/);
    assert.equal(Buffer.byteLength(merchant.apiV3Key), 32);
  });

  test('numbers are made when none are given', async () => {
    const other = await createMerchant();
    assert.match(other.mchid, /^16\d{8}$/);
    assert.match(other.appid, /^wx[0-9a-f]{16}$/);
    assert.deepEqual(other.appids, [other.appid]);
  });
});

describe('starting a simulator', () => {
  const { merchantCertificate, ...rest } = merchant;
  const wrong = {
    'a short APIv3 key': { ...merchant, apiV3Key: 'short' },
    'no appid': { ...merchant, appids: [] },
    'an mchid of letters': { ...merchant, mchid: 'merchant' },
    'a serial that is not hex': { ...merchant, merchantSerial: 'serial' },
    'the serial of another certificate': { ...merchant, merchantSerial: 'A'.repeat(40) },
    'no key at all': rest,
  };
  for (const [what, options] of Object.entries(wrong)) {
    test(`${what} is refused by name`, async () => {
      await assert.rejects(startSimulator({ merchants: [options] }), {
        name: 'TypeError',
        message: /^merchant /,
      });
    });
  }

  test('a public key does instead of a certificate', async () => {
    const merchantPublicKey = createPublicKey(merchantCertificate)
      .export({ type: 'spki', format: 'pem' })
      .toString();
    const simulator = await startSimulator({ merchants: [{ ...rest, merchantPublicKey }] });
    assert.match(simulator.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
    await simulator.close();
  });

  test('a port that is taken is an error, and a closed simulator frees it', async () => {
    const simulator = await startSimulator({ merchants: [merchant] });
    const port = Number(new URL(simulator.origin).port);
    await assert.rejects(startSimulator({ port, merchants: [merchant] }), { code: 'EADDRINUSE' });
    await simulator.close();
    const again = await startSimulator({ port, merchants: [merchant] });
    await again.close();
  });

  test('the keys are those of the mode', async () => {
    const simulator = await startSimulator({
      merchants: [{ ...merchant, keyMode: 'certificate' }],
    });
    const keys = simulator.keys.get(merchant.mchid);
    await simulator.close();
    assert.equal(keys?.wechatpaySerial, keys?.platformSerial);
    const certificate = new X509Certificate(keys?.platformCertificate ?? '');
    assert.equal(
      certificate.publicKey.equals(createPublicKey(keys?.wechatpayPublicKey ?? '')),
      true,
    );
    assert.equal(
      certificate.publicKey.equals(createPublicKey(keys?.wechatpayPrivateKey ?? '')),
      true,
    );
  });
});
