import assert from 'node:assert/strict';
import { createDecipheriv, generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createNoticeReader } from '#adapters/wechat/notice-reader.ts';
import { openResource } from '#adapters/wechat/v3/resource.ts';
import type { Account } from '#core/account.ts';
import {
  apiV3Key,
  envelopeOf,
  noon,
  pemOf,
  seal,
  serial,
  signedHeaders,
  accountOf as v3AccountOf,
} from '../v3/support.ts';
import { accountOf as v2AccountOf } from './account-support.ts';
import { mutantsOf } from './mutants.ts';
import { otherKey, payment, signedXml } from './support.ts';

// A short key signs ten times as fast, and is as good here.
const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
const v3 = v3AccountOf({ wechatpayKeys: { [serial]: pemOf(pair.publicKey) } });
const account: Account = {
  ...v3,
  credentials: { ...v2AccountOf().credentials, ...v3.credentials },
};
const reader = createNoticeReader();

function signed(body: string | Buffer): Record<string, string> {
  return signedHeaders(body, { key: pair.privateKey });
}

function read(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array) {
  return reader.read(account, { headers, body }, noon);
}

const json = JSON.stringify(envelopeOf());
const headers = signed(json);

const tokens = [
  '{',
  '}',
  '[',
  '"',
  ',',
  '\\u0000',
  '\\ud800',
  'null',
  '1e999',
  '-0',
  '"id":null,',
  '"id":"EV-2",',
  '"__proto__":{"id":"EV-3"},',
  '"resource":[],',
  '"algorithm":"AEAD_SM4_GCM",',
  '"ciphertext":"",',
  '"nonce":"",',
  '\n',
  ' ',
  '\ufeff',
  '<',
  Buffer.from([0x00]),
  Buffer.from([0xff]),
];

const anything = fc.oneof(
  fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text)),
  mutantsOf([json, signedXml(payment, { key: otherKey })], tokens),
);

const headerNames = ['timestamp', 'nonce', 'serial', 'signature', 'signature-type'] as const;
const headerValues = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    ',',
    '0',
    '-1',
    '1795233600',
    '1795233600.0',
    '999999999999',
    'NaN',
    serial,
    '__proto__',
    'constructor',
    'WECHATPAY2-SHA256-RSA2048',
    'WECHATPAY/SIGNTEST/AAAA',
    'AAAA',
    '=',
    headers['wechatpay-signature'] ?? '',
  ),
);
const hostileHeaders = fc
  .dictionary(fc.constantFrom(...headerNames), headerValues, { maxKeys: 3 })
  .map((given) => {
    const named = Object.entries(given).map(([name, value]) => [`wechatpay-${name}`, value]);
    return { ...headers, ...Object.fromEntries(named) };
  });

suite('whatever is posted as a callback', () => {
  test('is refused without a throw under a signature of something else', () => {
    fc.assert(
      fc.property(anything, (body) => {
        const result = read(headers, body);
        assert.ok(!result.ok || body.equals(Buffer.from(json)), body.toString());
      }),
      { numRuns: 20_000 },
    );
  });

  test('is refused without a throw when a header lies', () => {
    fc.assert(
      fc.property(hostileHeaders, (given) => {
        const result = read(given, Buffer.from(json));
        const covered = ['timestamp', 'nonce', 'serial', 'signature'] as const;
        const isUntouched = covered.every(
          (name) => given[`wechatpay-${name}`] === headers[`wechatpay-${name}`],
        );
        assert.ok(!result.ok || isUntouched, JSON.stringify(given));
      }),
      { numRuns: 10_000 },
    );
  });
});

/** The resource as this file opens it; throws for what is not sealed with the key. */
function opened(resource: Readonly<Record<string, string>>): string {
  const sealed = Buffer.from(resource['ciphertext'] ?? '', 'base64');
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, Buffer.from(resource['nonce'] ?? ''));
  decipher.setAAD(Buffer.from(resource['associated_data'] ?? ''));
  decipher.setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
}

const hostileValues = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 0, true, [], {}, 'x'.repeat(200), '\u0000'),
  fc.jsonValue({ maxDepth: 1 }),
);
const envelopeNames = ['id', 'event_type', 'create_time', 'resource', 'extra'] as const;
const resourceNames = ['algorithm', 'ciphertext', 'nonce', 'associated_data', 'extra'] as const;
const plaintexts = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom('', 'null', '[]', '{"__proto__":{"mchid":"1"}}', '{"a":1', '\ufeff{}'),
);
const hostileEnvelopes = fc
  .tuple(
    plaintexts,
    fc.dictionary(fc.constantFrom(...resourceNames), hostileValues, { maxKeys: 1 }),
    fc.dictionary(fc.constantFrom(...envelopeNames), hostileValues, { maxKeys: 1 }),
  )
  .map(([plaintext, resource, envelope]) =>
    Buffer.from(JSON.stringify({ ...envelopeOf(plaintext, resource), ...envelope })),
  );

suite('whatever WeChat itself may sign', () => {
  test('is read without a throw, and accepted only as what was sealed', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(hostileEnvelopes, mutantsOf([json], tokens)), (body) => {
        const result = read(signed(body), body);
        if (result.ok) {
          accepted += 1;
          const { id, event_type, resource } = JSON.parse(body.toString());
          assert.deepEqual([result.value.id, result.value.event_type], [id, event_type]);
          assert.deepEqual(result.value.resource, JSON.parse(opened(resource)));
        }
      }),
      { numRuns: 6_000 },
    );
    assert.ok(accepted > 100, `only ${accepted} were accepted`);
  });
});

suite('whatever is said to be sealed', () => {
  const ciphertext = seal('{"a":1}');
  const sealedTexts = fc.oneof(
    mutantsOf([ciphertext], ['=', '-', '_', '\n', 'A', 'AAAA']).map((bytes) => bytes.toString()),
    mutantsOf([Buffer.from(ciphertext, 'base64')], [Buffer.alloc(16)]).map((bytes) =>
      bytes.toString('base64'),
    ),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const nonces = fc.oneof(
    fc.constantFrom('Kj7QIyUiYx1q', '', 'x'.repeat(128)),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  const associated = fc.constantFrom(undefined, '', 'transaction', 'refund', '\u0000');

  test('opens without a throw, and only as it was sealed', () => {
    fc.assert(
      fc.property(sealedTexts, nonces, associated, (text, nonce, associated_data) => {
        const resource = {
          algorithm: 'AEAD_AES_256_GCM',
          ciphertext: text,
          nonce,
          associated_data,
        };
        const result = openResource(account.credentials.v3, resource);
        assert.ok(!result.ok || text === ciphertext);
      }),
      { numRuns: 20_000 },
    );
  });
});
