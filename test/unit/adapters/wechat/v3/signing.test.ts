import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { authorizationOf, signAppPayment, signJsapiPayment } from '#adapters/wechat/v3/signing.ts';
import { isAppError } from '#core/errors.ts';
import { accountOf, merchantPublicKey, wechatPublicPem } from './support.ts';

const account = accountOf();
const stamp = { timestamp: '1795233600', nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };

function signatureIn(header: string | undefined): Buffer {
  const [, text = ''] = /signature="([^"]*)"/.exec(header ?? '') ?? [];
  return Buffer.from(text, 'base64');
}

suite('Authorization', () => {
  test('has one space, five pairs and no other space', () => {
    const header = authorizationOf(account, { method: 'GET', target: '/v3/x' }, stamp) ?? '';
    assert.match(
      header,
      /^WECHATPAY2-SHA256-RSA2048 mchid="\d+",nonce_str="\w+",signature="[\w+/=]{344}",timestamp="\d+",serial_no="\w+"$/,
    );
  });

  test('covers method, target, time, nonce and body, each ended by a line feed', () => {
    const parts = fc.record({
      method: fc.constantFrom('GET' as const, 'POST' as const),
      target: fc.webPath().map((path) => `/v3${path}`),
      body: fc.string({ unit: 'binary', maxLength: 100 }),
    });
    fc.assert(
      fc.property(parts, (request) => {
        const header = authorizationOf(account, request, stamp);
        const lines = `${request.method}\n${request.target}\n${stamp.timestamp}\n${stamp.nonce}\n${request.body}\n`;
        return verify('sha256', Buffer.from(lines), merchantPublicKey, signatureIn(header));
      }),
      { numRuns: 30 },
    );
  });

  test('signs an empty line where there is no body', () => {
    const header = authorizationOf(account, { method: 'GET', target: '/v3/x?a=1' }, stamp);
    const lines = `GET\n/v3/x?a=1\n${stamp.timestamp}\n${stamp.nonce}\n\n`;
    assert.ok(verify('sha256', Buffer.from(lines), merchantPublicKey, signatureIn(header)));
  });

  test('is undefined without a readable private key', () => {
    const broken = accountOf({ merchantPrivateKey: wechatPublicPem });
    assert.equal(authorizationOf(broken, { method: 'GET', target: '/v3/x' }, stamp), undefined);
  });

  test('is undefined for an account without credentials for APIv3', () => {
    const none = { ...account, credentials: {} };
    assert.equal(authorizationOf(none, { method: 'GET', target: '/v3/x' }, stamp), undefined);
  });
});

const payment = { appid: 'wx2421b1c4370ec43b', prepay_id: 'wx2014102720093955' };

suite('JSAPI payment parameters', () => {
  test('are signed over four lines, without signType', () => {
    const signed = signJsapiPayment(account, payment, stamp);
    const lines = `wx2421b1c4370ec43b\n1795233600\n${stamp.nonce}\nprepay_id=wx2014102720093955\n`;
    const signature = Buffer.from(signed.paySign, 'base64');
    assert.ok(verify('sha256', Buffer.from(lines), merchantPublicKey, signature));
    assert.equal(signed.timeStamp, '1795233600');
    assert.equal(signed.signType, 'RSA');
  });
});

suite('APP payment parameters', () => {
  test('are signed over four lines, the last one the bare prepay_id', () => {
    const { sign, ...rest } = signAppPayment(account, payment, stamp);
    const lines = `wx2421b1c4370ec43b\n1795233600\n${stamp.nonce}\nwx2014102720093955\n`;
    const signature = Buffer.from(sign, 'base64');
    assert.ok(verify('sha256', Buffer.from(lines), merchantPublicKey, signature));
    assert.deepEqual(rest, {
      appid: 'wx2421b1c4370ec43b',
      partnerid: '1900007291',
      prepayid: 'wx2014102720093955',
      package: 'Sign=WXPay',
      noncestr: stamp.nonce,
      timestamp: '1795233600',
    });
  });

  test('carry another signature than JSAPI for the same payment', () => {
    const { sign } = signAppPayment(account, payment, stamp);
    assert.notEqual(sign, signJsapiPayment(account, payment, stamp).paySign);
  });
});

suite('payment parameters without a readable private key', () => {
  for (const signPayment of [signJsapiPayment, signAppPayment]) {
    test(`end in account_invalid, ${signPayment.name}`, () => {
      for (const merchantPrivateKey of ['', 'PEM', wechatPublicPem]) {
        assert.throws(
          () => signPayment(accountOf({ merchantPrivateKey }), payment, stamp),
          (error) =>
            isAppError(error) &&
            error.code === 'account_invalid' &&
            /private key/.test(error.message),
        );
      }
    });
  }
});
