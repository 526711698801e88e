import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { authorize, readAuthorization } from '../../../simulator/authorization.ts';
import { type RequestVector, vector } from './vectors.ts';

const known = vector<RequestVector>('request-signature');
const merchant = {
  mchid: known.mchid,
  merchantSerial: known.serial_no,
  merchantPublicKey: createPublicKey(createPrivateKey(known.merchant_private_key_pem)),
};
const example = known.cases[0];
if (example === undefined) throw new Error('the vector has no case');
const SENT_AT_MS = 1_554_208_460_000;

type Parts = Readonly<Record<string, string>>;

const parts: Parts = {
  mchid: known.mchid,
  nonce_str: example.nonce_str,
  signature: example.signature_base64,
  timestamp: example.timestamp,
  serial_no: known.serial_no,
};

const header = (changed: Parts = {}): string =>
  `WECHATPAY2-SHA256-RSA2048 ${Object.entries({ ...parts, ...changed })
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}`;

type Change = {
  readonly authorization?: readonly string[];
  readonly target?: string;
  readonly body?: string;
  readonly nowMs?: number;
};

const check = (change: Change = {}) =>
  authorize(
    {
      method: 'POST',
      target: change.target ?? example.url_path,
      authorization: change.authorization ?? [header()],
      body: Buffer.from(change.body ?? example.body),
    },
    (mchid) => (mchid === merchant.mchid ? merchant : undefined),
    change.nowMs ?? SENT_AT_MS,
  );

const refusal = (change: Change): string => {
  const result = check(change);
  if (result.ok) return 'accepted';
  assert.equal(result.refusal.status, 401);
  assert.equal(result.refusal.code, 'SIGN_ERROR');
  return result.refusal.message;
};

describe('authorization of a call', () => {
  test('the published example is accepted', () => {
    assert.deepEqual(check(), { ok: true, merchant });
  });

  test('the five fields may stand in any order', () => {
    const fields = header().slice(header().indexOf(' ') + 1);
    const turned = fields.split(',').reverse().join(',');
    assert.equal(check({ authorization: [`WECHATPAY2-SHA256-RSA2048 ${turned}`] }).ok, true);
  });

  const malformed: Readonly<Record<string, readonly string[]>> = {
    'no header': [],
    'two headers': [header(), header()],
    'another scheme': [header().replace('WECHATPAY2-SHA256-RSA2048', 'Bearer')],
    'two spaces': [header().replace(' ', '  ')],
    'a space after a comma': [header().replace(',', ', ')],
    'no quotes': [header().replace(`"${known.mchid}"`, known.mchid)],
    'a field missing': [header().replace(/,serial_no="[^"]*"/, '')],
    'a field twice': [`${header()},mchid="${known.mchid}"`],
    'a field doubled in place of another': [header().replace('serial_no', 'mchid')],
    'an extra field': [header({ extra: '1' })],
    'an empty field': [header({ mchid: '' })],
  };
  for (const [what, authorization] of Object.entries(malformed)) {
    test(`${what} is refused`, () => {
      assert.match(refusal({ authorization }), /malformed/);
    });
  }

  test('a clock 300 s off is accepted and 301 s off is refused, both ways', () => {
    assert.equal(refusal({ nowMs: SENT_AT_MS + 300_000 }), 'accepted');
    assert.equal(refusal({ nowMs: SENT_AT_MS - 300_000 }), 'accepted');
    assert.match(refusal({ nowMs: SENT_AT_MS + 301_000 }), /5 minutes/);
    assert.match(refusal({ nowMs: SENT_AT_MS - 301_000 }), /5 minutes/);
  });

  test('the clock is checked before the signature and before the merchant', () => {
    const authorization = [header({ signature: 'AAAA', mchid: '1', timestamp: '1554208000' })];
    assert.match(refusal({ authorization }), /5 minutes/);
  });

  test('milliseconds and other texts are no timestamps', () => {
    assert.match(refusal({ authorization: [header({ timestamp: '1554208460000' })] }), /5 minutes/);
    assert.match(refusal({ authorization: [header({ timestamp: '1e9' })] }), /Unix seconds/);
  });

  test('a nonce of 33 characters is refused', () => {
    assert.match(refusal({ authorization: [header({ nonce_str: 'a'.repeat(33) })] }), /nonce/);
  });

  test('an unknown merchant and a foreign serial are refused', () => {
    assert.match(refusal({ authorization: [header({ mchid: '1900000000' })] }), /mchid/);
    assert.match(refusal({ authorization: [header({ serial_no: 'A'.repeat(40) })] }), /serial_no/);
  });

  test('a changed body, path or signature is refused', () => {
    const wrong = example.signature_base64.replace(/^./, 'k');
    assert.match(refusal({ body: `${example.body} ` }), /does not verify/);
    assert.match(refusal({ target: `${example.url_path}?a=1` }), /does not verify/);
    assert.match(refusal({ authorization: [header({ signature: wrong })] }), /does not verify/);
  });

  test('reading gives the five values', () => {
    assert.deepEqual(readAuthorization([header()]), {
      mchid: known.mchid,
      nonce: example.nonce_str,
      signature: example.signature_base64,
      timestamp: example.timestamp,
      serial: known.serial_no,
    });
  });
});
