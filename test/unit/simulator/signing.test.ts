import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  answerMessage,
  isSignedBy,
  requestMessage,
  signatureHeaders,
  signMessage,
} from '../../../simulator/signing.ts';
import { type RequestVector, type SignedVector, vector } from './vectors.ts';

const requests = vector<RequestVector>('request-signature');
const merchantKey = createPrivateKey(requests.merchant_private_key_pem);
const merchantPublicKey = createPublicKey(requests.merchant_private_key_pem);
const answer = vector<SignedVector>('response-verification');

const signedRequest = (index: number) => {
  const entry = requests.cases[index];
  if (entry === undefined) throw new Error('no such case');
  const message = requestMessage({
    method: entry.method,
    target: entry.url_path,
    timestamp: entry.timestamp,
    nonce: entry.nonce_str,
    body: Buffer.from(entry.body, 'utf8'),
  });
  return { entry, message };
};

describe('request signatures', () => {
  for (const [index, { id }] of requests.cases.entries()) {
    test(`the published example ${id} has this message and this signature`, () => {
      const { entry, message } = signedRequest(index);
      assert.equal(message.toString('utf8'), entry.message);
      assert.equal(signMessage(message, merchantKey), entry.signature_base64);
      assert.equal(isSignedBy(message, entry.signature_base64, merchantPublicKey), true);
    });
  }

  test('one byte more in the body breaks the signature', () => {
    const { entry, message } = signedRequest(0);
    const longer = Buffer.concat([message, Buffer.from(' ')]);
    assert.equal(isSignedBy(longer, entry.signature_base64, merchantPublicKey), false);
  });

  test('another spelling of the path breaks the signature', () => {
    const parts = { method: 'GET', timestamp: '1', nonce: 'n', body: Buffer.alloc(0) };
    const literal = requestMessage({ ...parts, target: '/v3/a|b*c?mchid=1' });
    const encoded = requestMessage({ ...parts, target: '/v3/a%7Cb*c?mchid=1' });
    const signature = signMessage(literal, merchantKey);
    assert.equal(isSignedBy(literal, signature, merchantPublicKey), true);
    assert.equal(isSignedBy(encoded, signature, merchantPublicKey), false);
  });

  test('URL-safe Base64 and broken Base64 are no signatures', () => {
    const { entry, message } = signedRequest(0);
    const urlSafe = entry.signature_base64.replaceAll('+', '-').replaceAll('/', '_');
    assert.equal(isSignedBy(message, urlSafe, merchantPublicKey), false);
    assert.equal(isSignedBy(message, `${entry.signature_base64}=`, merchantPublicKey), false);
    assert.equal(isSignedBy(message, `${entry.signature_base64}\n`, merchantPublicKey), false);
    assert.equal(isSignedBy(message, '', merchantPublicKey), false);
  });
});

describe('signatures of WeChat Pay', () => {
  test('the published answer verifies over timestamp, nonce and body', () => {
    const { headers, body } = answer;
    const message = answerMessage(
      headers['Wechatpay-Timestamp'] ?? '',
      headers['Wechatpay-Nonce'] ?? '',
      body,
    );
    const key = createPublicKey(answer.wechatpay_public_key_pem);
    assert.equal(message.toString('utf8'), answer.message);
    assert.equal(isSignedBy(message, headers['Wechatpay-Signature'] ?? '', key), true);
    assert.equal(isSignedBy(message, answer.negative['Wechatpay-Signature'] ?? '', key), false);
  });

  test('a captured notice verifies with its certificate', () => {
    const notice = vector<SignedVector>('full-notification');
    const { headers, body } = notice;
    const message = answerMessage(
      headers['Wechatpay-Timestamp'] ?? '',
      headers['Wechatpay-Nonce'] ?? '',
      body,
    );
    const key = createPublicKey(notice.platform_certificate_pem);
    assert.equal(isSignedBy(message, headers['Wechatpay-Signature'] ?? '', key), true);
  });

  const made = (body: string, flaw?: 'probe' | 'bad-signature') =>
    signatureHeaders({
      body,
      key: { serial: 'PUB_KEY_ID_1', privateKey: merchantKey },
      nowMs: 1_722_850_421_999,
      flaw,
    });

  const verifies = (headers: Readonly<Record<string, string>>, body: string) =>
    isSignedBy(
      answerMessage(headers['Wechatpay-Timestamp'] ?? '', headers['Wechatpay-Nonce'] ?? '', body),
      headers['Wechatpay-Signature'] ?? '',
      merchantPublicKey,
    );

  test('headers carry whole seconds, the serial and a signature of the exact body', () => {
    const headers = made('{"a":1}');
    assert.equal(headers['Wechatpay-Timestamp'], '1722850421');
    assert.equal(headers['Wechatpay-Serial'], 'PUB_KEY_ID_1');
    assert.equal(headers['Wechatpay-Signature-Type'], 'WECHATPAY2-SHA256-RSA2048');
    assert.equal(verifies(headers, '{"a":1}'), true);
    assert.equal(verifies(headers, '{"a": 1}'), false);
  });

  test('an empty body is signed too', () => {
    assert.equal(verifies(made(''), ''), true);
  });

  test('a nonce is never used twice', () => {
    assert.notEqual(made('')['Wechatpay-Nonce'], made('')['Wechatpay-Nonce']);
  });

  test('a probe names itself, has 344 characters and does not verify', () => {
    const headers = made('{}', 'probe');
    assert.match(headers['Wechatpay-Signature'] ?? '', /^WECHATPAY\/SIGNTEST\/.{325}$/);
    assert.equal(verifies(headers, '{}'), false);
  });

  test('a bad signature does not verify', () => {
    assert.equal(verifies(made('{}', 'bad-signature'), '{}'), false);
  });
});
