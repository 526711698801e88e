import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isAccountName,
  isAppid,
  isAuthCode,
  isMchid,
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isOutRefundNo,
  isOutTradeNo,
  isPayscoreId,
  isReference,
  isRefundId,
  isServiceId,
  isTransactionId,
} from '#core/values/ids.ts';

type Grammar = {
  readonly check: (value: unknown) => boolean;
  readonly takes: readonly string[];
  readonly refuses: readonly string[];
};

const payscoreNumbers = {
  takes: ['1', 'lesson-1', '_-*', '1695959595959', 'z'.repeat(32)],
  refuses: ['z'.repeat(33), 'a|b', 'a@b', 'a/b', 'a.b', 'a#b', 'a%20b', 'a:b', '课-1', '１２３'],
};

const grammars: Readonly<Record<string, Grammar>> = {
  merchant_plan_no: { check: isMerchantPlanNo, ...payscoreNumbers },
  merchant_sign_plan_no: { check: isMerchantSignPlanNo, ...payscoreNumbers },
  out_order_no: { check: isOutOrderNo, ...payscoreNumbers },
  service_id: {
    check: isServiceId,
    takes: ['500001', '00004000000000162930000000000001', 'a'.repeat(32)],
    refuses: ['5'.repeat(33), '50-1', '50_1', '50/1', '50?a=b', '５００００１'],
  },
  'id of PayScore': {
    check: isPayscoreId,
    takes: ['1', '15646546545165651651', 'a_b-C', 'a'.repeat(64)],
    refuses: ['a'.repeat(65), 'a/b', 'a*b', 'a.b', 'a?b=c', 'a#b'],
  },
  mchid: {
    check: isMchid,
    takes: ['19000000', '1900000001', '9'.repeat(32)],
    refuses: [
      '1900000',
      '9'.repeat(33),
      '190000000a',
      '-1900000001',
      '1900000001.0',
      '１９００００００',
    ],
  },
  'account name': {
    check: isAccountName,
    takes: ['a', 'shop', 'shop-2', 'a-', `a${'0'.repeat(31)}`],
    refuses: ['Shop', '2shop', '-shop', 'sh_op', 'sh/op', '..', 'shop*', `a${'0'.repeat(32)}`],
  },
  out_trade_no: {
    check: isOutTradeNo,
    takes: ['abcdef', 'A-1001', '000000', '_-|*_-', 'z'.repeat(32)],
    refuses: [
      'abcde',
      'z'.repeat(33),
      'abc/def',
      'abc.def',
      'abc#def',
      'abc%20d',
      'abcdé1',
      '订单12345',
    ],
  },
  out_refund_no: {
    check: isOutRefundNo,
    takes: ['R', 'R-1001', 'back-A-1001', '0_-|*@', 'z'.repeat(64)],
    refuses: ['z'.repeat(65), 'R/1001', 'R.1001', 'R#1001', 'R%1001', 'R+1001', '退款-1001'],
  },
  refund_id: {
    check: isRefundId,
    takes: ['5', '50300002002026112100000000001', 'a'.repeat(32)],
    refuses: ['5'.repeat(33), '50-3', '50_3', '50/3', '50?a=b'],
  },
  transaction_id: {
    check: isTransactionId,
    takes: ['4', '4200000001202611210000000001', 'a'.repeat(32)],
    refuses: ['4'.repeat(33), '42-0', '42_0', '42/0', '42?a=b'],
  },
  appid: {
    check: isAppid,
    takes: ['wx8888888888888888', 'w', 'w'.repeat(32)],
    refuses: ['w'.repeat(33), 'wx/8', 'wx.8', 'wx#8'],
  },
  openid: {
    check: isOpenid,
    takes: ['o', 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'o'.repeat(128)],
    refuses: ['o'.repeat(129), 'o/1', 'o|1', 'o.1'],
  },
  auth_code: {
    check: isAuthCode,
    takes: ['100000000000000000', '134567890123456789', '159999999999999999'],
    refuses: [
      '099999999999999999',
      '160000000000000000',
      '234567890123456789',
      '13456789012345678',
      '1345678901234567890',
      '0134567890123456789',
      ' 134567890123456789',
      '13456789012345678a',
      '+13456789012345678',
      '１３４５６７８９０１２３４５６７８９',
    ],
  },
  reference: {
    check: isReference,
    takes: ['1', 'shop-4711', 'a/b:c.d|e*f_g', 'r'.repeat(64)],
    refuses: ['r'.repeat(65), 'a#b', 'a%b', 'a?b', 'ä'],
  },
};

const neverTaken = ['', ' ', ' abcdefgh', 'abcdefgh ', 'abcdefgh\n', 'abcd efgh', 'abcdefgh\u0000'];
const notTexts = [12_345_678, 12_345_678n, null, undefined, true, ['12345678'], { 0: '1' }];

for (const [name, { check, takes, refuses }] of Object.entries(grammars)) {
  describe(name, () => {
    for (const text of takes) {
      it(`takes ${text}`, () => {
        assert.equal(check(text), true);
      });
    }
    for (const text of [...refuses, ...neverTaken]) {
      it(`refuses ${JSON.stringify(text)}`, () => {
        assert.equal(check(text), false);
      });
    }
    for (const value of notTexts) {
      it(`refuses the ${typeof value} ${String(value)}`, () => {
        assert.equal(check(value), false);
      });
    }
  });
}
