import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { suite, test } from 'node:test';
import { Webhook as Receiver } from 'standardwebhooks';
import { signedHeaders } from '#adapters/webhooks/signature.ts';
import type { Webhook } from '#core/account.ts';
import { eventTypes } from '#core/events.ts';
import { instant, plus } from '#core/values/time.ts';
import {
  delivery,
  deliveryOf,
  ed25519Key,
  hmacKey,
  longHmacKey,
  sentAt,
  signatures,
} from './deliveries.ts';

/** The public key of RFC 8032, section 7.1, test 1. */
const publicKey = createPublicKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  format: 'jwk',
});

function headersOf(keys: Webhook['keys'], message = delivery, now = sentAt) {
  const signed = signedHeaders(keys, message, now);
  assert.ok(signed.ok);
  return signed.value;
}

function verifies(headers: ReturnType<typeof headersOf>, body: string): boolean {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = Buffer.from(headers['webhook-signature'].replace('v1a,', ''), 'base64');
  return verify(null, Buffer.from(content), publicKey, signature);
}

suite('the headers of a delivery', () => {
  test('are the id without full stops, the second of the attempt, and the signatures', () => {
    assert.deepEqual(headersOf([hmacKey]), {
      'webhook-id': 'order#1900000001#A-1001/order_paid/1',
      'webhook-timestamp': '1795233621',
      'webhook-signature': signatures[hmacKey],
    });
  });

  test('name the time of each attempt, and the same id', () => {
    const later = headersOf([hmacKey], delivery, plus(sentAt, 1));
    assert.equal(later['webhook-timestamp'], '1795233622');
    assert.equal(later['webhook-id'], 'order#1900000001#A-1001/order_paid/1');
    assert.notEqual(later['webhook-signature'], signatures[hmacKey]);
  });

  test('keep apart what the ids of events keep apart', () => {
    const ids = eventTypes.flatMap((type) =>
      [`order#19#A_1/${type}/1`, `order#19#A-1/${type}/1`, `order#19#A|*1/${type}/11`].map(
        (id) => headersOf([hmacKey], deliveryOf(id))['webhook-id'],
      ),
    );
    assert.equal(new Set(ids).size, eventTypes.length * 3);
  });

  test('are headers, whatever an id holds', () => {
    const odd = headersOf([hmacKey], deliveryOf('a.b\r\nx-admin: 1\u0000 深圳\u007f#/|*'));
    assert.equal(odd['webhook-id'], 'a_b__x-admin:_1_____#/|*');
  });
});

suite('a signature', () => {
  test('is the one that the tests of the Standard Webhooks libraries expect', () => {
    const message = deliveryOf('msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}');
    const now = instant(1_614_265_330_000);
    const seed = 'whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=';
    assert.equal(
      headersOf([hmacKey, seed], message, now)['webhook-signature'],
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
    );
  });

  test('of whsec_ is taken by the official receiver, and of a changed message is not', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: sentAt });
    const receiver = new Receiver(hmacKey);
    const headers = headersOf([hmacKey]);
    assert.deepEqual(receiver.verify(delivery.body, headers), {
      id: 'order#1900000001#A-1001/order.paid/1',
      data: { shop: '深圳' },
    });
    const refuses = (changes: Partial<typeof headers>, body = delivery.body) =>
      assert.throws(() => receiver.verify(body, { ...headers, ...changes }), /No matching/);
    refuses({}, delivery.body.replace('深', '广'));
    refuses({}, `${delivery.body} `);
    refuses({ 'webhook-id': 'order#1900000001#A-1002/order_paid/1' });
    refuses({ 'webhook-timestamp': '1795233620' });
    assert.throws(() => new Receiver(longHmacKey).verify(delivery.body, headers), /No matching/);
  });

  test('of whsk_ is verified by the public key, and of a changed message is not', () => {
    const headers = headersOf([ed25519Key]);
    assert.equal(headers['webhook-signature'], signatures[ed25519Key]);
    assert.equal(verifies(headers, delivery.body), true);
    assert.equal(verifies(headers, `${delivery.body} `), false);
    assert.equal(verifies({ ...headers, 'webhook-id': 'order#1' }, delivery.body), false);
    assert.equal(verifies({ ...headers, 'webhook-timestamp': '1' }, delivery.body), false);
  });
});

suite('several keys', () => {
  test('all sign, in their order', () => {
    const { 'webhook-signature': signature } = headersOf([longHmacKey, ed25519Key, hmacKey]);
    const parts = [signatures[longHmacKey], signatures[ed25519Key], signatures[hmacKey]];
    assert.equal(signature, parts.join(' '));
  });

  test('are each enough for a receiver that knows one of them', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: sentAt });
    const headers = headersOf([longHmacKey, ed25519Key, hmacKey]);
    for (const known of [longHmacKey, hmacKey]) {
      assert.doesNotThrow(() => new Receiver(known).verify(delivery.body, headers));
    }
    const removed = headersOf([ed25519Key, hmacKey]);
    assert.throws(() => new Receiver(longHmacKey).verify(delivery.body, removed), /No matching/);
  });

  test('sign nothing when one of them is no key', () => {
    for (const key of ['', 'whsec_', 'secret', 'whsk_AAAA', `${hmacKey}=`, ` ${ed25519Key}`]) {
      assert.deepEqual(signedHeaders([hmacKey, key], delivery, sentAt), {
        ok: false,
        error: 'key_invalid',
      });
    }
  });
});
