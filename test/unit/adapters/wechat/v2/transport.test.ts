import assert from 'node:assert/strict';
import dns from 'node:dns';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { createTransport, type Transport } from '#adapters/wechat/v2/transport.ts';
import { deadOrigin, listen, serve } from '../loopback.ts';

const request = {
  method: 'POST',
  target: '/pay/micropay',
  headers: { 'content-type': 'text/xml' },
  body: '<xml><sign>once</sign></xml>',
} as const;

const namelessOrigin = 'http://wechat.invalid';

const fine: RequestListener = (_request, response) => response.end('fine');
const reset: RequestListener = (incoming) => {
  incoming.socket.resetAndDestroy();
};

async function recording(context: TestContext, answer: RequestListener = fine) {
  const seen: string[] = [];
  const ports: (number | undefined)[] = [];
  const origin = await serve(context, async (incoming, response) => {
    const body = await incoming.setEncoding('utf8').reduce((all, chunk) => all + chunk, '');
    seen.push(`${incoming.method} ${incoming.url} ${body}`);
    ports.push(incoming.socket.remotePort);
    answer(incoming, response);
  });
  return { origin, seen, ports };
}

async function send(transport: Transport) {
  const answer = await transport.send(request);
  return answer.type === 'response' ? answer.status : answer.failure;
}

/** A clock of its own for what the transport remembers. */
function ownClock(context: TestContext) {
  const clock = { nowMs: 1_000_000 };
  context.mock.method(process, 'uptime', () => clock.nowMs / 1_000);
  return clock;
}

/** Takes connections but never shakes hands; with `hangsUp` it says so at once. */
async function silentTls(context: TestContext, hangsUp = false) {
  let connections = 0;
  const port = await listen(
    context,
    createServer((socket) => {
      connections += 1;
      if (hangsUp) {
        socket.destroy();
      }
    }),
  );
  return { origin: `https://127.0.0.1:${port}`, connections: () => connections };
}

/** From now on no name has an address, not even one to listen at; counts who asks. */
function withoutNames(context: TestContext) {
  const error = Object.assign(new Error('ENOTFOUND'), {
    syscall: 'getaddrinfo',
    code: 'ENOTFOUND',
  });
  return context.mock.method(dns, 'lookup', (...given: readonly unknown[]) => {
    const answer = given.at(-1);
    assert.ok(typeof answer === 'function');
    setImmediate(() => answer(error));
  }).mock;
}

suite('a call is sent once', () => {
  for (const [name, listener] of Object.entries<RequestListener>({
    'was reset': reset,
    'ended before its length': (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.socket?.end());
    },
    'was an error': (_request, response) => response.writeHead(503).end(),
  })) {
    test(`though the answer ${name}`, async (context) => {
      const main = await recording(context, listener);
      const backup = await recording(context);
      await send(createTransport({ origins: [main.origin, backup.origin] }));
      assert.equal(main.seen.length, 1);
      assert.equal(backup.seen.length, 0);
    });
  }

  test('though no answer came in time, and the next goes to the same domain', async (context) => {
    const main = await recording(context, () => undefined);
    const backup = await recording(context);
    const origins = [main.origin, backup.origin];
    const transport = createTransport({ origins, limits: { totalTimeoutMs: 60 } });
    for (let call = 0; call < 5; call += 1) {
      assert.equal(await send(transport), 'timeout');
    }
    assert.equal(main.seen.length, 5);
    assert.equal(backup.seen.length, 0);
  });

  test('though the kept-alive connection it took had gone stale', async (context) => {
    const used = new WeakSet();
    const main = await recording(context, (incoming, response) => {
      if (used.has(incoming.socket)) {
        reset(incoming, response);
        return;
      }
      used.add(incoming.socket);
      response.end();
    });
    const backup = await recording(context);
    const transport = createTransport({ origins: [main.origin, backup.origin] });
    assert.equal(await send(transport), 200);
    assert.equal(await send(transport), 'network');
    assert.equal(main.seen.length, 2);
    assert.equal(backup.seen.length, 0);
  });

  test('though an answer is longer than 64 KB', async (context) => {
    const main = await recording(context, (_request, response) => {
      response.end(Buffer.alloc(65_537));
    });
    const backup = await recording(context);
    const transport = createTransport({ origins: [main.origin, backup.origin] });
    assert.equal(await send(transport), 'too-large');
    assert.equal(backup.seen.length, 0);
  });
});

suite('what cannot have been delivered goes to the backup at once', () => {
  test('when the connection is refused, with the same bytes', async (context) => {
    const backup = await recording(context);
    assert.equal(
      await send(createTransport({ origins: [await deadOrigin(), backup.origin] })),
      200,
    );
    assert.deepEqual(backup.seen, ['POST /pay/micropay <xml><sign>once</sign></xml>']);
  });

  test('when the name has no address', async (context) => {
    const backup = await recording(context);
    withoutNames(context);
    const origins = [namelessOrigin, backup.origin];
    assert.equal(await send(createTransport({ origins })), 200);
    assert.equal(backup.seen.length, 1);
  });

  test('but no further, and not without a backup', async () => {
    assert.equal(await send(createTransport({ origins: [await deadOrigin()] })), 'network');
    const origins = [await deadOrigin(), await deadOrigin()];
    assert.equal(await send(createTransport({ origins })), 'network');
  });

  test('within the one total time', { timeout: 10_000 }, async (context) => {
    const clock = ownClock(context);
    const main = await silentTls(context);
    const backup = await recording(context, () => undefined);
    const transport = createTransport({
      origins: [main.origin, backup.origin],
      limits: { connectTimeoutMs: 50, totalTimeoutMs: 60_000 },
    });
    const answer = send(transport);
    clock.nowMs += 59_950;
    assert.equal(await answer, 'timeout');
  });
});

suite('a domain that cannot be reached', () => {
  test('in time is not asked after the third call', async (context) => {
    const main = await silentTls(context);
    const backup = await recording(context);
    const transport = createTransport({
      origins: [main.origin, backup.origin],
      limits: { connectTimeoutMs: 40 },
    });
    for (let call = 0; call < 5; call += 1) {
      assert.equal(await send(transport), 200);
    }
    assert.equal(main.connections(), 3);
    assert.equal(backup.seen.length, 5);
  });

  test('is asked again after three minutes', async (context) => {
    const clock = ownClock(context);
    const main = await silentTls(context);
    const backup = await recording(context);
    const transport = createTransport({
      origins: [main.origin, backup.origin],
      limits: { connectTimeoutMs: 40 },
    });
    for (let call = 0; call < 4; call += 1) {
      await send(transport);
    }
    clock.nowMs += 179_999;
    await send(transport);
    assert.equal(main.connections(), 3);
    clock.nowMs += 1;
    await send(transport);
    assert.equal(main.connections(), 4);
  });

  test('for want of an address is left the same way', async (context) => {
    const backup = await recording(context);
    const lookups = withoutNames(context);
    const transport = createTransport({ origins: [namelessOrigin, backup.origin] });
    for (let call = 0; call < 5; call += 1) {
      assert.equal(await send(transport), 200);
    }
    assert.equal(lookups.callCount(), 3);
    assert.equal(backup.seen.length, 5);
  });

  test('is asked all the same where there is no other', async (context) => {
    const main = await silentTls(context);
    const limits = { connectTimeoutMs: 40 };
    const transport = createTransport({ origins: [main.origin], limits });
    for (let call = 0; call < 5; call += 1) {
      await send(transport);
    }
    assert.equal(main.connections(), 5);
  });

  test('because it hangs up is asked first each time', async (context) => {
    const main = await silentTls(context, true);
    const backup = await recording(context);
    const transport = createTransport({ origins: [main.origin, backup.origin] });
    for (let call = 0; call < 5; call += 1) {
      assert.equal(await send(transport), 200);
    }
    assert.equal(main.connections(), 5);
    assert.equal(backup.seen.length, 5);
  });
});

suite('a kept-alive connection', () => {
  test('is used for calls that follow each other, and not when it rested for 4 s', async (context) => {
    const clock = ownClock(context);
    const main = await recording(context);
    const transport = createTransport({ origins: [main.origin] });
    await send(transport);
    clock.nowMs += 3_999;
    await send(transport);
    clock.nowMs += 4_000;
    await send(transport);
    const [first, second, third] = main.ports;
    assert.equal(first, second);
    assert.notEqual(second, third);
  });

  test('of a call under way is not closed by a call after a long rest', async (context) => {
    const clock = ownClock(context);
    const waiting: (() => void)[] = [];
    const main = await recording(context, (_request, response) => {
      if (waiting.push(() => response.end()) === 2) {
        for (const answer of waiting) {
          answer();
        }
      }
    });
    const transport = createTransport({ origins: [main.origin] });
    const first = send(transport);
    while (main.seen.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.nowMs += 5_000;
    assert.deepEqual(await Promise.all([first, send(transport)]), [200, 200]);
  });
});

suite('the origins', () => {
  test('are one or two', () => {
    const three = ['https://a.example', 'https://b.example', 'https://c.example'];
    assert.throws(() => createTransport({ origins: [] }), TypeError);
    assert.throws(() => createTransport({ origins: three }), TypeError);
  });
});
