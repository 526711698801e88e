import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  isSignedBy,
  signAppPayment,
  signatureOf,
  signJsapiPayment,
} from '#adapters/wechat/v2/signing.ts';
import type { SignType } from '#core/account.ts';
import { isAppError } from '#core/errors.ts';
import { accountOf, apiKey } from './account-support.ts';
import { otherKey, payment, signOf, type Values } from './support.ts';

function signature(values: Values, signType: SignType = 'MD5'): string {
  return signatureOf(Object.entries(values), apiKey, signType);
}

function isSigned(values: Values, signType: SignType = 'MD5'): boolean {
  return isSignedBy(new Map(Object.entries(values)), accountOf({ signType }).credentials.v2);
}

const md5 = signOf(payment);
const hmac = signOf(payment, { signType: 'HMAC-SHA256' });

suite('a signature', () => {
  test('is upper-case hex, of 32 characters by MD5 and 64 by HMAC', () => {
    assert.match(signature(payment), /^[0-9A-F]{32}$/);
    assert.match(signature(payment, 'HMAC-SHA256'), /^[0-9A-F]{64}$/);
  });

  test('is the same in whatever order the fields come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(payment), { minLength: 20 }), (entries) => {
        assert.equal(signatureOf(entries, apiKey, 'MD5'), md5);
      }),
    );
  });

  test('leaves out the sign itself and what has no value, but neither 0 nor a blank', () => {
    assert.equal(signature({ ...payment, sign: 'x', receipt: '', zero_fee: '' }), md5);
    for (const value of ['0', ' ', 'false', 'null']) {
      assert.notEqual(signature({ ...payment, receipt: value }), md5);
    }
  });

  test('covers sign_type when it is there', () => {
    assert.notEqual(signature({ ...payment, sign_type: 'MD5' }), md5);
  });

  test('sorts upper case first, and a name before the longer one that it begins', () => {
    const values = { b_1: '4', b: '3', b1: '5', B: '1', _: '2', a10: '8', a1: '7' };
    const text = `B=1&_=2&a1=7&a10=8&b=3&b1=5&b_1=4&key=${apiKey}`;
    assert.equal(signature(values), createHash('md5').update(text).digest('hex').toUpperCase());
  });

  test('agrees with another program about any fields, UTF-8 and all', () => {
    const names = fc
      .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/)
      .filter((n) => n !== '__proto__');
    const values = fc.dictionary(names, fc.string({ unit: 'grapheme', maxLength: 20 }));
    const signTypes = fc.constantFrom<SignType>('MD5', 'HMAC-SHA256');
    fc.assert(
      fc.property(values, signTypes, (given, signType) => {
        assert.equal(signature(given, signType), signOf(given, { signType }));
      }),
    );
  });

  test('is another with another key, by both ways', () => {
    for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
      const entries = Object.entries(payment);
      assert.notEqual(
        signatureOf(entries, apiKey, signType),
        signatureOf(entries, otherKey, signType),
      );
    }
  });
});

suite('isSignedBy', () => {
  test('accepts what is signed in the one way of the account', () => {
    assert.ok(isSigned({ ...payment, sign: md5 }));
    assert.ok(isSigned({ ...payment, sign: hmac }, 'HMAC-SHA256'));
  });

  test('accepts the sign_type that the account has, signed too', () => {
    for (const sign_type of ['MD5', 'HMAC-SHA256'] as const) {
      const named = { ...payment, sign_type };
      const sign = signOf(named, { signType: sign_type });
      assert.ok(isSigned({ ...named, sign }, sign_type));
    }
  });

  test('takes an empty sign_type for none, as the signature does', () => {
    assert.ok(isSigned({ ...payment, sign: md5, sign_type: '' }));
    assert.equal(isSigned({ ...payment, sign: md5, sign_type: '' }, 'HMAC-SHA256'), false);
  });

  test('refuses the other way, though the key is right', () => {
    assert.equal(isSigned({ ...payment, sign: md5 }, 'HMAC-SHA256'), false);
    assert.equal(isSigned({ ...payment, sign: hmac }, 'MD5'), false);
  });

  test('refuses a sign_type that is not the account, however it is signed', () => {
    for (const sign_type of ['MD5', 'md5', 'HMAC-SHA256', 'SHA1', 'RSA', ' ', 'HMAC-SHA256 ']) {
      for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
        const named = { ...payment, sign_type };
        const sign = signOf(named, { signType });
        assert.equal(
          isSigned({ ...named, sign }, 'MD5'),
          sign_type === 'MD5' && signType === 'MD5',
        );
      }
    }
    const downgraded = { ...payment, sign_type: 'MD5' };
    assert.equal(isSigned({ ...downgraded, sign: signOf(downgraded) }, 'HMAC-SHA256'), false);
  });

  test('refuses no sign and an empty one', () => {
    assert.equal(isSigned(payment), false);
    assert.equal(isSigned({ ...payment, sign: '' }), false);
    assert.equal(isSigned({}), false);
  });

  test('refuses a sign of another length, of other letters, or with something around it', () => {
    const first = md5.slice(0, 1) === 'F' ? 'E' : 'F';
    const signs = [
      md5.toLowerCase(),
      md5.slice(0, 31),
      md5.slice(1),
      `${md5}0`,
      `${md5}${md5}`,
      ` ${md5}`,
      `${md5}\n`,
      `${first}${md5.slice(1)}`,
      `${md5.slice(0, 31)}\u0141`,
      '支付'.repeat(16),
      '0'.repeat(32),
      'undefined',
    ];
    for (const sign of signs) {
      assert.equal(isSigned({ ...payment, sign }), false, sign);
    }
  });

  test('refuses any one changed, added or removed field', () => {
    for (const [name, value] of Object.entries(payment)) {
      const { [name]: _, ...rest } = payment;
      assert.equal(isSigned({ ...rest, sign: md5 }), false, name);
      assert.equal(isSigned({ ...payment, [name]: `${value} `, sign: md5 }), false, name);
      assert.equal(isSigned({ ...rest, [`x${name}`]: value, sign: md5 }), false, name);
    }
    assert.equal(isSigned({ ...payment, sub_mch_id: '1900007292', sign: md5 }), false);
  });

  test('refuses the signature of another key', () => {
    assert.equal(isSigned({ ...payment, sign: signOf(payment, { key: otherKey }) }), false);
    assert.equal(isSigned({ ...payment, sign: signOf(payment, { key: '' }) }), false);
  });
});

const prepaid = { appid: 'wx2421b1c4370ec43b', prepay_id: 'wx2014102720093955' };
const stamp = { timestamp: '1795233600', nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };

suite('payment parameters', () => {
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    test(`of JSAPI are signed by ${signType}, which they name and sign`, () => {
      const { paySign, ...rest } = signJsapiPayment(accountOf({ signType }), prepaid, stamp);
      assert.deepEqual(rest, {
        appId: 'wx2421b1c4370ec43b',
        timeStamp: '1795233600',
        nonceStr: '593BEC0C930BF1AFEB40B4A08C8FB242',
        package: 'prepay_id=wx2014102720093955',
        signType,
      });
      assert.equal(paySign, signOf(rest, { signType }));
    });

    test(`of an app are signed by ${signType}, over their own names`, () => {
      const { sign, ...rest } = signAppPayment(accountOf({ signType }), prepaid, stamp);
      assert.deepEqual(rest, {
        appid: 'wx2421b1c4370ec43b',
        partnerid: '1900007291',
        prepayid: 'wx2014102720093955',
        package: 'Sign=WXPay',
        noncestr: '593BEC0C930BF1AFEB40B4A08C8FB242',
        timestamp: '1795233600',
      });
      assert.equal(sign, signOf(rest, { signType }));
    });
  }

  for (const signPayment of [signJsapiPayment, signAppPayment]) {
    test(`end in account_invalid without credentials of APIv2, ${signPayment.name}`, () => {
      const account = { ...accountOf(), credentials: {} };
      assert.throws(
        () => signPayment(account, prepaid, stamp),
        (error) =>
          isAppError(error) && error.code === 'account_invalid' && /APIv2/.test(error.message),
      );
    });
  }
});
