import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  errorActions,
  payscoreQueryErrorOf,
  sendErrorOf,
} from '#adapters/wechat/v3/error-codes.ts';

// Status, code, and what it means for a query and for a command.
const table = [
  [400, 'PARAM_ERROR', 'fault', 'refused'],
  [400, 'INVALID_REQUEST', 'unknown', 'refused'],
  [400, 'INVALID_ORDER_STATE', 'unknown', 'refused'],
  [400, 'ORDER_CANCELED', 'unknown', 'refused'],
  [400, 'ORDER_DONE', 'unknown', 'refused'],
  [400, 'RULE_LIMIT', 'unknown', 'refused'],
  [400, 'NEVER_HEARD_OF', 'unknown', 'refused'],
  [404, 'NEVER_HEARD_OF', 'unknown', 'refused'],
  [401, 'SIGN_ERROR', 'fault', 'fault'],
  [400, 'SIGN_ERROR', 'fault', 'fault'],
  [401, 'NEVER_HEARD_OF', 'fault', 'fault'],
  [401, undefined, 'fault', 'fault'],
  [403, 'NO_AUTH', 'fault', 'fault'],
  [403, 'NOAUTH', 'fault', 'fault'],
  [400, 'MCH_NOT_EXISTS', 'fault', 'fault'],
  [404, 'MCH_NOT_EXISTS', 'fault', 'fault'],
  [400, 'APPID_MCHID_NOT_MATCH', 'fault', 'fault'],
  [404, 'ORDER_NOT_EXIST', 'not-found', 'refused'],
  [404, 'ORDERNOTEXIST', 'not-found', 'refused'],
  [404, 'RESOURCE_NOT_EXISTS', 'not-found', 'refused'],
  [404, 'RESOURCE_NOT_EXIST', 'not-found', 'refused'],
  [404, 'NOT_FOUND', 'not-found', 'refused'],
  [400, 'ORDER_NOT_EXIST', 'unknown', 'refused'],
  [403, 'RESOURCE_NOT_EXISTS', 'unknown', 'refused'],
  [404, undefined, 'unknown', 'unknown'],
  [400, undefined, 'unknown', 'unknown'],
  [403, undefined, 'unknown', 'unknown'],
  [302, undefined, 'unknown', 'unknown'],
  [302, 'NEVER_HEARD_OF', 'unknown', 'unknown'],
  [429, 'FREQUENCY_LIMITED', 'unknown', 'unknown'],
  [429, undefined, 'unknown', 'unknown'],
  [403, 'FREQUENCY_LIMITED', 'unknown', 'unknown'],
  [400, 'RATELIMIT_EXCEEDED', 'unknown', 'unknown'],
  [400, 'RATE_LIMITED', 'unknown', 'unknown'],
  [400, 'SYSTEM_ERROR', 'unknown', 'unknown'],
  [400, 'SYSTEMERROR', 'unknown', 'unknown'],
  [500, 'SYSTEM_ERROR', 'unknown', 'unknown'],
  [503, 'SERVICE_UNAVAILABLE', 'unknown', 'unknown'],
  [502, undefined, 'unknown', 'unknown'],
] as const;

suite('each error of PayScore means one thing for each call', () => {
  for (const [status, code, query, send] of table) {
    test(`${status} ${code ?? 'without a code'}`, () => {
      const error = { status, ...(code !== undefined && { code }) };
      const said = code ?? `HTTP_${status}`;
      assert.deepEqual(payscoreQueryErrorOf(error), { type: query, code: said });
      assert.deepEqual(sendErrorOf(error), { type: send, code: said });
    });
  }
});

suite('a status that decides nothing is not overruled by a code', () => {
  const payscoreCodes = ['INVALID_ORDER_STATE', 'ORDER_CANCELED', 'ORDER_DONE', 'NOT_FOUND'];
  for (const status of [302, 429, 500, 502, 503]) {
    test(`${status} leaves the outcome open whatever code it carries`, () => {
      for (const code of [...errorActions.keys(), ...payscoreCodes]) {
        assert.equal(sendErrorOf({ status, code }).type, 'unknown', code);
        if (code !== 'OPENID_MISMATCH') {
          assert.equal(payscoreQueryErrorOf({ status, code }).type, 'unknown', code);
        }
      }
    });
  }
});
