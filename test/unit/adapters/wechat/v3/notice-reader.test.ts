import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createNoticeReader } from '#adapters/wechat/v3/notice-reader.ts';
import type { RawNotice } from '#core/notices.ts';
import { instant } from '#core/values/time.ts';
import {
  accountOf,
  envelopeOf,
  noon,
  otherSerial,
  paidTransaction,
  seal,
  signedHeaders,
  signedNotice,
} from './support.ts';

const reader = createNoticeReader();
const account = accountOf();
const body = JSON.stringify(envelopeOf());

function read(raw: RawNotice) {
  return reader.read(account, raw, noon);
}

function readEnvelope(envelope: unknown) {
  return read(signedNotice(JSON.stringify(envelope)));
}

function assertProblem(result: ReturnType<typeof read>, problem: string, about?: string): void {
  assert.deepEqual(result, { ok: false, error: problem }, about);
}

suite('a notice that WeChat signed', () => {
  test('is opened', () => {
    assert.deepEqual(read(signedNotice(body)), {
      ok: true,
      value: {
        id: 'EV-2026112112000000001',
        event_type: 'TRANSACTION.SUCCESS',
        createdAt: instant(1_795_233_599_000),
        resource: paidTransaction,
      },
    });
  });

  test('may order its fields as it likes and carry unknown ones', () => {
    const entries = Object.entries({ ...envelopeOf(), extra: { deep: [1, null] } }).reverse();
    assert.ok(readEnvelope(Object.fromEntries(entries)).ok);
  });

  test('is read from its raw bytes: another spelling of the same JSON verifies as it arrived', () => {
    const spaced = `  ${JSON.stringify(envelopeOf(), null, 3).replace('支', '\\u652f')}\r\n`;
    assert.ok(read(signedNotice(spaced)).ok);
  });

  test('may come without associated data, absent or empty', () => {
    const ciphertext = seal('{"a":1}', { associatedData: '' });
    const empty = envelopeOf('', { ciphertext, associated_data: '' });
    const absent = envelopeOf('', { ciphertext, associated_data: undefined });
    assert.ok(readEnvelope(empty).ok);
    assert.ok(readEnvelope(absent).ok);
  });

  test('may have associated data of 128 characters', () => {
    const associatedData = 'x'.repeat(128);
    const ciphertext = seal('{"a":1}', { associatedData });
    assert.ok(readEnvelope(envelopeOf('', { ciphertext, associated_data: associatedData })).ok);
  });

  test('may be of a kind that we do not know', () => {
    const unknown = { ...envelopeOf('{"a":1}'), event_type: 'SOMETHING.NEW' };
    const result = readEnvelope(unknown);
    assert.equal(result.ok && result.value.event_type, 'SOMETHING.NEW');
  });

  test('may hold a large ciphertext, up to the size of its document', () => {
    const attach = 'x'.repeat(700_000);
    assert.ok(readEnvelope(envelopeOf(JSON.stringify({ attach }))).ok);
  });
});

suite('signature problems come first', () => {
  test('a missing header', () => {
    const { 'wechatpay-nonce': _nonce, ...headers } = signedHeaders(body);
    assertProblem(read({ headers, body: Buffer.from(body) }), 'header_missing');
  });

  test('an unknown serial', () => {
    assertProblem(read(signedNotice(body, { serial: otherSerial })), 'unknown_serial');
  });

  test('an account without credentials for APIv3, which knows no serial', () => {
    const none = { ...account, credentials: {} };
    assertProblem(reader.read(none, signedNotice(body), noon), 'unknown_serial');
  });

  test('a stale notice', () => {
    assertProblem(read(signedNotice(body, { timestamp: '1795233299' })), 'clock');
  });

  test('a notice from the future', () => {
    assertProblem(read(signedNotice(body, { timestamp: '1795233901' })), 'clock');
  });

  test('a probe', () => {
    const headers = { ...signedHeaders(body), 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abcd' };
    assertProblem(read({ headers, body: Buffer.from(body) }), 'probe');
  });

  test('a forged body is refused before it is parsed', () => {
    const headers = signedHeaders(body);
    for (const forged of [`${body} `, '', 'null', '{"id":', body.replace('EV-', 'EW-')]) {
      assertProblem(read({ headers, body: Buffer.from(forged) }), 'signature');
    }
  });

  test('any one changed byte of the body is refused', () => {
    const bytes = Buffer.from(body);
    const headers = signedHeaders(body);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(bytes);
        changed[place] = (bytes[place] ?? 0) ^ change;
        const result = read({ headers, body: changed });
        return !result.ok && result.error === 'signature';
      }),
    );
  });
});

suite('a signed body that is no notice is refused', () => {
  test('when it is not a JSON object', () => {
    for (const text of ['', 'null', '[]', '"text"', '17', 'true', '{', `[${body}]`, '<xml/>']) {
      assertProblem(read(signedNotice(text)), 'body', text);
    }
  });

  test('when it is not UTF-8', () => {
    const bytes = Buffer.from(body);
    bytes[bytes.indexOf('支付')] = 0xff;
    assertProblem(read(signedNotice(bytes)), 'body');
  });

  for (const name of ['id', 'event_type', 'create_time', 'resource']) {
    test(`when its ${name} is missing or of another type`, () => {
      for (const value of [undefined, null, 7, '', ['x'], true]) {
        assertProblem(readEnvelope({ ...envelopeOf(), [name]: value }), 'body');
      }
    });
  }

  for (const name of ['algorithm', 'ciphertext', 'nonce']) {
    test(`when its resource's ${name} is missing or of another type`, () => {
      for (const value of [undefined, null, 7, ['x'], {}]) {
        assertProblem(readEnvelope(envelopeOf('{}', { [name]: value })), 'body');
      }
    });
  }

  test("when its resource's associated data is no text", () => {
    for (const value of [null, 7, {}]) {
      assertProblem(readEnvelope(envelopeOf('{}', { associated_data: value })), 'body');
    }
  });

  test('when its id or event type is longer than 64 characters or not printable', () => {
    for (const value of ['x'.repeat(65), 'a b', 'a\nb', '编号']) {
      assertProblem(readEnvelope({ ...envelopeOf(), id: value }), 'body');
      assertProblem(readEnvelope({ ...envelopeOf(), event_type: value }), 'body');
    }
  });

  test('when its create_time has no zone or is no date', () => {
    for (const value of ['2026-11-21T12:00:00', '2026-02-30T12:00:00+08:00', 'yesterday']) {
      assertProblem(readEnvelope({ ...envelopeOf(), create_time: value }), 'body');
    }
  });

  test('when a short text of its resource is longer than 128 characters', () => {
    const word = 'x'.repeat(129);
    for (const name of ['algorithm', 'nonce', 'associated_data']) {
      assertProblem(readEnvelope(envelopeOf('{}', { [name]: word })), 'body');
    }
  });

  test('when it is longer than a notice can be, whoever signed it', () => {
    const longest = Buffer.from(body.padEnd(1_500_000 - Buffer.byteLength(body) + body.length));
    assert.equal(longest.byteLength, 1_500_000);
    assert.ok(read(signedNotice(longest)).ok);
    assertProblem(read(signedNotice(`${longest} `)), 'body');
  });
});

suite('a resource that does not open is refused', () => {
  test('sealed with another key', () => {
    const ciphertext = seal('{}', { key: 'vutsrqponmlkjihgfedcba9876543210' });
    assertProblem(readEnvelope(envelopeOf('', { ciphertext })), 'ciphertext');
  });

  test('with other associated data', () => {
    assertProblem(readEnvelope(envelopeOf('{}', { associated_data: 'refund' })), 'ciphertext');
  });

  test('with another nonce, or none', () => {
    for (const nonce of ['Kj7QIyUiYx1r', '']) {
      assertProblem(readEnvelope(envelopeOf('{}', { nonce })), 'ciphertext');
    }
  });

  test('of another algorithm', () => {
    const algorithm = 'AEAD_SM4_GCM';
    assertProblem(readEnvelope(envelopeOf('{}', { algorithm })), 'ciphertext');
  });

  test('when the plaintext is not a JSON object', () => {
    const notUtf8 = Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]);
    for (const plaintext of ['', 'null', '[]', '"paid"', '{"a":', notUtf8]) {
      assertProblem(readEnvelope(envelopeOf(plaintext)), 'body');
    }
  });
});
