import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TransportAnswer, TransportRequest } from '#adapters/wechat/transport.ts';
import { createClient } from '#adapters/wechat/v3/client.ts';
import type { Account } from '#core/account.ts';
import { accountOf, noon, otherSerial, serial, signedHeaders } from './support.ts';

const query = { method: 'GET', target: '/v3/x?mchid=1900007291' } as const;
const close = { method: 'POST', target: '/v3/x/close', body: '{"mchid":"1900007291"}' } as const;
const text = '{"trade_state":"NOTPAY"}';

function clientThat(answers: TransportAnswer) {
  const sent: TransportRequest[] = [];
  const transport = {
    send: (request: TransportRequest) => {
      sent.push(request);
      return Promise.resolve(answers);
    },
  };
  const client = createClient({ transport, now: () => noon, userAgent: 'test/1' });
  return { client, sent };
}

function response(status: number, body: string, headers: Record<string, string> = {}) {
  return { type: 'response', status, headers, body: Buffer.from(body) } as const;
}

async function callWith(answer: TransportAnswer, account: Account = accountOf()) {
  return await clientThat(answer).client.call(account, query);
}

async function headersOf(account: Account, request: typeof query | typeof close) {
  const { client, sent } = clientThat(response(500, ''));
  await client.call(account, request);
  assert.equal(sent.length, 1);
  return sent[0]?.headers ?? {};
}

suite('a request', () => {
  test('names itself, what it accepts and the key it wants the answer signed with', async () => {
    const { authorization, ...headers } = await headersOf(accountOf(), query);
    assert.match(authorization ?? '', /^WECHATPAY2-SHA256-RSA2048 mchid="1900007291",/);
    assert.deepEqual(headers, {
      accept: 'application/json',
      'user-agent': 'test/1',
      'wechatpay-serial': serial,
    });
  });

  test('says that its body is JSON where it has one', async () => {
    const headers = await headersOf(accountOf(), close);
    assert.equal(headers['content-type'], 'application/json');
  });

  test('asks for no key where the account has none', async () => {
    const headers = await headersOf(accountOf({ wechatpayKeys: {} }), query);
    assert.equal('wechatpay-serial' in headers, false);
  });

  test('is not sent without a readable private key', async () => {
    const { client, sent } = clientThat(response(200, text));
    const answer = await client.call(accountOf({ merchantPrivateKey: 'PEM' }), query);
    assert.deepEqual(answer, { type: 'unsent', code: 'KEY_INVALID' });
    assert.equal(sent.length, 0);
  });

  test('is signed anew for every call', async () => {
    const { client, sent } = clientThat(response(500, ''));
    await client.call(accountOf(), query);
    await client.call(accountOf(), query);
    assert.notEqual(sent[0]?.headers['authorization'], sent[1]?.headers['authorization']);
  });

  test('needs a name that can stand in a header', () => {
    const transport = { send: () => Promise.reject(new Error('not reached')) };
    for (const userAgent of ['', 'a\r\nb', '名']) {
      assert.throws(() => createClient({ transport, now: () => noon, userAgent }), {
        name: 'TypeError',
        message: /user agent/,
      });
    }
  });
});

suite('a success', () => {
  test('is believed when WeChat signed it', async () => {
    const answer = await callWith(response(200, text, signedHeaders(text)));
    assert.deepEqual(answer, { type: 'verified', status: 200, body: Buffer.from(text) });
  });

  test('is any status of 2xx, and no other', async () => {
    for (const status of [200, 299]) {
      const answer = await callWith(response(status, text, signedHeaders(text)));
      assert.deepEqual(answer, { type: 'verified', status, body: Buffer.from(text) });
    }
    for (const status of [199, 300]) {
      const answer = await callWith(response(status, text, signedHeaders(text)));
      assert.deepEqual(answer, { type: 'error', error: { status } });
    }
  });

  test('without a body is believed when WeChat signed the empty body', async () => {
    const answer = await callWith(response(204, '', signedHeaders('')));
    assert.equal(answer.type, 'verified');
  });

  test('is unknown when it is not signed', async () => {
    for (const status of [200, 202, 204]) {
      const answer = await callWith(response(status, ''));
      assert.deepEqual(answer, { type: 'unknown', code: 'UNSIGNED' });
    }
  });

  const signed = signedHeaders(text);
  const forgeries = {
    BAD_SIGNATURE: { ...signed, 'wechatpay-nonce': 'another' },
    UNKNOWN_SERIAL: { ...signed, 'wechatpay-serial': otherSerial },
    STALE: signedHeaders(text, { timestamp: '1795233000' }),
    PROBE: { ...signed, 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' },
  };
  for (const [code, headers] of Object.entries(forgeries)) {
    test(`is unknown with the code ${code}`, async () => {
      assert.deepEqual(await callWith(response(200, text, headers)), { type: 'unknown', code });
    });
  }

  test('is unknown when a signature header came twice', async () => {
    const doubled = { ...signed, 'wechatpay-nonce': 'a, b' };
    const answer = await callWith(response(200, text, doubled));
    assert.deepEqual(answer, { type: 'unknown', code: 'BAD_SIGNATURE' });
  });
});

suite('no answer', () => {
  for (const [failure, code] of [
    ['timeout', 'TIMEOUT'],
    ['network', 'NETWORK'],
    ['too-large', 'TOO_LARGE'],
  ] as const) {
    test(`is unknown with the code ${code}`, async () => {
      assert.deepEqual(await callWith({ type: 'failure', failure }), { type: 'unknown', code });
    });
  }
});

suite('an error', () => {
  test('is read without a signature', async () => {
    const body = '{"code":"ORDER_NOT_EXIST","message":"订单不存在"}';
    const error = { status: 404, code: 'ORDER_NOT_EXIST' };
    assert.deepEqual(await callWith(response(404, body)), { type: 'error', error });
  });

  test('brings the pointer to the field', async () => {
    const body = '{"code":"PARAM_ERROR","detail":{"field":"/body/amount/total","value":"0"}}';
    const error = { status: 400, code: 'PARAM_ERROR', field: '/body/amount/total' };
    assert.deepEqual(await callWith(response(400, body)), { type: 'error', error });
  });

  test('leaves a field that is no pointer out', async () => {
    for (const field of [
      'mchid',
      '/a b',
      `/${'x'.repeat(33)}`,
      '/a'.repeat(9),
      '',
      7,
      null,
      ['/a'],
    ]) {
      const body = JSON.stringify({ code: 'PARAM_ERROR', detail: { field } });
      const error = { status: 400, code: 'PARAM_ERROR' };
      assert.deepEqual(await callWith(response(400, body)), { type: 'error', error });
    }
  });

  test('has no code when it is not JSON of WeChat', async () => {
    const bodies = [
      '',
      '<html>404 Not Found</html>',
      '[]',
      'null',
      '{"code":404}',
      '{"code":"order not exist"}',
      `{"code":"${'A'.repeat(49)}"}`,
      '{"code":"ORDER_NOT_EXIST\\n"}',
      `{"code":"ORDER_NOT_EXIST","message":"${'x'.repeat(70_000)}"}`,
    ];
    for (const body of bodies) {
      const answer = await callWith(response(404, body));
      assert.deepEqual(answer, { type: 'error', error: { status: 404 } });
    }
  });

  test('is read up to 64 KB', async () => {
    const [head, tail] = ['{"code":"NO_AUTH","message":"', '"}'];
    const body = `${head}${'x'.repeat(65_536 - head.length - tail.length)}${tail}`;
    const error = { status: 403, code: 'NO_AUTH' };
    assert.deepEqual(await callWith(response(403, body)), { type: 'error', error });
    const longer = await callWith(response(403, `${body} `));
    assert.deepEqual(longer, { type: 'error', error: { status: 403 } });
  });

  test('is no success, signed or not: a redirect is not followed or believed', async () => {
    const answer = await callWith(response(302, text, signedHeaders(text)));
    assert.deepEqual(answer, { type: 'error', error: { status: 302 } });
  });
});
