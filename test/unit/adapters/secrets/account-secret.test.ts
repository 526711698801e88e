import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeAccount } from '#adapters/secrets/account-secret.ts';
import { isAppError } from '#core/errors.ts';
import { isAccountName } from '#core/values/ids.ts';
import { valid } from '../../../support/order-builder.ts';

const name = valid('shop', isAccountName);
const deployed = { allowsLoopback: false };
const laptop = { allowsLoopback: true };
const pem = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n';
const secret = {
  mchid: '1900000001',
  appids: ['wxd678efh567hg6787'],
  tenant: 'tenant-1',
  api: 'v3',
  apiV3Key: '0123456789abcdef0123456789abcdef',
  merchantSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  merchantPrivateKey: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
  wechatpayKeys: { PUB_KEY_ID_0114232134912410000000000000: pem },
};

/** Refused wherever it runs, in words that name the field and nothing else. */
function refuses(fields: Readonly<Record<string, unknown>>, field: string) {
  refusesText(JSON.stringify({ ...secret, ...fields }), field);
}

function refusesText(text: string, field: string) {
  for (const rules of [deployed, laptop]) {
    assert.throws(
      () => decodeAccount(name, text, rules),
      (error) => {
        assert.ok(isAppError(error));
        assert.equal(error.code, 'account_invalid');
        assert.equal(error.message, `The secret of account shop is wrong at ${field}.`);
        return true;
      },
      text,
    );
  }
}

suite("an account's secret", () => {
  test('that names no policies gives back what must not be kept', () => {
    const { latePolicy, duplicatePolicy } = decodeAccount(name, JSON.stringify(secret), deployed);
    assert.deepEqual([latePolicy, duplicatePolicy], ['refund', 'refund']);
  });

  test('names its policies', () => {
    for (const latePolicy of ['refund', 'hold', 'fulfil']) {
      for (const duplicatePolicy of ['refund', 'hold']) {
        const policies = { latePolicy, duplicatePolicy };
        const account = decodeAccount(name, JSON.stringify({ ...secret, ...policies }), deployed);
        assert.deepEqual(
          [account.latePolicy, account.duplicatePolicy],
          [latePolicy, duplicatePolicy],
        );
      }
    }
  });

  const wrong: readonly (readonly [
    keyof typeof secret | 'latePolicy' | 'duplicatePolicy',
    unknown[],
  ])[] = [
    ['mchid', [undefined, 1_900_000_001, '', '1900000', 'a1900000001']],
    ['appids', [undefined, [], 'wxd678efh567hg6787', [''], ['wx 1'], new Array(51).fill('wx1')]],
    ['tenant', [undefined, '', 'tenant#1', 'x'.repeat(65)]],
    ['api', [undefined, 'v1', 'V3']],
    ['latePolicy', ['', 'keep', null, true]],
    ['duplicatePolicy', ['', 'fulfil', null, true]],
    ['apiV3Key', [undefined, '', '0123456789abcdef', '0123456789abcdef0123456789abcdef0']],
    ['merchantSerial', [undefined, '', '5157F09EFDC096D', 'not hexadecimal, but long']],
    ['merchantPrivateKey', [undefined, '', 'MIIE']],
    ['wechatpayKeys', [undefined, {}, [], { PUB_KEY_ID_1: 'MIIB' }]],
  ];
  for (const [field, values] of wrong) {
    test(`is refused for ${field}, which is named, and its value is not`, () => {
      for (const value of values) {
        refuses({ [field]: value }, field);
      }
    });
  }

  test('that is no JSON object is refused', () => {
    for (const text of ['', '[]', '"v3"', '{"mchid":']) {
      assert.throws(() => decodeAccount(name, text, deployed), /wrong at \(not an object\)\.$/);
    }
  });
});

const v2Fields = {
  apiKey: '8934e7d15453e97507ef794cf7b0519d',
  signType: 'HMAC-SHA256',
  merchantCertificate: '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n',
};
const { mchid, appids, tenant, merchantPrivateKey } = secret;
const v2Secret = { mchid, appids, tenant, api: 'v2', merchantPrivateKey, ...v2Fields };
const v2Credentials = {
  apiKey: v2Fields.apiKey,
  signType: v2Fields.signType,
  certificate: { certificate: v2Fields.merchantCertificate, privateKey: merchantPrivateKey },
};
const merchantP12 = 'MIIJ'.repeat(20);

function credentialsOf(fields: object) {
  return decodeAccount(name, JSON.stringify(fields), deployed).credentials;
}

suite("an account's credentials", () => {
  test('of APIv3 alone', () => {
    const { v3, v2 } = credentialsOf(secret);
    const { apiV3Key, merchantSerial, wechatpayKeys } = secret;
    assert.deepEqual(v3, { apiV3Key, merchantSerial, merchantPrivateKey, wechatpayKeys });
    assert.equal(v2, undefined);
  });

  test('of APIv2 alone', () => {
    assert.deepEqual(credentialsOf(v2Secret), { v2: v2Credentials });
  });

  test('of both, whichever places its orders', () => {
    for (const api of ['v3', 'v2']) {
      const { v3, v2 } = credentialsOf({ ...secret, ...v2Fields, api });
      assert.equal(v3?.apiV3Key, secret.apiV3Key);
      assert.deepEqual(v2, v2Credentials);
    }
  });

  test('with the certificate as the console hands it out', () => {
    const { merchantCertificate: _, ...fields } = { ...v2Secret, merchantP12 };
    assert.deepEqual(credentialsOf(fields).v2?.certificate, { p12: merchantP12 });
  });

  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    apiKey: [
      undefined,
      '',
      '8934e7d15453e97507ef794cf7b0519',
      `${v2Fields.apiKey} `,
      'é'.repeat(16),
    ],
    signType: [undefined, '', 'md5', 'HMAC-SHA1', 'RSA', ['MD5']],
    merchantCertificate: [undefined, '', 'MIID'],
    merchantPrivateKey: [undefined, '', 'MIIE'],
    merchantP12: [null, '', 'MIIJ', 'not base64'],
  };
  for (const [field, values] of Object.entries(wrong)) {
    test(`are refused for ${field}, which is named, and its value is not`, () => {
      for (const value of values) {
        refusesText(JSON.stringify({ ...v2Secret, [field]: value }), field);
      }
    });
  }

  test('are refused when some of the other API are named and others not', () => {
    refuses({ apiKey: v2Fields.apiKey }, 'signType');
    refuses({ merchantP12 }, 'apiKey');
    const { apiV3Key, merchantSerial } = secret;
    refusesText(JSON.stringify({ ...v2Secret, apiV3Key }), 'merchantSerial');
    refusesText(JSON.stringify({ ...v2Secret, apiV3Key, merchantSerial }), 'wechatpayKeys');
  });
});

const hmacKeys = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX',
  'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
] as const;
const ed25519Key = 'whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=';
const url = 'https://shop.example/hooks/wechatpay?tenant=1';

function webhookOf(webhook: unknown, rules = deployed) {
  return decodeAccount(name, JSON.stringify({ ...secret, webhook }), rules).webhook;
}

suite("an account's webhook", () => {
  test('is absent where the secret names none', () => {
    const account = decodeAccount(name, JSON.stringify(secret), deployed);
    assert.equal(Object.hasOwn(account, 'webhook'), false);
  });

  test('is an HTTPS URL and one to four keys', () => {
    for (const keys of [[hmacKeys[0]], [ed25519Key], [...hmacKeys, ed25519Key]]) {
      assert.deepEqual(webhookOf({ url, keys }), { url, keys });
    }
  });

  test('may be plain HTTP on 127.0.0.1 on a laptop only', () => {
    const webhook = { url: 'http://127.0.0.1:8080/hook', keys: [ed25519Key] };
    assert.deepEqual(webhookOf(webhook, laptop), webhook);
    assert.throws(() => webhookOf(webhook), /^AppError: .* is wrong at webhook\.$/);
  });

  const keys = [hmacKeys[0]];
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    'no object': [null, '', url, true, 1, [], [url]],
    'not whole': [{}, { url }, { keys }, { url: undefined, keys }, { url, keys: undefined }],
    'more than url and keys': [
      { url, keys, key: hmacKeys[0] },
      { url, keys, enabled: false },
      { url, keys, Url: url },
    ],
    misspelt: [
      { URL: url, keys },
      { url, key: keys },
    ],
    'of another URL': [
      '',
      null,
      [url],
      'shop.example',
      'http://shop.example/',
      'http://localhost:8080/',
      'https://user:password@shop.example/',
      'https://shop.example/#top',
      'https://1.2.3.400/',
      'https://shop.example:65536/',
      'https://[:::]/',
      `https://shop.example/${'a'.repeat(2_028)}`,
    ].map((other) => ({ url: other, keys })),
    'of other keys': [
      [],
      null,
      hmacKeys[0],
      { 0: hmacKeys[0] },
      [null],
      [''],
      [hmacKeys[0], ''],
      [[hmacKeys[0]]],
      ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      ['whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='],
      ['whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY='],
      ['whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGB=='],
      ['whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      [...hmacKeys, ed25519Key, 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA=='],
    ].map((other) => ({ url, keys: other })),
    'of a key twice': [
      [hmacKeys[0], hmacKeys[0]],
      [hmacKeys[0], ed25519Key, hmacKeys[0]],
      [hmacKeys[2], 'whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
    ].map((other) => ({ url, keys: other })),
  };
  for (const [what, webhooks] of Object.entries(wrong)) {
    test(`that is ${what} is refused, and neither URL nor key is named`, () => {
      for (const webhook of webhooks) {
        refuses({ webhook }, 'webhook');
      }
    });
  }
});
