import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWebhookVerifier, type WebhookHeaders } from '../../../client/src/index.ts';
import { eventText } from './events.ts';
import {
  body,
  ed,
  headersOf,
  hmac,
  id,
  nowSeconds,
  otherEd25519,
  otherSecret,
  publicKeyOf,
  refuse,
  secret,
  verifierOf,
} from './signing.ts';

describe('a webhook', () => {
  for (const [what, signature] of [
    ['HMAC-SHA256', hmac()],
    ['Ed25519', ed()],
    ['both', `${hmac()} ${ed()}`],
    ['a key that we do not have and one that we have', `${hmac({}, otherSecret)} ${ed()}`],
    ['a version that we do not know and one that we know', `v2,AAAA v1b,x ${hmac()}`],
    ['two keys with a list that has gaps', ` ${hmac()}  ${ed()} `],
  ] as const) {
    it(`is taken when it is signed with ${what}`, async () => {
      const event = await verifierOf().verify(headersOf(signature), body);
      assert.deepEqual(event, JSON.parse(body));
    });
  }

  it('is taken when one of several keys has signed', async () => {
    const keys = [otherSecret, publicKeyOf(otherEd25519.publicKey), secret];
    await verifierOf({ keys }).verify(headersOf(hmac()), body);
    await refuse('no_match', headersOf(ed()), body, { keys });
  });

  it('is taken as bytes, as a part of a larger buffer, and as text', async () => {
    const text = eventText('order.paid', { data: { reference: '茶-77' } });
    const bytes = new TextEncoder().encode(`xx${text}xx`);
    const part = bytes.subarray(2, bytes.length - 2);
    for (const raw of [text, part, Buffer.from(text)]) {
      const event = await verifierOf().verify(headersOf(hmac({ body: text })), raw);
      assert.equal(event.type === 'order.paid' && event.data.reference, '茶-77');
    }
  });

  const headers = headersOf(hmac());
  const given: readonly (readonly [string, WebhookHeaders])[] = [
    ['Headers', new Headers(headers)],
    [
      'names in other letters',
      {
        'Webhook-Id': id,
        'WEBHOOK-TIMESTAMP': String(nowSeconds),
        'wEbHoOk-signature': hmac(),
      },
    ],
    [
      'lists of one',
      {
        'webhook-id': [id],
        'webhook-timestamp': [String(nowSeconds)],
        'webhook-signature': [hmac()],
      },
    ],
    ['others beside', { ...headers, get: 'x', host: undefined, cookie: ['a', 'b'] }],
    ['an empty one that repeats', { ...headers, 'Webhook-Id': '', 'WEBHOOK-ID': undefined }],
  ];
  for (const [what, some] of given) {
    it(`is taken with headers given as ${what}`, async () => {
      await verifierOf().verify(some, body);
    });
  }

  it('is what was verified, whatever becomes of the caller’s bytes meanwhile', async () => {
    const bytes = Buffer.from(body);
    const verifying = verifierOf().verify(headersOf(hmac()), bytes);
    bytes.write(eventText('order.paid', { number: 'B-6666' }));
    const event = await verifying;
    assert.equal(event.subject, 'order#1900000001#A-1001');
  });

  it('of an unknown type is readable', async () => {
    const frozen = eventText('order.frozen');
    const sent = { id: 'order#1900000001#A-1001/order_frozen/1', body: frozen };
    const event = await verifierOf().verify(headersOf(hmac(sent), sent), frozen);
    assert.equal(event.type === 'unknown' && event.unknown_type, 'order.frozen');
  });
});

describe('a webhook without its headers', () => {
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    for (const [what, value] of [
      ['lacks', undefined],
      ['has an empty', ''],
      ['has an empty list for', []],
    ] as const) {
      it(`is refused: it ${what} ${name}`, () =>
        refuse('missing_header', { ...headersOf(hmac()), [name]: value }));
    }

    it(`is refused: Headers lack ${name}`, () => {
      const headers = new Headers(headersOf(hmac()));
      headers.delete(name);
      return refuse('missing_header', headers);
    });

    it(`is refused: it has two ${name}`, async () => {
      const headers = new Map<string, string>(Object.entries(headersOf(hmac())));
      const value = headers.get(name) ?? assert.fail();
      await refuse('malformed_header', { ...headersOf(hmac()), [name]: [value, value] });
      await refuse('malformed_header', { ...headersOf(hmac()), [name.toUpperCase()]: value });
    });
  }

  it('is refused: it has none', () => refuse('missing_header', {}));

  for (const timestamp of [
    'now',
    '1e9',
    `${nowSeconds}.0`,
    ` ${nowSeconds}`,
    `+${nowSeconds}`,
    `-${nowSeconds}`,
    `${nowSeconds}, ${nowSeconds}`,
    '0x6b015f95',
    '9'.repeat(13),
    new Date(nowSeconds * 1_000).toISOString(),
  ]) {
    it(`is refused: its time is ${timestamp}`, () =>
      refuse('malformed_header', { ...headersOf(hmac()), 'webhook-timestamp': timestamp }));
  }

  for (const wrong of [
    'order#1900000001#A-1001/order.paid/1',
    `${id}, ${id}`,
    `${id}\n`,
    'x'.repeat(257),
  ]) {
    it(`is refused: its id is ${JSON.stringify(wrong).slice(0, 60)}`, () =>
      refuse('malformed_header', headersOf(hmac({ id: wrong }), { id: wrong })));
  }

  it('is refused: it has more signatures than anybody needs', async () => {
    const fifteen = `${`${hmac({}, otherSecret)} `.repeat(15)}`;
    await verifierOf().verify(headersOf(`${fifteen}${hmac()}`), body);
    await refuse('malformed_header', headersOf(`${fifteen}v1,x ${hmac()}`));
  });
});

describe('a webhook that is replayed', () => {
  for (const signed of [hmac, ed]) {
    it(`is taken up to 5 min later and earlier (${signed.name})`, async () => {
      for (const seconds of [-300, 300]) {
        const sent = { timestamp: nowSeconds + seconds };
        await verifierOf().verify(headersOf(signed(sent), sent), body);
      }
    });

    it(`is refused later than that (${signed.name})`, () => {
      const sent = { timestamp: nowSeconds - 301 };
      return refuse('too_old', headersOf(signed(sent), sent));
    });

    it(`is refused earlier than that (${signed.name})`, () => {
      const sent = { timestamp: nowSeconds + 301 };
      return refuse('too_new', headersOf(signed(sent), sent));
    });
  }

  it('is refused with another time than it was signed with', () =>
    refuse('no_match', headersOf(hmac({ timestamp: nowSeconds - 301 }))));

  it('is refused by a clock that does not go', () =>
    refuse('too_old', headersOf(hmac()), body, { now: () => Number.NaN }));

  it('may be given less time, or more', async () => {
    const sent = { timestamp: nowSeconds - 11 };
    await refuse('too_old', headersOf(hmac(sent), sent), body, { toleranceSeconds: 10 });
    const old = { timestamp: nowSeconds - 900 };
    await verifierOf({ toleranceSeconds: 900 }).verify(headersOf(hmac(old), old), body);
  });

  it('is judged by this machine’s clock when no other is given', async () => {
    const { verify } = createWebhookVerifier({ keys: [secret] });
    const sent = { timestamp: Math.floor(Date.now() / 1_000) };
    await verify(headersOf(hmac(sent), sent), body);
    await assert.rejects(verify(headersOf(hmac()), body), { code: /^too_(old|new)$/ });
  });
});
