import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createNoticeReader } from '#adapters/wechat/notice-reader.ts';
import { receiveNotice } from '#app/receive-notice.ts';
import type { Account } from '#core/account.ts';
import type { NoticeProblem } from '#core/notices.ts';
import { fail, ok } from '#core/result.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { accountOf } from '../adapters/wechat/v2/account-support.ts';
import {
  elementsOf,
  payment,
  refund,
  refundXml,
  seal,
  signedXml,
  signOf,
  type Values,
  xmlOf,
} from '../adapters/wechat/v2/support.ts';

// The whole way of an APIv2 callback from its bytes to the queue.

const account = accountOf();
const careful = accountOf({ signType: 'HMAC-SHA256' });

async function receive(body: string | Buffer, receiver: Account = account) {
  const bed = createTestBed([receiver]);
  const ports = { ...bed, reader: createNoticeReader() };
  const raw = { headers: {}, body: Buffer.from(body) };
  return { bed, result: await receiveNotice(ports, receiver.name, raw) };
}

suite('a callback of APIv2', () => {
  test('about a payment leaves one hint, with no amount and no payer', async () => {
    const { bed, result } = await receive(signedXml(payment));
    assert.deepEqual(result, ok(undefined));
    assert.deepEqual(bed.hints.messages(), [
      {
        type: 'hint',
        account: 'main',
        subject: { kind: 'order', mchid: '1900007291', number: 'order_000001' },
        reason: 'notice',
        says: 'SUCCESS',
      },
    ]);
    assert.equal(bed.telemetry.countOf('notice_accepted', 'hint'), 1);
  });

  test('about a payment with another result leaves a hint that says nothing', async () => {
    const { bed } = await receive(signedXml({ ...payment, result_code: 'FAIL' }));
    const [message] = bed.hints.messages();
    assert.ok(message?.type === 'hint' && message.says === undefined);
  });

  test('about a refund leaves a hint in the words of the query', async () => {
    const { bed } = await receive(refundXml({ ...refund, refund_status: 'CHANGE' }));
    assert.deepEqual(bed.hints.messages(), [
      {
        type: 'hint',
        account: 'main',
        subject: { kind: 'refund', mchid: '1900007291', number: 'refund|1@desk' },
        reason: 'notice',
        says: 'ABNORMAL',
      },
    ]);
  });

  test('about something else leaves a note without its content', async () => {
    const { out_trade_no: _, ...contract }: Values = { ...payment, contract_id: 'Wx154635112520' };
    const { bed, result } = await receive(signedXml(contract));
    assert.deepEqual(result, ok(undefined));
    const [message] = bed.hints.messages();
    assert.ok(message?.type === 'unhandled-notice');
    assert.equal(message.event_type, 'V2.UNKNOWN');
    assert.match(message.subject.number, /^V2-[\w-]{43}$/);
    assert.equal(bed.hints.queued()[0]?.body.includes('Wx1546'), false);
  });

  test('that arrives twice leaves the same twice', async () => {
    const { out_trade_no: _, ...contract } = payment;
    for (const body of [signedXml(payment), refundXml(), signedXml(contract)]) {
      const [one, other] = [await receive(body), await receive(body)];
      assert.deepEqual(one.bed.hints.messages(), other.bed.hints.messages());
      assert.equal(one.bed.hints.sends(), 1);
    }
  });
});

const inner = elementsOf({ ...payment, sign: signOf(payment) });
const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);
const laughs = `<!DOCTYPE xml [<!ENTITY l0 "lol">${levels.join('')}]>`;
const external = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
const parameter = '<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>';

type Bad = readonly [what: string, NoticeProblem, body: string | Buffer, Account?];

const bad: readonly Bad[] = [
  ['a billion laughs', 'body', `${laughs}<xml>${inner}<x>&l9;</x></xml>`],
  ['a billion laughs that nobody asks for', 'body', `${laughs}<xml>${inner}</xml>`],
  ['an external entity', 'body', `${external}<xml>${inner}<x>&x;</x></xml>`],
  ['an external parameter entity', 'body', `${parameter}<xml>${inner}</xml>`],
  ['an entity without a type', 'body', `<xml>${inner}<x>&x;</x></xml>`],
  ['UTF-16', 'header_missing', Buffer.from(`\ufeff<xml>${inner}</xml>`, 'utf16le')],
  ['UTF-16 without its mark', 'body', Buffer.from(`<xml>${inner}</xml>`, 'utf16le')],
  [
    'UTF-16, big end first',
    'header_missing',
    Buffer.from(`\ufeff<xml>${inner}</xml>`, 'utf16le').swap16(),
  ],
  ['UTF-16 in name only', 'body', `<?xml version="1.0" encoding="UTF-16"?><xml>${inner}</xml>`],
  ['UTF-7', 'header_missing', `+ADw-xml+AD4-${inner}+ADw-/xml+AD4-`],
  [
    'UTF-7 that says so',
    'body',
    `<?xml version="1.0" encoding="UTF-7"?><xml>${inner}<x>+ADwAIQ-DOCTYPE</x></xml>`,
  ],
  ['CDATA in CDATA', 'body', `<xml>${inner}<x><![CDATA[<![CDATA[x]]>]]></x></xml>`],
  ['CDATA around everything', 'body', `<xml><![CDATA[${inner}]]></xml>`],
  ['a second out_trade_no', 'body', `<xml>${inner}<out_trade_no>other_0001</out_trade_no></xml>`],
  ['a missing sign', 'signature', xmlOf(payment)],
  ['an empty sign', 'signature', xmlOf({ ...payment, sign: '' })],
  ['sign_type downgraded', 'signature', signedXml({ ...payment, sign_type: 'MD5' }), careful],
  ['sign_type downgraded in silence', 'signature', signedXml(payment), careful],
  [
    'return_code FAIL and a forged rest',
    'body',
    xmlOf({ ...payment, return_code: 'FAIL', sign: '0'.repeat(32) }),
  ],
  ['return_code FAIL and a signed rest', 'body', signedXml({ ...payment, return_code: 'FAIL' })],
  ['another appid', 'mchid', signedXml({ ...payment, appid: 'wx0000000000000000' })],
  ['another mch_id', 'mchid', signedXml({ ...payment, mch_id: '1900007292' })],
  ['a total_fee of 1e2', 'body', signedXml({ ...payment, total_fee: '1e2' })],
  ['a negative total_fee', 'body', signedXml({ ...payment, total_fee: '-100' })],
  ['a refund of another appid', 'mchid', refundXml(refund, { appid: 'wx0000000000000000' })],
  ['a refund of another mch_id', 'mchid', refundXml(refund, { mch_id: '1900007292' })],
  ['a refund with return_code FAIL', 'body', refundXml(refund, { return_code: 'FAIL' })],
  ['a refund that does not open', 'ciphertext', refundXml(refund, { req_info: 'AAAA' })],
  [
    'a refund with an external entity inside',
    'ciphertext',
    refundXml(refund, { req_info: seal(`${external}${xmlOf(refund, 'root')}`) }),
  ],
  ['a refund of 1e2', 'body', refundXml({ ...refund, refund_fee: '1e2' })],
];

suite('nothing is queued after', () => {
  for (const [what, problem, body, receiver] of bad) {
    test(what, async () => {
      const { bed, result } = await receive(body, receiver);
      assert.deepEqual(result, fail(problem));
      assert.equal(bed.hints.sends(), 0);
      assert.equal(bed.telemetry.countOf('notice_refused', problem), 1);
      assert.equal(bed.telemetry.countOf('notice_accepted'), 0);
    });
  }
});
