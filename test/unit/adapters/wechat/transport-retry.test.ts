import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { createTransport, type TransportRequest } from '#adapters/wechat/transport.ts';
import { deadOrigin, listen, serve } from './loopback.ts';

const request: TransportRequest = {
  method: 'POST',
  target: '/v3/pay/transactions/native',
  headers: { authorization: 'signed once' },
  body: '{"mchid":"1900007291"}',
};
const network = { type: 'failure', failure: 'network' };

async function recording(context: TestContext, answer: RequestListener) {
  const seen: string[] = [];
  const origin = await serve(context, async (incoming, response) => {
    const body = await incoming.setEncoding('utf8').reduce((all, chunk) => all + chunk, '');
    seen.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization} ${body}`);
    answer(incoming, response);
  });
  return { origin, seen };
}

const fine: RequestListener = (_request, response) => response.end('fine');

const reset: RequestListener = (incoming) => {
  incoming.socket.resetAndDestroy();
};

async function send(...origins: string[]) {
  const answer = await createTransport({ origins }).send(request);
  return answer.type === 'response'
    ? { status: answer.status, body: Buffer.from(answer.body).toString() }
    : { type: answer.type, failure: answer.failure };
}

suite('a network failure at the first origin', () => {
  test('sends the same signed request once more, to the second', async (context) => {
    const first = await recording(context, reset);
    const second = await recording(context, fine);
    assert.deepEqual(await send(first.origin, second.origin), { status: 200, body: 'fine' });
    assert.deepEqual(second.seen, [
      'POST /v3/pay/transactions/native signed once {"mchid":"1900007291"}',
    ]);
    assert.deepEqual(first.seen, second.seen);
  });

  test('may be a refused connection', async (context) => {
    const second = await recording(context, fine);
    const answer = await send(await deadOrigin(), second.origin);
    assert.deepEqual(answer, { status: 200, body: 'fine' });
  });

  test('may be an answer that ends before its length', async (context) => {
    const first = await recording(context, (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.socket?.end());
    });
    const second = await recording(context, fine);
    assert.deepEqual(await send(first.origin, second.origin), { status: 200, body: 'fine' });
  });

  test('may be an answer that is no HTTP', async (context) => {
    const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const port = await listen(context, server);
    const second = await recording(context, fine);
    const answer = await send(`http://127.0.0.1:${port}`, second.origin);
    assert.deepEqual(answer, { status: 200, body: 'fine' });
  });

  test('may be a switch of protocol that nobody asked for', async (context) => {
    const server = createServer((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    });
    const port = await listen(context, server);
    assert.deepEqual(await send(`http://127.0.0.1:${port}`), network);
  });

  test('at both origins is a network failure, after two tries', async (context) => {
    const first = await recording(context, reset);
    const second = await recording(context, reset);
    assert.deepEqual(await send(first.origin, second.origin), network);
    assert.equal(first.seen.length + second.seen.length, 2);
  });

  test('of a fresh connection is final where there is no second origin', async (context) => {
    const first = await recording(context, reset);
    assert.deepEqual(await send(first.origin), network);
    assert.equal(first.seen.length, 1);
  });
});

suite('an HTTP status', () => {
  for (const status of [301, 400, 401, 404, 429, 500, 502, 503]) {
    test(`${status} never starts a retry`, async (context) => {
      const first = await recording(context, (_request, response) => {
        response.writeHead(status).end();
      });
      const second = await recording(context, fine);
      assert.deepEqual(await send(first.origin, second.origin), { status, body: '' });
      assert.equal(second.seen.length, 0);
    });
  }
});

suite('a kept-alive connection that went stale', () => {
  function staleAfterFirst(): RequestListener {
    const used = new WeakSet();
    return (incoming, response) => {
      if (used.has(incoming.socket)) {
        incoming.socket.resetAndDestroy();
        return;
      }
      used.add(incoming.socket);
      response.end('fine');
    };
  }

  test('is replaced by a fresh one where there is no second origin', async (context) => {
    const first = await recording(context, staleAfterFirst());
    const transport = createTransport({ origins: [first.origin] });
    for (let call = 0; call < 3; call += 1) {
      const answer = await transport.send(request);
      assert.equal(answer.type, 'response');
    }
    assert.ok(first.seen.length > 3, 'a connection was really used again');
  });

  test('is not replaced by another that went stale as well', async (context) => {
    const waiting: (() => void)[] = [];
    const used = new WeakSet();
    const first = await recording(context, (incoming, response) => {
      if (used.has(incoming.socket)) {
        incoming.socket.resetAndDestroy();
        return;
      }
      used.add(incoming.socket);
      if (waiting.length === 2) {
        response.end('fine');
        return;
      }
      waiting.push(() => response.end('fine'));
      if (waiting.length === 2) {
        for (const answer of waiting) {
          answer();
        }
      }
    });
    const transport = createTransport({ origins: [first.origin] });
    await Promise.all([transport.send(request), transport.send(request)]);
    assert.equal((await transport.send(request)).type, 'response');
  });

  test('costs the one retry, which goes to the second origin', async (context) => {
    const first = await recording(context, staleAfterFirst());
    const second = await recording(context, fine);
    const transport = createTransport({ origins: [first.origin, second.origin] });
    await transport.send(request);
    assert.equal((await transport.send(request)).type, 'response');
    assert.equal(first.seen.length, 2);
    assert.equal(second.seen.length, 1);
  });

  test('is not retried for ever: a fresh connection that breaks is final', async (context) => {
    let calls = 0;
    const first = await recording(context, (incoming, response) => {
      calls += 1;
      if (calls > 1) {
        incoming.socket.resetAndDestroy();
        return;
      }
      response.end('fine');
    });
    const transport = createTransport({ origins: [first.origin] });
    await transport.send(request);
    assert.deepEqual(await transport.send(request).then(({ type }) => type), 'failure');
    assert.equal(calls, 3);
  });
});
