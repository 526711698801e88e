import assert from 'node:assert/strict';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { createWebhookSender } from '#adapters/webhooks/sender.ts';
import { deadOrigin, listen, serve } from '../wechat/loopback.ts';
import {
  delivery,
  deliveryOf,
  ed25519Key,
  hmacKey,
  sentAt,
  signatures,
  webhookAt,
} from './deliveries.ts';

const userAgent = 'wechatpay-serverless/0.1';

function send(origin: string, timeoutMs = 60_000, message = delivery) {
  const sender = createWebhookSender({ allowsLoopback: true, timeoutMs, userAgent });
  return sender.send(webhookAt(`${origin}/hook?tenant=1`), message, sentAt);
}

/** Answers by hand, so that an answer may be anything. */
async function serveRaw(context: TestContext, answer: (socket: Socket) => void) {
  const closed: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    closed.push(new Promise((resolve) => socket.on('close', resolve)));
    socket.once('data', () => answer(socket));
  });
  const origin = `http://127.0.0.1:${await listen(context, server)}`;
  return { origin, closed: () => Promise.all(closed) };
}

/** Writes for as long as somebody reads. */
function pour(socket: Socket, text: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(text)) {
      // As much as the socket takes; the drain event goes on.
    }
  };
  socket.on('drain', more);
  more();
}

function answering(status: number): RequestListener {
  return (_request, response) => {
    response.writeHead(status).end('{"error":"not here"}');
  };
}

suite('a delivery', () => {
  test('is a POST of the body as it lies in the queue, signed with all keys', async (context) => {
    const seen: { line: string; headers: IncomingHttpHeaders; body: string }[] = [];
    const origin = await serve(context, async (request, response) => {
      const body = await request.setEncoding('utf8').reduce((all, chunk) => all + chunk, '');
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      response.end();
    });
    assert.deepEqual(await send(origin), { type: 'delivered' });
    assert.deepEqual(seen, [
      {
        line: 'POST /hook?tenant=1',
        headers: {
          'content-type': 'application/json',
          'content-length': '70',
          'user-agent': 'wechatpay-serverless/0.1',
          'webhook-id': 'order#1900000001#A-1001/order_paid/1',
          'webhook-timestamp': '1795233621',
          'webhook-signature': `${signatures[hmacKey]} ${signatures[ed25519Key]}`,
          host: new URL(origin).host,
          connection: 'close',
        },
        body: '{"id":"order#1900000001#A-1001/order.paid/1","data":{"shop":"深圳"}}',
      },
    ]);
  });

  test('of an event with an odd id is still one request', async (context) => {
    const ids: unknown[] = [];
    const origin = await serve(context, ({ headers }, response) => {
      ids.push(headers['webhook-id'], headers['x-admin']);
      response.end();
    });
    const odd = deliveryOf('order\r\nx-admin: 1\r\n\r\n深圳');
    assert.deepEqual(await send(origin, 60_000, odd), { type: 'delivered' });
    assert.deepEqual(ids, ['order__x-admin:_1______', undefined]);
  });

  test('that meets an error does not speak of what was sent', async () => {
    const outcome = await send(await deadOrigin());
    assert.deepEqual(outcome, { type: 'failed', reason: 'network' });
  });

  test('with a key that is none is not sent', async (context) => {
    let calls = 0;
    const origin = await serve(context, (_request, response) => {
      calls += 1;
      response.end();
    });
    const sender = createWebhookSender({ allowsLoopback: true, timeoutMs: 60_000, userAgent });
    const outcome = await sender.send({ url: origin, keys: [hmacKey, 'whsec_'] }, delivery, sentAt);
    assert.deepEqual(outcome, { type: 'failed', reason: 'key_invalid' });
    assert.equal(calls, 0);
  });

  test('is tried once, on a connection of its own', async (context) => {
    const ports: unknown[] = [];
    const origin = await serve(context, ({ socket }, response) => {
      ports.push(socket.remotePort);
      response.writeHead(503, { connection: 'keep-alive', 'retry-after': '0' }).end();
    });
    const sender = createWebhookSender({ allowsLoopback: true, timeoutMs: 60_000, userAgent });
    for (let call = 0; call < 2; call += 1) {
      await sender.send(webhookAt(origin), delivery, sentAt);
    }
    assert.equal(ports.length, 2);
    assert.equal(new Set(ports).size, 2);
  });
});

suite('an answer', () => {
  for (const status of [200, 201, 202, 204, 299]) {
    test(`of ${status} means delivered`, async (context) => {
      const origin = await serve(context, answering(status));
      assert.deepEqual(await send(origin), { type: 'delivered' });
    });
  }

  for (const status of [300, 304, 400, 401, 404, 410, 413, 429, 500, 502, 503, 599]) {
    test(`of ${status} is a failure with its status`, async (context) => {
      const origin = await serve(context, answering(status));
      assert.deepEqual(await send(origin), { type: 'failed', reason: 'status', status });
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    test(`of ${status} is a failure, and the redirect is not followed`, async (context) => {
      let followed = 0;
      const other = await serve(context, (_request, response) => {
        followed += 1;
        response.end();
      });
      const origin = await serve(context, (_request, response) => {
        response.writeHead(status, { location: other, refresh: `0;url=${other}` }).end();
      });
      assert.deepEqual(await send(origin), { type: 'failed', reason: 'status', status });
      assert.equal(followed, 0);
    });
  }

  test('counts before the request is read to its end', async (context) => {
    const origin = await serve(context, answering(200));
    const long = deliveryOf('order#1/order.paid/1', 'x'.repeat(200_000));
    assert.deepEqual(await send(origin, 60_000, long), { type: 'delivered' });
  });

  const endless: Readonly<Record<string, (socket: Socket) => void>> = {
    'whose body never ends': (socket) => socket.write('half'),
    'whose body is without end': (socket) => pour(socket, 'x'.repeat(65_536)),
  };
  for (const [what, answer] of Object.entries(endless)) {
    test(`${what} is not waited for, and its connection is closed`, async (context) => {
      const { origin, closed } = await serveRaw(context, (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9000000000\r\n\r\n');
        answer(socket);
      });
      assert.deepEqual(await send(origin), { type: 'delivered' });
      await closed();
    });
  }

  test('that is cut off after its status counts', async (context) => {
    const { origin } = await serveRaw(context, (socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
    });
    assert.deepEqual(await send(origin), { type: 'delivered' });
  });

  const noAnswers: Readonly<Record<string, string>> = {
    'no HTTP': '220 mail.example ESMTP\r\n',
    'no whole status line': 'HTTP/1.1 20',
    'no whole head': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n',
    'a body alone': '{"ok":true}',
    'nothing at all': '',
    'a length that contradicts':
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    'a switch of protocol that nobody asked for':
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    'a promise of an answer': 'HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n',
  };
  for (const [what, text] of Object.entries(noAnswers)) {
    test(`that is ${what} is a network failure`, async (context) => {
      const { origin } = await serveRaw(context, (socket) => socket.end(text));
      assert.deepEqual(await send(origin), { type: 'failed', reason: 'network' });
    });
  }

  test('whose headers have no end is cut off', async (context) => {
    const { origin, closed } = await serveRaw(context, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      pour(socket, 'x-more: of the same\r\n'.repeat(100));
    });
    assert.deepEqual(await send(origin), { type: 'failed', reason: 'network' });
    await closed();
  });

  test('with a head longer than 16 KB is none', async (context) => {
    const outcomes: unknown[] = [];
    for (const length of [15_000, 17_000]) {
      const { origin } = await serveRaw(context, (socket) => {
        socket.end(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(length)}\r\n\r\n`);
      });
      outcomes.push(await send(origin));
    }
    assert.deepEqual(outcomes, [{ type: 'delivered' }, { type: 'failed', reason: 'network' }]);
  });

  test('that is a reset is a network failure', async (context) => {
    const { origin } = await serveRaw(context, (socket) => socket.resetAndDestroy());
    assert.deepEqual(await send(origin), { type: 'failed', reason: 'network' });
  });
});

suite('the time', () => {
  const timedOut = { type: 'failed', reason: 'timeout' };

  test('ends a call that is never answered, and its connection', async (context) => {
    const { origin, closed } = await serveRaw(context, () => undefined);
    assert.deepEqual(await send(origin, 100), timedOut);
    await closed();
  });

  test('ends a head that comes drop by drop', async (context) => {
    const { origin, closed } = await serveRaw(context, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-drops: ');
      const drops = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(drops));
    });
    assert.deepEqual(await send(origin, 100), timedOut);
    await closed();
  });

  test('ends a server that promises answers without end', async (context) => {
    const { origin, closed } = await serveRaw(context, (socket) => {
      pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n');
    });
    assert.deepEqual(await send(origin, 100), timedOut);
    await closed();
  });

  test('ends a TLS handshake that nobody answers', async (context) => {
    const { origin, closed } = await serveRaw(context, () => undefined);
    assert.deepEqual(await send(origin.replace('http:', 'https:'), 100), timedOut);
    await closed();
  });

  test('ends the search for a name', async () => {
    const sender = createWebhookSender({
      allowsLoopback: true,
      timeoutMs: 40,
      userAgent,
      lookup: () => undefined,
    });
    const outcome = await sender.send(webhookAt('https://shop.example'), delivery, sentAt);
    assert.deepEqual(outcome, timedOut);
  });

  test('is real, whatever the clock of the process says', async (context) => {
    context.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: sentAt });
    const { origin } = await serveRaw(context, () => undefined);
    assert.deepEqual(await send(origin, 40), timedOut);
  });
});
