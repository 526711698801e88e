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
  refundXml,
  signedXml,
  signOf,
  type Values,
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

suite('a payment notice that WeChat signed', () => {
  test('becomes the notice that APIv3 would send', () => {
    assert.deepEqual(noticeOf(signedXml(payment)), {
      id: '4200002345202611211234567890',
      event_type: 'TRANSACTION.SUCCESS',
      createdAt: noon,
      resource: { mchid: '1900007291', out_trade_no: 'order_000001', trade_state: 'SUCCESS' },
    });
  });

  test('is read as well when it is signed by HMAC, on an account that signs so', () => {
    const account = accountOf({ signType: 'HMAC-SHA256' });
    const body = signedXml(payment, { signType: 'HMAC-SHA256' });
    assert.equal(noticeOf(body, account).resource['out_trade_no'], 'order_000001');
  });

  test('may name its sign_type, carry fields that nobody knows, and come in any order', () => {
    const values = Object.entries({ ...payment, sign_type: 'MD5', promotion_tag: 'x', __x: '' });
    noticeOf(signedXml(Object.fromEntries(values.reverse())));
  });

  test('may be about any app of the account', () => {
    noticeOf(signedXml({ ...payment, appid: 'wx2421b1c4370ec43b' }));
  });

  test('says nothing of the state when its result is not SUCCESS', () => {
    for (const result_code of ['FAIL', '', 'success']) {
      const { resource } = noticeOf(signedXml({ ...payment, result_code }));
      assert.deepEqual(resource, { mchid: '1900007291', out_trade_no: 'order_000001' });
    }
  });

  test('says the state that it names itself, as the notice of a contract payment does', () => {
    const body = signedXml({ ...payment, trade_state: 'PAYERROR' });
    assert.equal(noticeOf(body).resource['trade_state'], 'PAYERROR');
  });

  test('carries no amount and no payer on', () => {
    const { resource } = noticeOf(signedXml(payment));
    assert.deepEqual(Object.keys(resource), ['mchid', 'out_trade_no', 'trade_state']);
  });

  test('has an id of what it tells when WeChat numbers no payment in it', () => {
    for (const transaction_id of ['', 'a b', 'x'.repeat(33), '#']) {
      const told = { ...payment, transaction_id };
      const { id } = noticeOf(signedXml(told));
      assert.match(id, /^V2-[\w-]{43}$/);
      assert.equal(noticeOf(signedXml({ ...told, nonce_str: 'another' })).id, id);
      assert.equal(
        noticeOf(`\n${signedXml(Object.fromEntries(Object.entries(told).reverse()))}`).id,
        id,
      );
      assert.notEqual(noticeOf(signedXml({ ...told, time_end: '20261121115959' })).id, id);
    }
  });
});

suite('a signed notice about something else', () => {
  const contract: Values = {
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    mch_id: '1900007291',
    contract_code: '100005698',
    plan_id: '123',
    openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
    change_type: 'ADD',
    contract_id: 'Wx15463511252015071056489715',
  };

  test('is of a kind that nobody handles, its id made of what it tells', () => {
    const notice = noticeOf(signedXml(contract));
    assert.match(notice.id, /^V2-[\w-]{43}$/);
    assert.equal(notice.event_type, 'V2.UNKNOWN');
    assert.deepEqual(notice.resource, { mchid: '1900007291' });
    assert.equal(noticeOf(signedXml({ ...contract, nonce_str: 'another' })).id, notice.id);
    assert.notEqual(noticeOf(signedXml({ ...contract, change_type: 'DELETE' })).id, notice.id);
  });

  test('may name no app, but no other one', () => {
    noticeOf(signedXml({ ...contract, appid: 'wxd678efh567hg6787' }));
    assertProblem(signedXml({ ...contract, appid: 'wx0000000000000000' }), 'mchid');
  });

  test('is refused when it is unsigned, or another merchant is in it', () => {
    assertProblem(xmlOf(contract), 'signature');
    assertProblem(signedXml({ ...contract, mch_id: '1900007292' }), 'mchid');
    assertProblem(signedXml({ ...contract, mch_id: '' }), 'mchid');
  });
});

suite('what comes first is refused first', () => {
  test('a body that is no XML of WeChat, however well signed', () => {
    const sign = signOf(payment);
    const inner = elementsOf({ ...payment, sign });
    const laughs =
      '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' +
      '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>';
    const external = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
    const bodies = [
      '',
      inner,
      `<xml>${inner}`,
      `<xml>${inner}</xml><xml/>`,
      `<root>${inner}</root>`,
      `\ufeff<xml>${inner}</xml>`,
      `${laughs}<xml>${inner}<x>&c;</x></xml>`,
      `${external}<xml>${inner}</xml>`,
      `${external}<xml>${inner}<x>&x;</x></xml>`,
      `<xml>${inner}<sign>${sign}</sign></xml>`,
      `<xml>${inner}<attach>x</attach></xml>`,
      `<xml>${inner}<a><![CDATA[<![CDATA[x]]>]]></a></xml>`,
      `<xml><x>${inner}</x></xml>`,
      `<xml><![CDATA[${inner}]]></xml>`,
      Buffer.from(`<xml>${inner}</xml>`, 'utf16le'),
      Buffer.from(`\ufeff<xml>${inner}</xml>`, 'utf16le').swap16(),
      `<?xml version="1.0" encoding="UTF-16"?><xml>${inner}</xml>`,
      `<?xml version="1.0" encoding="UTF-7"?><xml>${inner}</xml>`,
      `<?xml version="1.0" encoding="UTF-7"?>+ADw-xml+AD4-${inner}+ADw-/xml+AD4-`,
    ];
    for (const body of bodies) {
      assertProblem(body, 'body');
    }
    noticeOf(`<?xml version="1.0" encoding="UTF-8"?>\n<xml>${inner}</xml>\n`);
  });

  test('a body of more than 64 KB', () => {
    const attach = 'x'.repeat(65_536 - Buffer.byteLength(signedXml({ ...payment, attach: '' })));
    noticeOf(signedXml({ ...payment, attach }));
    assertProblem(signedXml({ ...payment, attach: `${attach}x` }), 'body');
  });

  test('a return_code that is not SUCCESS, with whatever else, signed or not', () => {
    for (const return_code of ['FAIL', '', 'success', 'SUCCESS ', 'OK']) {
      assertProblem(signedXml({ ...payment, return_code }), 'body');
      assertProblem(xmlOf({ ...payment, return_code }), 'body');
      assertProblem(refundXml(refund, { return_code }), 'body');
    }
    const { return_code: _, ...rest } = payment;
    assertProblem(signedXml(rest), 'body');
    assertProblem(xmlOf({ return_code: 'FAIL', return_msg: '签名失败' }), 'body');
  });

  test('an account that has no credentials of APIv2', () => {
    const account = { ...accountOf(), credentials: {} };
    assertProblem(signedXml(payment), 'unknown_serial', account);
    assertProblem(refundXml(), 'unknown_serial', account);
    assertProblem('<xml/>', 'body', account);
  });
});

suite('a payment notice is refused', () => {
  test('without a sign, with an empty one, or with that of another key', () => {
    assertProblem(xmlOf(payment), 'signature');
    assertProblem(xmlOf({ ...payment, sign: '' }), 'signature');
    assertProblem(signedXml(payment, { key: otherKey }), 'signature');
    assertProblem(xmlOf({ ...payment, sign: signOf(payment).toLowerCase() }), 'signature');
  });

  test('signed in the weaker way, said or unsaid', () => {
    const account = accountOf({ signType: 'HMAC-SHA256' });
    assertProblem(signedXml(payment), 'signature', account);
    assertProblem(signedXml({ ...payment, sign_type: 'MD5' }), 'signature', account);
    const named = { ...payment, sign_type: 'HMAC-SHA256' };
    assertProblem(signedXml(named), 'signature', account);
  });

  test('signed in the stronger way on an account that signs by MD5', () => {
    assertProblem(signedXml(payment, { signType: 'HMAC-SHA256' }), 'signature');
    const named = { ...payment, sign_type: 'HMAC-SHA256' };
    assertProblem(signedXml(named, { signType: 'HMAC-SHA256' }), 'signature');
  });

  test('with any one field changed, added or left out', () => {
    const sign = signOf(payment);
    for (const [name, value] of Object.entries(payment)) {
      const isGone = name === 'return_code';
      const { [name]: _, ...rest } = payment;
      assertProblem(xmlOf({ ...rest, sign }), isGone ? 'body' : 'signature');
      assertProblem(
        xmlOf({ ...payment, [name]: `${value}0`, sign }),
        isGone ? 'body' : 'signature',
      );
    }
    assertProblem(xmlOf({ ...payment, settlement_total_fee: '1', sign }), 'signature');
  });

  test('about another merchant or another app', () => {
    for (const mch_id of ['1900007292', '', ' 1900007291', '01900007291', '1900007291 ']) {
      assertProblem(signedXml({ ...payment, mch_id }), 'mchid');
    }
    for (const appid of ['wx0000000000000000', '', 'WXD678EFH567HG6787', 'wxd678efh567hg6787 ']) {
      assertProblem(signedXml({ ...payment, appid }), 'mchid');
    }
    const { appid: _a, ...noApp } = payment;
    const { mch_id: _m, ...noMerchant } = payment;
    assertProblem(signedXml(noApp), 'mchid');
    assertProblem(signedXml(noMerchant), 'mchid');
  });

  test('with a total that is no plain number of fen', () => {
    const totals = ['1e2', '-100', '+100', '1.00', '0100', ' 100', '100 ', '0x64', '１００', 'NaN'];
    for (const total_fee of [...totals, '9007199254740993', '1_00', '100元', 'Infinity', '--1']) {
      assertProblem(signedXml({ ...payment, total_fee }), 'body');
    }
    for (const total_fee of ['0', '1', '9007199254740991', '']) {
      noticeOf(signedXml({ ...payment, total_fee }));
    }
  });
});
