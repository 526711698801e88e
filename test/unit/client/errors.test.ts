import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { isApiErrorCode } from '../../../client/src/errors.ts';
import { WechatpayError } from '../../../client/src/index.ts';
import { answer, createClientWorld, noConnection, options, problem, tea } from './world.ts';

async function errorOf(call: Promise<unknown>): Promise<WechatpayError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof WechatpayError);
    return error;
  }
  return assert.fail('There was no error.');
}

describe('the codes of the client', () => {
  for (const code of ['order_unknwon', 'toString', '__proto__', 'timeout', '', 1, null]) {
    it(`do not have ${JSON.stringify(code)} of the API`, () => {
      assert.equal(isApiErrorCode(code), false);
    });
  }
});

describe('an error of the API', () => {
  it('is told with its fields, its request and WeChat’s code', async () => {
    const { client, plan } = createClientWorld();
    const errors = [{ pointer: '/amount/total', detail: 'is too small or too short' }];
    plan(problem(422, 'wechat_refused', { errors, wechat_code: 'PARAM_ERROR' }));
    const error = await errorOf(client.putOrder('A-1001', tea));
    assert.equal(error.name, 'WechatpayError');
    assert.equal(error.code, 'wechat_refused');
    assert.equal(error.status, 422);
    assert.deepEqual(error.errors, errors);
    assert.equal(error.requestId, 'request-1');
    assert.equal(error.wechatCode, 'PARAM_ERROR');
    assert.equal(error.message, 'PUT /orders/A-1001: wechat_refused (422). A title.');
  });

  it('may lack what is not always there', async () => {
    const { client, plan } = createClientWorld();
    plan(problem(404, 'route_unknown', { instance: undefined }));
    const error = await errorOf(client.getOrder('A-1001'));
    assert.deepEqual(
      [error.code, error.errors, error.requestId, error.wechatCode],
      ['route_unknown', [], undefined, undefined],
    );
  });

  it('names no request where the instance is none', async () => {
    const { client, plan } = createClientWorld();
    plan(problem(404, 'order_unknown', { instance: 'https://example.com/request-1' }));
    assert.equal((await errorOf(client.getOrder('A-1001'))).requestId, undefined);
  });

  for (const [what, body] of [
    ['a code of a later release', { code: 'order_frozen', title: 'Frozen.' }],
    ['a code that every object has', { code: 'constructor', title: 'x' }],
    ['no title', { code: 'order_conflict' }],
    ['no code', { title: 'x' }],
    ['errors that are none', { code: 'order_conflict', title: 'x', errors: ['/amount'] }],
    ['the body of a gateway', { message: 'Forbidden' }],
    ['a list', [{ code: 'order_conflict', title: 'x' }]],
    ['null', null],
  ] as const) {
    it(`is not read out of ${what}`, async () => {
      const { client, plan } = createClientWorld();
      plan(answer(409, body));
      const { code, status } = await errorOf(client.putOrder('A-1001', tea));
      assert.deepEqual([code, status], ['answer_unexpected', 409]);
    });
  }
});

describe('an answer that is none of the API', () => {
  for (const [what, body] of [
    ['no text', undefined],
    ['HTML', '<html></html>'],
    ['half a JSON', '{"out_trade_no":"A-1001","status":"AWAI'],
    ['a list', '[]'],
    ['a byte order mark', '\ufeff{"out_trade_no":"A-1001","status":"AWAITING"}'],
    ['bytes that are no UTF-8', Buffer.from('{"out_trade_no":"A-1001","status":"\xff"}', 'latin1')],
  ] as const) {
    it(`has ${what}`, async () => {
      const { client, plan } = createClientWorld();
      plan(new Response(body, { status: 200 }));
      const { code, status } = await errorOf(client.putOrder('A-1001', tea));
      assert.deepEqual([code, status], ['answer_unexpected', 200]);
    });
  }

  it('is not read beyond 256 KiB', async () => {
    const { client, sent, plan } = createClientWorld();
    let pulled = 0;
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    plan(new Response(endless, { status: 200 }));
    const { code, status, retryable } = await errorOf(client.getOrder('A-1001'));
    assert.deepEqual([code, status, retryable], ['answer_too_large', 200, false]);
    assert.equal(sent.length, 1);
    assert.ok(isCancelled);
    assert.ok(pulled <= 7, `${pulled} parts`);
  });

  it('may be 256 KiB', async () => {
    const { client, plan } = createClientWorld();
    const body = JSON.stringify({ out_trade_no: 'A-1001', status: 'CLOSED' });
    plan(new Response(body.padEnd(262_144), { status: 200 }));
    assert.equal((await client.closeOrder('A-1001')).status, 'CLOSED');
    plan(new Response(body.padEnd(262_145), { status: 200 }));
    assert.equal((await errorOf(client.closeOrder('A-1001'))).code, 'answer_too_large');
  });

  it('is a connection that breaks within the body', async () => {
    const { client, sent, plan } = createClientWorld({ retries: 1 });
    const broken = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          controller.error(new TypeError('terminated'));
        },
      });
    plan(new Response(broken()), new Response(broken()));
    const { code, message } = await errorOf(client.getOrder('A-1001'));
    assert.equal(code, 'network');
    assert.equal(message, 'GET /orders/A-1001: no connection, or it broke.');
    assert.equal(sent.length, 2);
  });
});

describe('an error', () => {
  const token = options.token.toString();
  const reveals = (error: unknown): boolean =>
    `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}`.includes(token);

  it('says what the connection met', async () => {
    const { client, plan } = createClientWorld({ retries: 0 });
    plan(noConnection());
    const { message } = await errorOf(client.getOrder('A-1001'));
    assert.equal(message, 'GET /orders/A-1001: no connection, or it broke (ECONNREFUSED).');
  });

  it('never quotes the token, though fetch does', async () => {
    const { client, plan } = createClientWorld({ retries: 0 });
    const talkative = Object.assign(new Error(`Bearer ${token} is refused`), {
      code: `Bearer ${token}`,
      config: { headers: { authorization: `Bearer ${token}` } },
    });
    talkative.cause = Object.assign(new Error(token), { code: token });
    assert.ok(reveals(talkative));
    plan(talkative);
    const error = await errorOf(client.getOrder('A-1001'));
    assert.equal(error.code, 'network');
    assert.equal(reveals(error), false);
  });

  for (const [what, wrong] of [
    ['a line break', `${token}\n`],
    ['a blank', `${token} x`],
    ['a second header', `${token}\r\nx-admin: 1`],
    ['nothing', ''],
    ['a letter of another script', `${token}ö`],
  ] as const) {
    it(`of a token with ${what} does not quote it`, async () => {
      const { client, sent } = createClientWorld({ token: () => wrong });
      const error = await errorOf(client.getOrder('A-1001'));
      assert.equal(error.code, 'token_unusable');
      assert.equal(reveals(error), false);
      assert.equal(sent.length, 0);
    });
  }

  it('of a token that cannot be had says why', async () => {
    const why = new Error('The issuer does not answer.');
    for (const token of [() => Promise.reject(why), () => assert.fail(why)]) {
      const { client, sent } = createClientWorld({ token });
      const error = await errorOf(client.getOrder('A-1001'));
      assert.deepEqual([error.code, error.cause, sent.length], ['token_unusable', why, 0]);
    }
  });

  it('of an answer that is none does not quote it', async () => {
    const { client, plan } = createClientWorld();
    plan(new Response(`You sent ${token}`, { status: 418 }));
    const error = await errorOf(client.getOrder('A-1001'));
    assert.deepEqual([error.code, error.status], ['answer_unexpected', 418]);
    assert.equal(reveals(error), false);
  });
});
