import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  applyErrorOf,
  closeErrorOf,
  errorActions,
  prepayErrorOf,
  queryErrorOf,
  refundQueryErrorOf,
} from '#adapters/wechat/v3/error-codes.ts';

// Status, code, and what it means for the query, close and prepay of an order, then for the query of a
// refund and the application for one.
const table = [
  [400, 'PARAM_ERROR', 'fault', 'fault', 'refused', 'fault', 'refused'],
  [400, 'INVALID_REQUEST', 'unknown', 'refused', 'refused', 'unknown', 'refused'],
  [400, 'MCH_NOT_EXISTS', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [404, 'MCH_NOT_EXISTS', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [400, 'APPID_MCHID_NOT_MATCH', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [400, 'ORDER_CLOSED', 'unknown', 'refused', 'look', 'unknown', 'refused'],
  [403, 'ORDERCLOSED', 'unknown', 'refused', 'look', 'unknown', 'refused'],
  [400, 'ORDERPAID', 'unknown', 'refused', 'look', 'unknown', 'unknown'],
  [403, 'ORDER_PAID', 'unknown', 'refused', 'look', 'unknown', 'unknown'],
  [401, 'SIGN_ERROR', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [400, 'SIGN_ERROR', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [401, 'SOMETHING_ELSE', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [401, undefined, 'fault', 'fault', 'refused', 'fault', 'fault'],
  [403, 'NO_AUTH', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [403, 'NOAUTH', 'fault', 'fault', 'refused', 'fault', 'fault'],
  [403, 'RULE_LIMIT', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [403, 'RULELIMIT', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [403, 'TRADE_ERROR', 'unknown', 'refused', 'look', 'unknown', 'unknown'],
  [403, 'OUT_TRADE_NO_USED', 'unknown', 'unknown', 'look', 'unknown', 'unknown'],
  [403, 'NOT_ENOUGH', 'fault', 'fault', 'refused', 'fault', 'unknown'],
  [500, 'NOT_ENOUGH', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [403, 'USER_ACCOUNT_ABNORMAL', 'unknown', 'unknown', 'refused', 'unknown', 'refused'],
  [403, 'ACCOUNT_ERROR', 'unknown', 'unknown', 'refused', 'unknown', 'refused'],
  [404, 'ORDER_NOT_EXIST', 'not-found', 'no-such-order', 'unknown', 'unknown', 'refused'],
  [404, 'ORDERNOTEXIST', 'not-found', 'no-such-order', 'unknown', 'unknown', 'refused'],
  [404, 'RESOURCE_NOT_EXISTS', 'unknown', 'unknown', 'unknown', 'not-found', 'refused'],
  [404, undefined, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [405, undefined, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [429, 'FREQUENCY_LIMITED', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [429, 'RATELIMIT_EXCEEDED', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [429, 'RATE_LIMITED', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [403, 'FREQUENCY_LIMITED', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [429, undefined, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [500, 'SYSTEM_ERROR', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [500, 'SYSTEMERROR', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [400, 'SYSTEMERROR', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [500, 'OPENID_MISMATCH', 'fault', 'fault', 'refused', 'fault', 'unknown'],
  [502, undefined, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [503, 'SERVICE_UNAVAILABLE', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [400, 'NEVER_HEARD_OF', 'unknown', 'unknown', 'refused', 'unknown', 'refused'],
  [404, 'NEVER_HEARD_OF', 'unknown', 'unknown', 'refused', 'unknown', 'refused'],
  [429, 'NEVER_HEARD_OF', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [500, 'NEVER_HEARD_OF', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [302, 'NEVER_HEARD_OF', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [403, undefined, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  [302, undefined, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
] as const;

suite('each error means one thing for each call', () => {
  for (const [status, code, query, close, prepay, refundQuery, apply] of table) {
    test(`${status} ${code ?? 'without a code'}`, () => {
      const error = { status, ...(code !== undefined && { code }) };
      const said = code ?? `HTTP_${status}`;
      assert.deepEqual(queryErrorOf(error), { type: query, code: said });
      assert.deepEqual(closeErrorOf(error), { type: close, code: said });
      assert.deepEqual(prepayErrorOf(error), { type: prepay, code: said });
      assert.deepEqual(refundQueryErrorOf(error), { type: refundQuery, code: said });
      assert.deepEqual(applyErrorOf(error), { type: apply, code: said });
    });
  }
});

suite('a status that decides nothing is not overruled by a code', () => {
  for (const status of [302, 429, 500, 502, 503]) {
    test(`${status} leaves the outcome open whatever code it carries`, () => {
      for (const code of errorActions.keys()) {
        if (code !== 'OPENID_MISMATCH') {
          assert.equal(queryErrorOf({ status, code }).type, 'unknown', code);
          assert.equal(closeErrorOf({ status, code }).type, 'unknown', code);
          assert.equal(prepayErrorOf({ status, code }).type, 'unknown', code);
          assert.equal(refundQueryErrorOf({ status, code }).type, 'unknown', code);
        }
        assert.equal(applyErrorOf({ status, code }).type, 'unknown', code);
      }
    });
  }

  test('no such order is believed with 404 only', () => {
    for (const status of [400, 403, 500]) {
      assert.equal(queryErrorOf({ status, code: 'ORDER_NOT_EXIST' }).type, 'unknown');
      assert.equal(closeErrorOf({ status, code: 'ORDER_NOT_EXIST' }).type, 'unknown');
    }
  });

  test('no such refund, and no such payment to refund, are believed with 404 only', () => {
    for (const status of [400, 403, 429, 500]) {
      for (const code of ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST', 'ORDERNOTEXIST']) {
        assert.equal(refundQueryErrorOf({ status, code }).type, 'unknown', code);
        assert.equal(applyErrorOf({ status, code }).type, 'unknown', code);
      }
    }
  });
});

suite('an application for a refund', () => {
  test('is left open by the codes that belong to other calls', () => {
    for (const code of [
      'NO_STATEMENT_EXIST',
      'STATEMENT_CREATING',
      'OUT_TRADE_NO_USED',
      'OPENID_MISMATCH',
      'SERVICE_UNAVAILABLE',
    ]) {
      assert.equal(applyErrorOf({ status: 400, code }).type, 'unknown', code);
    }
  });
});

suite('the table', () => {
  test('holds every code of the documents with its one action', () => {
    const byAction = Map.groupBy(errorActions.keys(), (code) => errorActions.get(code));
    assert.deepEqual(Object.fromEntries(byAction), {
      fix: [
        'PARAM_ERROR',
        'MCH_NOT_EXISTS',
        'APPID_MCHID_NOT_MATCH',
        'SIGN_ERROR',
        'NO_AUTH',
        'NOAUTH',
        'NOT_ENOUGH',
        'OPENID_MISMATCH',
      ],
      'look-again': [
        'INVALID_REQUEST',
        'ORDER_CLOSED',
        'ORDERCLOSED',
        'ORDERPAID',
        'ORDER_PAID',
        'RULE_LIMIT',
        'RULELIMIT',
        'TRADE_ERROR',
        'OUT_TRADE_NO_USED',
        'ORDER_NOT_EXIST',
        'ORDERNOTEXIST',
        'RESOURCE_NOT_EXISTS',
        'FREQUENCY_LIMITED',
        'RATELIMIT_EXCEEDED',
        'RATE_LIMITED',
      ],
      stop: ['NO_STATEMENT_EXIST', 'USER_ACCOUNT_ABNORMAL', 'ACCOUNT_ERROR'],
      retry: ['STATEMENT_CREATING', 'SYSTEM_ERROR', 'SYSTEMERROR', 'SERVICE_UNAVAILABLE'],
    });
  });
});

suite('a refused prepay', () => {
  test('names the field that WeChat names', () => {
    const error = { status: 400, code: 'PARAM_ERROR', field: '/body/amount/total' };
    assert.deepEqual(prepayErrorOf(error), {
      type: 'refused',
      code: 'PARAM_ERROR',
      field: '/body/amount/total',
    });
  });
});
