import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodedPath,
  eventOfRequest,
  type HttpRequest,
  responseOfAnswer,
} from '../../../local/http-event.ts';
import type { RouteMatch } from '../../../local/http-routes.ts';

const match: RouteMatch = {
  route: { routeKey: 'POST /notify/{account}', functionName: 'notify' },
  pathParameters: { account: 'dev' },
};
const eventOf = (request: Partial<HttpRequest> = {}, matched = match) =>
  eventOfRequest(
    {
      method: 'POST',
      target: '/notify/dev',
      headers: { host: ['127.0.0.1:80'], 'content-type': ['application/json'] },
      body: Buffer.from('{"a":1}'),
      sourceIp: '127.0.0.1',
      nowMs: 1_772_323_200_000,
      ...request,
    },
    matched,
  );

describe('the event of a request', () => {
  it('names route, path, method and sender', () => {
    const event = eventOf();
    assert.equal(event.version, '2.0');
    assert.equal(event.routeKey, 'POST /notify/{account}');
    assert.equal(event.rawPath, '/notify/dev');
    assert.deepEqual(event.pathParameters, { account: 'dev' });
    const { http, stage, timeEpoch } = event.requestContext;
    assert.deepEqual([http.method, http.path, http.sourceIp], ['POST', '/notify/dev', '127.0.0.1']);
    assert.deepEqual([stage, timeEpoch], ['$default', 1_772_323_200_000]);
  });

  it('joins repeated headers with a comma and no space', () => {
    const { headers } = eventOf({ headers: { 'wechatpay-nonce': ['a', 'b'] } });
    assert.equal(headers['wechatpay-nonce'], 'a,b');
  });

  it('puts cookies apart', () => {
    const event = eventOf({ headers: { cookie: ['a=1; b=2', 'c=3'] } });
    assert.deepEqual(event.cookies, ['a=1', 'b=2', 'c=3']);
    assert.equal(event.headers['cookie'], undefined);
  });

  it('joins repeated query parameters with a comma and keeps the raw query', () => {
    const event = eventOf({ target: '/x?a=1&a=2&b=%20' });
    assert.equal(event.rawQueryString, 'a=1&a=2&b=%20');
    assert.deepEqual(event.queryStringParameters, { a: '1,2', b: ' ' });
  });

  it('has neither query nor path parameters nor body where there are none', () => {
    const event = eventOf({ body: Buffer.alloc(0) }, { ...match, pathParameters: {} });
    assert.ok(!('queryStringParameters' in event));
    assert.ok(!('pathParameters' in event));
    assert.ok(!('body' in event));
    assert.equal(event.isBase64Encoded, false);
  });

  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/problem+json',
    'text/xml',
    'application/xml',
  ]) {
    it(`hands a body of ${type} over as text, byte by byte`, () => {
      const event = eventOf({
        headers: { 'content-type': [type] },
        body: Buffer.from('{"支":1} \n'),
      });
      assert.equal(event.body, '{"支":1} \n');
      assert.equal(event.isBase64Encoded, false);
    });
  }

  for (const type of [
    'application/octet-stream',
    'image/png',
    'application/x-www-form-urlencoded',
  ]) {
    it(`hands a body of ${type} over in base64`, () => {
      const event = eventOf({ headers: { 'content-type': [type] } });
      assert.equal(Buffer.from(event.body ?? '', 'base64').toString(), '{"a":1}');
      assert.equal(event.isBase64Encoded, true);
    });
  }

  it('hands a body without a type over in base64', () => {
    assert.equal(eventOf({ headers: {} }).isBase64Encoded, true);
  });

  it('decodes the path as HTTP API does', () => {
    assert.equal(eventOf({ target: '/v1/a%20b%2Fc?x=%2F' }).rawPath, '/v1/a b/c');
    assert.equal(decodedPath('/v1/%7C?x=%zz'), '/v1/|');
    assert.equal(decodedPath('/v1/%zz'), undefined);
  });
});

describe('the response of an answer', () => {
  it('is what the function says', () => {
    const response = responseOfAnswer({
      statusCode: 201,
      headers: { 'Content-Type': 'application/json', 'X-Count': 3 },
      cookies: ['a=1'],
      body: '{}',
    });
    assert.deepEqual(response, {
      status: 201,
      headers: { 'content-type': 'application/json', 'x-count': '3', 'set-cookie': ['a=1'] },
      body: Buffer.from('{}'),
    });
  });

  it('decodes a body in base64', () => {
    const response = responseOfAnswer({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });
    assert.deepEqual(response?.body, Buffer.from([0, 255]));
  });

  it('is a 200 with the answer as JSON when it has no statusCode', () => {
    for (const answer of [{ a: 1 }, 'text', 3, null]) {
      const response = responseOfAnswer(answer);
      assert.equal(response?.status, 200);
      assert.equal(response?.body.toString(), JSON.stringify(answer));
    }
  });

  it('may be empty', () => {
    assert.deepEqual(responseOfAnswer({ statusCode: 204 }), {
      status: 204,
      headers: {},
      body: Buffer.alloc(0),
    });
  });

  for (const [name, answer] of [
    ['a statusCode that is no number', { statusCode: 'ok' }],
    ['a statusCode that HTTP does not have', { statusCode: 42 }],
    ['an informational statusCode', { statusCode: 101 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers that are no object', { statusCode: 200, headers: ['a'] }],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }],
  ] as const) {
    it(`cannot be made of ${name}`, () => {
      assert.equal(responseOfAnswer(answer), undefined);
    });
  }
});
