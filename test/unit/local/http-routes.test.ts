import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchRoute } from '../../../local/http-routes.ts';

const routes = ['POST /notify/{account}', 'ANY /v1/{proxy+}', 'GET /v1/{a}/{b}', 'GET /v1/x/y'].map(
  (routeKey) => ({ routeKey, functionName: 'f' }),
);
const found = (method: string, path: string) => {
  const match = matchRoute(routes, method, path);
  return match && [match.route.routeKey, match.pathParameters];
};

describe('a route', () => {
  it('takes path parameters', () => {
    assert.deepEqual(found('POST', '/notify/dev'), ['POST /notify/{account}', { account: 'dev' }]);
  });

  it('takes the rest of the path when it is greedy', () => {
    assert.deepEqual(found('PUT', '/v1/a/b/c'), ['ANY /v1/{proxy+}', { proxy: 'a/b/c' }]);
  });

  it('that is more exact comes first', () => {
    assert.deepEqual(found('GET', '/v1/x/y'), ['GET /v1/x/y', {}]);
    assert.deepEqual(found('GET', '/v1/x/z'), ['GET /v1/{a}/{b}', { a: 'x', b: 'z' }]);
    assert.deepEqual(found('POST', '/v1/x/y'), ['ANY /v1/{proxy+}', { proxy: 'x/y' }]);
  });

  for (const [method, path] of [
    ['GET', '/notify/dev'],
    ['POST', '/notify'],
    ['POST', '/notify/'],
    ['POST', '/notify/dev/'],
    ['POST', '/notify/dev/more'],
    ['POST', '//notify/dev'],
    ['GET', '/v1'],
    ['GET', '/v1/'],
    ['GET', '/V1/a'],
    ['GET', '/'],
    ['GET', ''],
  ] as const) {
    it(`does not take ${method} "${path}"`, () => {
      assert.equal(found(method, path), undefined);
    });
  }
});
