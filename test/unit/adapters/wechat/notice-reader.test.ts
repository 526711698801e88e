import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createNoticeReader } from '#adapters/wechat/notice-reader.ts';
import type { Account } from '#core/account.ts';
import { accountOf as v2AccountOf } from './v2/account-support.ts';
import { payment, refundXml, signedXml } from './v2/support.ts';
import { envelopeOf, noon, signedHeaders, accountOf as v3AccountOf } from './v3/support.ts';

const reader = createNoticeReader();
const v2 = v2AccountOf();
const v3 = v3AccountOf();
const both: Account = { ...v3, credentials: { ...v2.credentials, ...v3.credentials } };

function read(account: Account, body: string | Buffer, headers: Record<string, string> = {}) {
  return reader.read(account, { headers, body: Buffer.from(body) }, noon);
}

function readJson(account: Account, body: string) {
  return read(account, body, signedHeaders(body));
}

const json = JSON.stringify(envelopeOf());

suite('an account with the credentials of both', () => {
  test('hears of payments as APIv2 and as APIv3 tell them', () => {
    for (const result of [read(both, signedXml(payment)), readJson(both, json)]) {
      assert.ok(result.ok);
      assert.equal(result.value.event_type, 'TRANSACTION.SUCCESS');
      assert.equal(result.value.resource['out_trade_no'], 'order_000001');
    }
  });

  test('hears of refunds that were made in the console', () => {
    const result = read(both, refundXml());
    assert.ok(result.ok && result.value.event_type === 'REFUND.SUCCESS');
  });

  test('may have white space before either', () => {
    for (const blank of [' ', '\r\n\t ', '\n'.repeat(1000)]) {
      assert.ok(read(both, `${blank}${signedXml(payment)}`).ok);
      assert.ok(readJson(both, `${blank}${json}`).ok);
    }
  });

  test('takes neither for the other, whatever signs it', () => {
    const xml = signedXml(payment);
    assert.deepEqual(read(both, json), { ok: false, error: 'header_missing' });
    assert.ok(read(both, xml, signedHeaders(xml)).ok, 'headers of APIv3 change nothing');
    for (const text of [`{}${xml}`, `\ufeff${xml}`, `"${xml}"`, `\u00a0${xml}`]) {
      assert.deepEqual(readJson(both, text), { ok: false, error: 'body' });
      assert.deepEqual(read(both, text), { ok: false, error: 'header_missing' });
    }
    for (const text of [`<${json}`, `<!--${json}-->`, `<xml>${json}</xml>`]) {
      assert.deepEqual(readJson(both, text), { ok: false, error: 'body' });
    }
  });

  test('refuses an empty body and nothing but white space', () => {
    for (const text of ['', ' ', '\n'.repeat(70_000)]) {
      assert.deepEqual(read(both, text), { ok: false, error: 'header_missing' });
    }
  });

  test('keeps the bounds of each: 64 KB of XML, 1.5 MB of JSON', () => {
    assert.deepEqual(read(both, `<${' '.repeat(65_536)}`), { ok: false, error: 'body' });
    assert.ok(readJson(both, json.padEnd(1_000_000)).ok);
    assert.deepEqual(readJson(both, json.padEnd(1_500_000)), { ok: false, error: 'body' });
  });
});

suite('an account without the credentials of a kind', () => {
  test('refuses it as signed with a key that it does not know', () => {
    assert.deepEqual(read(v3, signedXml(payment)), { ok: false, error: 'unknown_serial' });
    assert.deepEqual(read(v3, refundXml()), { ok: false, error: 'unknown_serial' });
    assert.deepEqual(readJson(v2, json), { ok: false, error: 'unknown_serial' });
  });

  test('takes the other kind', () => {
    assert.ok(read(v2, signedXml(payment)).ok);
    assert.ok(readJson(v3, json).ok);
  });
});
