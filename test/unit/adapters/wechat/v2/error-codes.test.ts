import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  applyErrorOf,
  closeErrorOf,
  knownCodes,
  micropayErrorOf,
  prepayErrorOf,
  queryErrorOf,
  refundQueryErrorOf,
  reverseErrorOf,
} from '#adapters/wechat/v2/error-codes.ts';

// What a code means for the query, close and prepay of an order, for the charging of a code and its
// reversal, then for the query of a refund and the application for one.
const [un, no, fa] = ['unknown', 'refused', 'fault'] as const;
const table = [
  ['SIGNERROR', fa, fa, no, no, fa, fa, fa],
  ['NOAUTH', fa, fa, no, no, fa, fa, fa],
  ['APPID_NOT_EXIST', fa, fa, no, no, fa, fa, fa],
  ['MCHID_NOT_EXIST', fa, fa, no, no, fa, fa, fa],
  ['APPID_MCHID_NOT_MATCH', fa, fa, no, no, fa, fa, fa],
  ['XML_FORMAT_ERROR', fa, fa, no, no, fa, fa, fa],
  ['REQUIRE_POST_METHOD', fa, fa, no, no, fa, fa, fa],
  ['POST_DATA_EMPTY', fa, fa, no, no, fa, fa, fa],
  ['NOT_UTF8', fa, fa, no, no, fa, fa, fa],
  ['PARAM_ERROR', fa, fa, no, no, fa, fa, no],
  ['LACK_PARAMS', fa, fa, no, no, fa, fa, no],
  ['ORDERNOTEXIST', 'not-found', 'no-such-order', un, un, 'no-such-order', un, no],
  ['REFUNDNOTEXIST', un, un, un, un, un, 'not-found', un],
  ['ORDERPAID', un, no, 'look', 'look', un, un, un],
  ['ORDERCLOSED', un, 'done', 'look', 'look', un, un, un],
  ['ORDERREVERSED', un, un, un, 'look', un, un, un],
  ['OUT_TRADE_NO_USED', un, un, 'look', 'look', un, un, un],
  ['INVALID_REQUEST', un, no, 'look', 'look', un, un, no],
  ['TRADE_STATE_ERROR', un, no, un, un, un, un, un],
  ['NOTENOUGH', un, un, no, no, un, un, un],
  ['AUTHCODEEXPIRE', un, un, un, no, un, un, un],
  ['AUTH_CODE_ERROR', un, un, un, no, un, un, un],
  ['AUTH_CODE_INVALID', un, un, un, no, un, un, un],
  ['NOTSUPORTCARD', un, un, un, no, un, un, un],
  ['BUYER_MISMATCH', un, un, un, 'look', un, un, un],
  ['TRADE_ERROR', un, un, un, no, no, un, un],
  ['REVERSE_EXPIRE', un, un, un, un, no, un, un],
  ['INVALID_TRANSACTIONID', un, un, un, un, no, un, no],
  ['TRADE_OVERDUE', un, un, un, un, un, un, no],
  ['USER_ACCOUNT_ABNORMAL', un, un, un, un, un, un, no],
  ['ERROR', un, un, un, un, un, un, no],
  ['SYSTEMERROR', un, un, un, un, un, un, un],
  ['BANKERROR', un, un, un, un, un, un, un],
  ['USERPAYING', un, un, un, un, un, un, un],
  ['BIZERR_NEED_RETRY', un, un, un, un, un, un, un],
  ['FREQUENCY_LIMITED', un, un, un, un, un, un, un],
  ['INVALID_REQ_TOO_MUCH', un, un, un, un, un, un, un],
] as const;

function coded(type: string, code: string): object {
  return type === 'done' ? { type } : { type, code };
}

suite('each code means one thing for each call', () => {
  for (const [code, query, close, prepay, micropay, reverse, refundQuery, apply] of table) {
    test(code, () => {
      assert.deepEqual(queryErrorOf(code), { type: query, code });
      assert.deepEqual(closeErrorOf(code), coded(close, code));
      assert.deepEqual(prepayErrorOf(code), { type: prepay, code });
      assert.deepEqual(micropayErrorOf(code), { type: micropay, code });
      assert.deepEqual(reverseErrorOf(code), { type: reverse, code });
      assert.deepEqual(refundQueryErrorOf(code), { type: refundQuery, code });
      assert.deepEqual(applyErrorOf(code), { type: apply, code });
    });
  }

  test('the table here holds every code of the documents', () => {
    assert.deepEqual([...knownCodes].sort(), table.map(([code]) => code).sort());
  });
});

suite('a code that nobody has heard of', () => {
  for (const code of ['NEVER_HEARD_OF', 'ORDER_NOT_EXIST', 'SUCCESS', 'constructor']) {
    test(`${code} refuses what it answers, and leaves all else open`, () => {
      for (const errorOf of [prepayErrorOf, micropayErrorOf, applyErrorOf]) {
        assert.deepEqual(errorOf(code), { type: 'refused', code });
      }
      for (const errorOf of [queryErrorOf, closeErrorOf, reverseErrorOf, refundQueryErrorOf]) {
        assert.deepEqual(errorOf(code), { type: 'unknown', code });
      }
    });
  }
});
