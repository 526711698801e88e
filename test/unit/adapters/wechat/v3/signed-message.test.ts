import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { signatureProblemOf } from '#adapters/wechat/v3/signed-message.ts';
import { instant, plus } from '#core/values/time.ts';
import { accountOf, noon, otherSerial, serial, signedHeaders, wechatPublicPem } from './support.ts';

const body = Buffer.from('{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}');
const signed = signedHeaders(body);
const credentials = accountOf().credentials.v3;

function problemWith(headers: Record<string, string | undefined>, bytes: Uint8Array = body) {
  return signatureProblemOf(credentials, { headers: { ...signed, ...headers }, body: bytes }, noon);
}

suite('a message that WeChat signed', () => {
  test('has no problem', () => {
    assert.equal(problemWith({}), undefined);
  });

  test('may name the RSA signature type', () => {
    const type = 'WECHATPAY2-SHA256-RSA2048';
    assert.equal(problemWith({ 'wechatpay-signature-type': type }), undefined);
  });

  test('may have an empty body, as the 204 of a close has', () => {
    const empty = Buffer.alloc(0);
    assert.equal(problemWith(signedHeaders(empty), empty), undefined);
  });

  test('may have a body that is no text', () => {
    const bytes = Buffer.from([0, 255, 10, 13, 195, 40]);
    assert.equal(problemWith(signedHeaders(bytes), bytes), undefined);
  });

  test('is checked with the key of its serial while two keys live side by side', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = other.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const both = accountOf({ wechatpayKeys: { [serial]: wechatPublicPem, [otherSerial]: pem } });
    const headers = signedHeaders(body, { serial: otherSerial, key: other.privateKey });
    assert.equal(signatureProblemOf(both.credentials.v3, { headers, body }, noon), undefined);
    const swapped = { ...headers, 'wechatpay-serial': serial };
    const problem = signatureProblemOf(both.credentials.v3, { headers: swapped, body }, noon);
    assert.equal(problem, 'signature');
  });
});

suite('headers', () => {
  for (const name of ['timestamp', 'nonce', 'serial', 'signature']) {
    const header = `wechatpay-${name}`;
    test(`${header} missing is refused`, () => {
      assert.equal(problemWith({ [header]: undefined }), 'header_missing');
    });
    test(`${header} empty is refused`, () => {
      assert.equal(problemWith({ [header]: '' }), 'header_missing');
    });
    test(`${header} twice is refused, even twice the same`, () => {
      assert.equal(
        problemWith({ [header]: `${signed[header]},${signed[header]}` }),
        'header_doubled',
      );
      assert.equal(problemWith({ [header]: `${signed[header]}, ` }), 'header_doubled');
    });
  }

  test('wechatpay-signature-type twice is refused', () => {
    const type = 'WECHATPAY2-SHA256-RSA2048';
    const doubled = problemWith({ 'wechatpay-signature-type': `${type},${type}` });
    assert.equal(doubled, 'header_doubled');
  });

  test('another signature type is refused', () => {
    for (const type of ['WECHATPAY-BRAND-SHA256-RSA2048', 'WECHATPAY2-SM2-WITH-SM3', 'none', '']) {
      assert.equal(problemWith({ 'wechatpay-signature-type': type }), 'signature');
    }
  });

  test('a missing header is told before an unknown serial', () => {
    const headers = { 'wechatpay-serial': otherSerial, 'wechatpay-nonce': undefined };
    assert.equal(problemWith(headers), 'header_missing');
  });
});

suite('serial', () => {
  test('an unknown one is refused', () => {
    assert.equal(problemWith({ 'wechatpay-serial': otherSerial }), 'unknown_serial');
  });

  test("the merchant certificate's own serial is unknown too", () => {
    const merchantSerial = credentials.merchantSerial;
    assert.equal(problemWith({ 'wechatpay-serial': merchantSerial }), 'unknown_serial');
  });

  test('a name that every object has is no serial', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      assert.equal(problemWith({ 'wechatpay-serial': name }), 'unknown_serial');
    }
  });

  test('an unknown serial is told before a wrong clock', () => {
    const headers = { 'wechatpay-serial': otherSerial, 'wechatpay-timestamp': '1' };
    assert.equal(problemWith(headers), 'unknown_serial');
  });
});

suite('clock', () => {
  const at = (differenceMs: number) =>
    signatureProblemOf(credentials, { headers: signed, body }, instant(noon + differenceMs));

  test('exactly five minutes either way still pass', () => {
    assert.equal(at(300_000), undefined);
    assert.equal(at(-300_000), undefined);
  });

  test('a millisecond more than five minutes is refused, in both directions', () => {
    assert.equal(at(300_001), 'clock');
    assert.equal(at(-300_001), 'clock');
  });

  test('a timestamp that is no plain number of seconds is refused', () => {
    for (const timestamp of ['1795233600.0', '+1795233600', '0x6b012d40', '1e9', 'NaN', ' ']) {
      const headers = signedHeaders(body, { timestamp });
      assert.equal(problemWith(headers), 'clock', timestamp);
    }
  });

  test('milliseconds in place of seconds are refused', () => {
    assert.equal(problemWith(signedHeaders(body, { timestamp: '1795233600000' })), 'clock');
  });

  test('a stale message is refused before its signature is looked at', () => {
    const headers = { ...signed, 'wechatpay-signature': 'AAAA' };
    const later = plus(noon, 300_001);
    assert.equal(signatureProblemOf(credentials, { headers, body }, later), 'clock');
  });
});

suite('signature', () => {
  const signature = signed['wechatpay-signature'] ?? '';

  test('a probe is refused and called a probe, whatever follows its prefix', () => {
    for (const rest of [signature.slice(20), signature, 'not base64 at all!', '']) {
      assert.equal(problemWith({ 'wechatpay-signature': `WECHATPAY/SIGNTEST/${rest}` }), 'probe');
    }
  });

  test('bad Base64 is refused, though Node would decode most of it', () => {
    const bad = [
      'not base64 at all!',
      signature.replaceAll('=', ''),
      `${signature}=`,
      `${signature}\n`,
      ` ${signature}`,
      signature.replaceAll('+', '-').replaceAll('/', '_').replace('A', '-'),
      `${signature.slice(0, 100)}*${signature.slice(100)}`,
    ];
    for (const text of bad) {
      assert.equal(problemWith({ 'wechatpay-signature': text }), 'signature', text);
    }
  });

  test('one of another length is refused', () => {
    for (const bytes of [1, 128, 255, 257, 512, 100_000]) {
      const text = Buffer.alloc(bytes, 7).toString('base64');
      assert.equal(problemWith({ 'wechatpay-signature': text }), 'signature');
    }
  });

  test('one made with another private key is refused', () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    assert.equal(problemWith(signedHeaders(body, { key: stranger })), 'signature');
  });

  test('a line feed moved from the body into the nonce is refused', () => {
    const whole = Buffer.from('first\nsecond');
    const { 'wechatpay-signature': moved } = signedHeaders(whole, { nonce: 'abc' });
    const headers = { 'wechatpay-signature': moved, 'wechatpay-nonce': 'abc\nfirst' };
    const lines = '1795233600\nabc\nfirst\nsecond\n';
    const bytes = Buffer.from(moved ?? '', 'base64');
    const key = createPublicKey(wechatPublicPem);
    assert.ok(verify('sha256', Buffer.from(lines), key, bytes), 'the signature does cover it');
    assert.equal(problemWith(headers, Buffer.from('second')), 'signature');
  });

  test('any one changed byte of the body is refused', () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(body);
        changed[place] = (body[place] ?? 0) ^ change;
        return problemWith({}, changed) === 'signature';
      }),
    );
  });

  test('a byte added or taken away at either end is refused', () => {
    const space = Buffer.from(' ');
    const changes = [
      Buffer.concat([body, space]),
      Buffer.concat([space, body]),
      body.subarray(1),
      body.subarray(0, -1),
      Buffer.concat([body, Buffer.from('\n')]),
      Buffer.alloc(0),
    ];
    for (const changed of changes) {
      assert.equal(problemWith({}, changed), 'signature');
    }
  });

  test('any one changed character of a signed header is refused', () => {
    const headers = fc.constantFrom(...Object.keys(signed));
    const character = fc.constantFrom(...'0123456789abcdefABCDEF+/=_');
    fc.assert(
      fc.property(headers, fc.nat(400), character, (header, place, put) => {
        const value = signed[header] ?? '';
        const index = place % value.length;
        fc.pre(value[index] !== put);
        const changed = `${value.slice(0, index)}${put}${value.slice(index + 1)}`;
        return problemWith({ [header]: changed }) !== undefined;
      }),
    );
  });

  test('what WeChat signs verifies, whatever the bytes', () => {
    const nonces = fc.stringMatching(/^[0-9A-Za-z]{1,32}$/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), nonces, (bytes, nonce) => {
        const headers = signedHeaders(Buffer.from(bytes), { nonce });
        return problemWith(headers, bytes) === undefined;
      }),
      { numRuns: 40 },
    );
  });
});
