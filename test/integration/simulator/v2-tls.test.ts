import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { get } from 'node:https';
import { after, describe, test } from 'node:test';
import { createMerchant } from '../../../simulator/merchant.ts';
import { startSimulator } from '../../../simulator/server.ts';
import { type Channel, documentOf, openTill, send, signedFields } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());
const { merchant, simulator, tls } = till;
const ca = simulator.certificateAuthority;

const plain: Channel = { origin: simulator.origin };
const nobody: Channel = { origin: simulator.tlsOrigin, ca };

const showing = (shown: Awaited<ReturnType<typeof createMerchant>>): Channel => ({
  ...nobody,
  cert: shown.merchantCertificate,
  key: shown.merchantPrivateKey,
});

const statusOf = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { ca, agent: false, family: 4 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });

describe('the HTTPS listener', () => {
  test('its certificate is for 127.0.0.1 and localhost, and by its own authority', async () => {
    const authority = new X509Certificate(ca);
    assert.equal(authority.ca, true);
    const { port } = new URL(simulator.tlsOrigin);
    for (const host of ['127.0.0.1', 'localhost']) {
      assert.equal(await statusOf(`https://${host}:${port}/_control/state`), 200);
    }
  });

  test('who does not know the authority does not trust it', async () => {
    await assert.rejects(send({ origin: simulator.tlsOrigin }, '/pay/orderquery', ''), {
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  test('APIv3 and APIv2 answer on both listeners, certificate or none', async () => {
    till.succeeded(await till.placeV2('both-0001'));
    for (const over of [plain, nobody, tls]) {
      const fields = { out_trade_no: 'both-0001' };
      till.succeeded(await till.v2('/pay/orderquery', fields, { over }));
    }
    assert.equal(await statusOf(`${simulator.tlsOrigin}/v3/pay/transactions/id/1`), 401);
  });
});

describe('calls that take money back', () => {
  const calls = [
    ['/secapi/pay/refund', { out_refund_no: 'tls-1', total_fee: '100', refund_fee: '100' }],
    ['/secapi/pay/reverse', {}],
  ] as const;
  for (const [path, more] of calls) {
    test(`${path} wants the merchant's own certificate`, async () => {
      const stranger = await createMerchant();
      const namesake = await createMerchant({ mchid: merchant.mchid });
      await till.micropay('tls-0001');
      await till.clock.advance(15_000);
      const fields = { out_trade_no: 'tls-0001', ...more };
      for (const over of [plain, nobody, showing(stranger), showing(namesake)]) {
        const { status, fields: answer } = await till.v2(path, fields, { over });
        assert.deepEqual([status, answer['return_code']], [200, 'FAIL']);
        assert.match(answer['return_msg'] ?? '', /^证书出错/);
        assert.deepEqual(Object.keys(answer), ['return_code', 'return_msg']);
      }
      assert.equal(await till.stateOf('tls-0001'), 'SUCCESS');
    });
  }

  test('the certificate is no signature', async () => {
    const fields = { out_trade_no: 'tls-0001' };
    const { fields: answer } = await till.v2('/secapi/pay/reverse', fields, {
      apiKey: 'k'.repeat(32),
    });
    assert.match(answer['return_msg'] ?? '', /^签名错误$/);
    till.succeeded(await till.reverse('tls-0001'));
  });

  test("another merchant's certificate, well known, opens nothing here", async () => {
    const other = await createMerchant();
    const { merchantCertificate, ...rest } = await createMerchant();
    const merchantPublicKey = createPublicKey(merchantCertificate)
      .export({ type: 'spki', format: 'pem' })
      .toString();
    const keyOnly = { ...rest, merchantPublicKey };
    const shared = await startSimulator({ merchants: [merchant, other, keyOnly] });
    const ask = (asked: typeof other, shown: typeof other) => {
      const over = { ...showing(shown), origin: shared.tlsOrigin };
      const fields = signedFields(asked, { out_trade_no: 'nobody-0001' });
      return send(over, '/secapi/pay/reverse', documentOf(fields));
    };
    assert.match((await ask(merchant, other)).fields['return_msg'] ?? '', /^证书出错/);
    assert.equal((await ask(other, other)).fields['err_code'], 'INVALID_REQUEST');
    const given = { ...rest, merchantCertificate };
    assert.match((await ask(given, given)).fields['return_msg'] ?? '', /^证书出错/);
    await shared.close();
  });

  test('a TLS port that is taken is an error and leaves the other port free', async () => {
    const tlsPort = Number(new URL(simulator.tlsOrigin).port);
    const probe = await startSimulator({ merchants: [merchant] });
    const port = Number(new URL(probe.origin).port);
    await probe.close();
    await assert.rejects(startSimulator({ port, tlsPort, merchants: [merchant] }), {
      code: 'EADDRINUSE',
    });
    const again = await startSimulator({ port, merchants: [merchant] });
    assert.equal(again.origin, `http://127.0.0.1:${port}`);
    await again.close();
  });
});
