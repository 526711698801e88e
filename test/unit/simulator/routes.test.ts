import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routeCall } from '../../../simulator/routes.ts';

const found = (method: string, path: string) => {
  const routed = routeCall(method, path);
  return routed.kind === 'operation' ? [routed.operation, routed.number] : routed.kind;
};

describe('routes', () => {
  test('each call has its operation and its number as on the wire', () => {
    const base = '/v3/pay/transactions';
    assert.deepEqual(found('POST', `${base}/native`), ['prepay-native', '']);
    assert.deepEqual(found('POST', `${base}/jsapi`), ['prepay-jsapi', '']);
    assert.deepEqual(found('GET', `${base}/out-trade-no/a%7Cb*c`), [
      'query-by-out-trade-no',
      'a%7Cb*c',
    ]);
    assert.deepEqual(found('GET', `${base}/id/42`), ['query-by-transaction-id', '42']);
    assert.deepEqual(found('POST', `${base}/out-trade-no/native/close`), ['close', 'native']);
    assert.deepEqual(found('GET', '/v3/certificates'), ['certificates', '']);
    assert.deepEqual(found('POST', `${base}/app`), ['prepay-app', '']);
    assert.deepEqual(found('POST', `${base}/h5`), ['prepay-h5', '']);
    const refunds = '/v3/refund/domestic/refunds';
    assert.deepEqual(found('POST', refunds), ['apply-refund', '']);
    assert.deepEqual(found('GET', `${refunds}/a%7Cb@c`), ['query-refund', 'a%7Cb@c']);
  });

  test('a known path with another method is told from an unknown path', () => {
    assert.equal(found('GET', '/v3/pay/transactions/native'), 'wrong-method');
    assert.equal(found('DELETE', '/v3/pay/transactions/id/42'), 'wrong-method');
    assert.equal(found('GET', '/v3/pay/transactions/out-trade-no/a/close'), 'wrong-method');
    assert.equal(found('GET', '/v3/refund/domestic/refunds'), 'wrong-method');
    assert.equal(found('POST', '/v3/refund/domestic/refunds/refund-0001'), 'wrong-method');
  });

  for (const path of [
    '/',
    '/v3/pay/transactions',
    '/v3/pay/transactions/native/',
    '/v3/pay/transactions/id/',
    '/v3/pay/transactions/out-trade-no/a/b',
    '/V3/pay/transactions/native',
    '/v3/pay/transactions/micropay',
    '/v3/refund/domestic/refunds/',
    '/v3/refund/domestic/refunds/a/b',
    '//v3/certificates',
    'http://127.0.0.1/v3/certificates',
  ]) {
    test(`${path} is unknown`, () => {
      assert.equal(found('POST', path), 'unknown-path');
    });
  }
});
