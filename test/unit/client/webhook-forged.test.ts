import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { createWebhookVerifier } from '../../../client/src/index.ts';
import { eventText } from './events.ts';
import {
  body,
  ed,
  ed25519,
  headersOf,
  hmac,
  id,
  nowSeconds,
  otherEd25519,
  otherSecret,
  publicKey,
  refuse,
  secret,
  verifierOf,
} from './signing.ts';

describe('a webhook that is forged', () => {
  const flipped = (signature: string): string => {
    const [version = '', base64 = ''] = signature.split(',');
    const bytes = Buffer.from(base64, 'base64');
    bytes[31] = (bytes[31] ?? 0) ^ 1;
    return `${version},${bytes.toString('base64')}`;
  };
  const [, hmacBase64 = ''] = hmac().split(',');
  const [, edBase64 = ''] = ed().split(',');

  for (const [what, signature] of [
    ['signed with another secret', hmac({}, otherSecret)],
    ['signed with another key pair', ed({}, otherEd25519.privateKey)],
    ['signed for another body', hmac({ body: '{}' })],
    ['signed for another id', hmac({ id: 'order#1900000001#A-1002/order_paid/1' })],
    ['one bit off (HMAC)', flipped(hmac())],
    ['one bit off (Ed25519)', flipped(ed())],
    ['an HMAC under the other version', `v1a,${hmacBase64}`],
    ['an Ed25519 signature under the other version', `v1,${edBase64}`],
    [
      'half a signature',
      `v1,${Buffer.from(hmacBase64, 'base64').subarray(0, 16).toString('base64')}`,
    ],
    [
      'a longer signature',
      `v1,${Buffer.concat([Buffer.from(hmacBase64, 'base64'), Buffer.alloc(1)]).toString('base64')}`,
    ],
    ['an empty signature', 'v1,'],
    ['no version', hmacBase64],
    ['a version in capitals', `V1,${hmacBase64}`],
    ['a signature with something behind', `${hmac()},x`],
    ['signatures with commas between', `${hmac({}, otherSecret)},${hmac()}`],
    ['hexadecimal', `v1,${Buffer.from(hmacBase64, 'base64').toString('hex')}`],
    ['base64 without its end', hmac().replace(/=+$/, '')],
    ['base64 with a line break', `${hmac()}\n`],
    [
      'zeros',
      `v1,${Buffer.alloc(32).toString('base64')} v1a,${Buffer.alloc(64).toString('base64')}`,
    ],
    ['a list of nothing', '   '],
  ] as const) {
    it(`is refused: ${what}`, () => refuse('no_match', headersOf(signature)));
  }

  it('is refused when the body is not byte by byte the same', async () => {
    for (const changed of [
      body.replace('8800', '8801'),
      `${body} `,
      `\ufeff${body}`,
      JSON.stringify(JSON.parse(body), undefined, 1),
      '',
    ]) {
      await refuse('no_match', headersOf(`${hmac()} ${ed()}`), changed);
    }
  });

  it('is refused when parts of what was signed change places', async () => {
    const moved = { id, timestamp: nowSeconds, body: `1.${body}` };
    await refuse('no_match', headersOf(hmac(moved)), body);
    const short = { id, timestamp: 1, body: `${nowSeconds}.${body}` };
    await refuse('no_match', headersOf(hmac(short)), body);
  });

  it('is not taken for a key that is only named alike', () =>
    refuse('no_match', headersOf(hmac()), body, { keys: [publicKey] }));
});

describe('a webhook that is signed but no event of ours', () => {
  for (const [what, text] of [
    ['is no JSON', 'hello'],
    ['is empty', ''],
    ['is an older envelope', JSON.stringify({ type: 'order.paid', data: {} })],
    ['lacks a field', eventText('order.paid', { data: { amount: undefined } })],
  ] as const) {
    it(`is refused: its body ${what}`, () =>
      refuse('malformed', headersOf(hmac({ body: text })), text));
  }

  it('is refused: its body is no UTF-8', async () => {
    const bytes = Buffer.from(eventText('order.paid', { data: { reference: '\xff' } }), 'latin1');
    const content = Buffer.concat([Buffer.from(`${id}.${nowSeconds}.`), bytes]);
    const signature = `v1a,${sign(null, content, ed25519.privateKey).toString('base64')}`;
    await refuse('malformed', headersOf(signature), bytes);
  });

  for (const foreign of [
    'order#1900000001#A-1002/order_paid/1',
    'order#1900000001#A-1001/order_paid/2',
    'order#1900000001#A-1001/order_closed/1',
    'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  ]) {
    it(`is refused: it was signed as ${foreign}`, () =>
      refuse('foreign_id', headersOf(hmac({ id: foreign }), { id: foreign })));
  }
});

describe('the options of a verifier', () => {
  for (const [what, keys] of [
    ['no key', []],
    ['an empty key', ['']],
    ['a key without its kind', [secret.slice('whsec_'.length)]],
    ['a private key', [`whsk_${Buffer.alloc(32, 1).toString('base64')}`]],
    ['a secret of 23 bytes', [`whsec_${Buffer.alloc(23, 1).toString('base64')}`]],
    ['a secret of 65 bytes', [`whsec_${Buffer.alloc(65, 1).toString('base64')}`]],
    ['an empty secret', ['whsec_']],
    ['a public key of 31 bytes', [`whpk_${Buffer.alloc(31, 1).toString('base64')}`]],
    ['a public key as PEM', [String(ed25519.publicKey.export({ format: 'pem', type: 'spki' }))]],
    [
      'a public key as DER',
      [`whpk_${ed25519.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}`],
    ],
    ['base64url', [`whsec_${Buffer.alloc(32, 0xff).toString('base64url')}`]],
    ['a blank behind', [`${secret} `]],
    ['bits that mean nothing', [`whsec_${'A'.repeat(42)}B=`]],
    ['a good key and a bad one', [secret, 'whsec_x']],
  ] as const) {
    it(`may not be ${what}`, () => {
      assert.throws(
        () => createWebhookVerifier({ keys }),
        (error) =>
          error instanceof TypeError &&
          keys.every((key) => key.length < 8 || !error.message.includes(key.slice(6))),
      );
    });
  }

  for (const toleranceSeconds of [0, -1, 901, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`may not be a tolerance of ${toleranceSeconds} s`, () => {
      assert.throws(() => verifierOf({ toleranceSeconds }), {
        name: 'TypeError',
        message: /toleranceSeconds/,
      });
    });
  }

  for (const size of [24, 64]) {
    it(`may be a secret of ${size} bytes`, async () => {
      const key = `whsec_${Buffer.alloc(size, 3).toString('base64')}`;
      await verifierOf({ keys: [key] }).verify(headersOf(hmac({}, key)), body);
    });
  }
});
