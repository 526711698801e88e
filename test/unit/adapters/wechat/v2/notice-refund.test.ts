import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createNoticeReader } from '#adapters/wechat/v2/notice-reader.ts';
import type { Account } from '#core/account.ts';
import { accountOf, noon } from './account-support.ts';
import {
  elementsOf,
  otherKey,
  payment,
  refund,
  refundOuter,
  refundXml,
  seal,
  signOf,
  xmlOf,
} from './support.ts';

const reader = createNoticeReader();

function read(body: string | Buffer, account: Account = accountOf()) {
  return reader.read(account, { headers: {}, body: Buffer.from(body) }, noon);
}

function assertProblem(body: string | Buffer, problem: string, account?: Account): void {
  const about = body.toString().slice(0, 300);
  assert.deepEqual(read(body, account), { ok: false, error: problem }, about);
}

function noticeOf(body: string, account?: Account) {
  const result = read(body, account);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

suite('the notice of a refund', () => {
  test('becomes the notice that APIv3 would send', () => {
    assert.deepEqual(noticeOf(refundXml()), {
      id: '50000000382019052709732678859',
      event_type: 'REFUND.SUCCESS',
      createdAt: noon,
      resource: {
        mchid: '1900007291',
        out_refund_no: 'refund|1@desk',
        refund_status: 'SUCCESS',
      },
    });
  });

  const states = [
    ['SUCCESS', 'REFUND.SUCCESS', 'SUCCESS'],
    ['CHANGE', 'REFUND.ABNORMAL', 'ABNORMAL'],
    ['REFUNDCLOSE', 'REFUND.CLOSED', 'CLOSED'],
    ['PROCESSING', 'REFUND.ABNORMAL', undefined],
    ['ABNORMAL', 'REFUND.ABNORMAL', undefined],
    ['constructor', 'REFUND.ABNORMAL', undefined],
    ['', 'REFUND.ABNORMAL', undefined],
  ] as const;
  for (const [refund_status, event_type, says] of states) {
    test(`of the status ${refund_status || 'that is empty'} says ${says}, and is a hint`, () => {
      const notice = noticeOf(refundXml({ ...refund, refund_status }));
      assert.equal(notice.event_type, event_type);
      assert.equal(notice.resource['refund_status'], says);
      assert.equal('refund_status' in notice.resource, says !== undefined);
      assert.equal(notice.resource['out_refund_no'], 'refund|1@desk');
    });
  }

  test('needs no sign, and none helps or hurts it', () => {
    const outer = { ...refundOuter, req_info: seal(xmlOf(refund, 'root')) };
    for (const sign of [signOf(outer), '0'.repeat(32), '']) {
      noticeOf(xmlOf({ ...outer, sign }));
    }
  });

  test('is read on an account that signs by HMAC, too', () => {
    noticeOf(refundXml(), accountOf({ signType: 'HMAC-SHA256' }));
  });

  test('does not lend its missing signature to a payment', () => {
    const { event_type, resource } = noticeOf(
      refundXml(refund, { ...payment, out_trade_no: 'forged_000001' }),
    );
    assert.equal(event_type, 'REFUND.SUCCESS');
    assert.equal(JSON.stringify(resource).includes('forged'), false);
    assertProblem(xmlOf({ ...payment, req_info: '' }), 'signature');
    assertProblem(xmlOf({ ...payment, req_info: 'AAAA' }), 'ciphertext');
  });

  test('is refused about another merchant or app, before it is opened', () => {
    for (const outer of [
      { mch_id: '1900007292' },
      { mch_id: '' },
      { appid: 'wx00' },
      { appid: '' },
    ]) {
      assertProblem(refundXml(refund, outer), 'mchid');
      assertProblem(refundXml(refund, { ...outer, req_info: '!' }), 'mchid');
    }
  });

  test('is refused when it is sealed with another key', () => {
    for (const key of [otherKey, '', 'zeroLeadingMd5Key000000000000002']) {
      const req_info = seal(xmlOf(refund, 'root'), key);
      assertProblem(refundXml(refund, { req_info }), 'ciphertext');
    }
  });

  test('is refused when its Base64 is not strict or holds no whole blocks', () => {
    const sealed = seal(xmlOf(refund, 'root'));
    const cut = Buffer.from(sealed, 'base64');
    const texts = [
      'x',
      '!!!!',
      ` ${sealed}`,
      `${sealed}\n`,
      `${sealed}=`,
      sealed.replace(/(.{76})/g, '$1\n'),
      sealed.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
      cut.subarray(1).toString('base64'),
      cut.subarray(0, -1).toString('base64'),
      cut.subarray(0, -16).toString('base64'),
      Buffer.concat([cut, Buffer.alloc(16)]).toString('base64'),
      Buffer.alloc(16).toString('base64'),
    ];
    for (const req_info of texts) {
      assertProblem(refundXml(refund, { req_info }), 'ciphertext');
    }
  });

  test('is refused alike when what opens is no XML with the root `root`', () => {
    const inner = elementsOf(refund);
    const external = '<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
    const plaintexts = [
      '',
      inner,
      `<xml>${inner}</xml>`,
      `<root>${inner}`,
      `<root>${inner}${elementsOf({ refund_status: 'SUCCESS' })}</root>`,
      `<root><refund>${inner}</refund></root>`,
      `${external}<root>${inner}<x>&x;</x></root>`,
      '{"out_refund_no":"refund|1@desk"}',
      Buffer.from(`<root>${inner}</root>`, 'utf16le'),
    ];
    for (const plaintext of plaintexts) {
      assertProblem(xmlOf({ ...refundOuter, req_info: seal(plaintext) }), 'ciphertext');
    }
  });

  test('is refused when an amount in it is no plain number of fen', () => {
    for (const name of ['refund_fee', 'total_fee']) {
      for (const amount of ['1e2', '-40', '0.4', ' 40', 'x']) {
        assertProblem(refundXml({ ...refund, [name]: amount }), 'body');
      }
    }
  });

  test('without a status says none, and is a hint', () => {
    const { refund_status: _, ...rest } = refund;
    const notice = noticeOf(refundXml(rest));
    assert.equal(notice.event_type, 'REFUND.ABNORMAL');
    assert.deepEqual(notice.resource, { mchid: '1900007291', out_refund_no: 'refund|1@desk' });
  });

  test('without a number of its own is of a kind that nobody handles', () => {
    for (const name of ['out_refund_no', 'refund_id']) {
      const { [name]: _, ...rest } = refund;
      const notice = noticeOf(refundXml(rest));
      assert.equal('out_refund_no' in notice.resource, name !== 'out_refund_no');
      assert.match(notice.id, name === 'refund_id' ? /^V2-[\w-]{43}$/ : /^5000/);
    }
  });
});
