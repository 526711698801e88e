import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWebhookUrl, readWebhookKey } from '#core/values/webhook.ts';

const https = [
  'https://shop.example/hooks/wechatpay',
  'https://shop.example',
  'https://Shop.Example:8443/?tenant=1&q=a%20b',
  "https://xn--fiq228c.example/a/../b;c=1,2/@me(1)!*'$+~_[x]",
  'https://shop',
  'https://198.51.100.7/hook',
  'https://[2001:db8::7]:8443/hook',
  'https://2130706433/',
];

const refused = [
  undefined,
  null,
  7,
  ['https://shop.example'],
  '',
  'shop.example',
  '//shop.example',
  'https:/shop.example',
  'https:shop.example',
  'https://',
  'https:///hook',
  'http://shop.example/hook',
  'http://localhost:8080/hook',
  'http://127.0.0.2:8080/hook',
  'http://127.0.0.1.example:8080/hook',
  'http://127.0.0.1/hook',
  'http://127.0.0.1:/hook',
  'http://127.0.0.1:08080/hook',
  'http://127.1:8080/hook',
  'http://[::1]:8080/hook',
  'ftp://shop.example/hook',
  'file:///etc/passwd',
  'wss://shop.example/hook',
  'https://user@shop.example/hook',
  'https://user:password@shop.example/hook',
  'https://@shop.example/hook',
  'https://shop.example/hook#top',
  'https://shop.example/hook#',
  'https://shop.example#@other.example/',
  'https://shop.example\\@other.example/',
  'https://shop.example/\\other',
  'https:\\\\shop.example/hook',
  'https://shop.example/a b',
  'https://shop.example/a\tb',
  'https://shop.example/hook\n',
  '\nhttps://shop.example/hook',
  ' https://shop.example/hook',
  'https://shop\r\n.example/hook',
  'https://shop.example/深圳',
  'https://深圳.example/hook',
  'https://１２７.0.0.1/hook',
  'https://%31%32%37.0.0.1/hook',
  'https://shop.example:0/hook',
  'https://shop.example:/hook',
  'https://shop.example:123456/hook',
  'https://shop.example:+443/hook',
  'https://shop..example/hook',
  'https://.shop.example/hook',
  'https://shop.example./hook',
  'https://shop_1.example/hook',
  'https://[fe80::1%25eth0]/hook',
  'https://[::1/hook',
  'https://::1/hook',
  'https://shop.example/"><',
];

const longest = `https://shop.example/${'a'.repeat(2_027)}`;

describe("a webhook's URL", () => {
  for (const url of [...https, longest]) {
    it(`may be ${url.slice(0, 60)}`, () => {
      assert.equal(isWebhookUrl(url, { allowsLoopback: false }), true);
      assert.equal(isWebhookUrl(url, { allowsLoopback: true }), true);
    });
  }

  for (const url of [...refused, `${longest}a`]) {
    it(`may not be ${JSON.stringify(url)?.slice(0, 60)}`, () => {
      assert.equal(isWebhookUrl(url, { allowsLoopback: false }), false);
      assert.equal(isWebhookUrl(url, { allowsLoopback: true }), false);
    });
  }

  it('may be plain HTTP on 127.0.0.1 with a port, where that is allowed and nowhere else', () => {
    for (const url of ['http://127.0.0.1:8080/Hook', 'http://127.0.0.1:65535/hook?tenant=1']) {
      assert.equal(isWebhookUrl(url, { allowsLoopback: true }), true, url);
      assert.equal(isWebhookUrl(url, { allowsLoopback: false }), false, url);
    }
  });
});

/** The bytes 0, 1, 2 … as another program wrote them. */
const bytes = {
  23: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRY=',
  24: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYX',
  25: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA==',
  26: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk=',
  31: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==',
  32: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  33: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g',
  64: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==',
  65: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=',
} as const;

describe("a webhook's key", () => {
  it('is whsec_ and 24 to 64 bytes, or whsk_ and 32', () => {
    for (const size of [24, 25, 26, 31, 32, 33, 64] as const) {
      const read = readWebhookKey(`whsec_${bytes[size]}`);
      assert.deepEqual(read, { ok: true, value: { scheme: 'hmac-sha256', base64: bytes[size] } });
    }
    assert.deepEqual(readWebhookKey(`whsk_${bytes[32]}`), {
      ok: true,
      value: { scheme: 'ed25519', base64: bytes[32] },
    });
  });

  const notKeys: readonly unknown[] = [
    undefined,
    null,
    24,
    [`whsec_${bytes[24]}`],
    '',
    'whsec_',
    'whsk_',
    bytes[32],
    `whpk_${bytes[32]}`,
    `WHSEC_${bytes[24]}`,
    `whsec${bytes[24]}`,
    `whsec_whsec_${bytes[24]}`,
    ` whsec_${bytes[24]}`,
    `whsec_${bytes[23]}`,
    `whsec_${bytes[65]}`,
    `whsk_${bytes[31]}`,
    `whsk_${bytes[33]}`,
    `whsk_${bytes[64]}`,
    `whsec_${bytes[24]}\n`,
    `whsec_${bytes[24]} `,
    `whsec_${bytes[24].slice(0, 16)}\n${bytes[24].slice(16)}`,
    `whsec_${bytes[24]}=`,
    `whsec_${bytes[25].slice(0, -1)}`,
    `whsec_${bytes[25].slice(0, -2)}`,
    `whsec_${bytes[26].slice(0, -1)}`,
    `whsec_${bytes[25]}AAAA`,
    `whsec_${bytes[24]}A`,
    // The same bytes with a bit set that no byte has.
    'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGB==',
    'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBl=',
    // base64url.
    `whsec_${'_-'.repeat(16)}`,
    `whsec_${'é'.repeat(32)}`,
  ];
  for (const key of notKeys) {
    it(`is not ${JSON.stringify(key)}`, () => {
      assert.deepEqual(readWebhookKey(key), { ok: false, error: 'not-a-key' });
    });
  }
});
