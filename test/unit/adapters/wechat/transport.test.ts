import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createTransport, type TransportRequest } from '#adapters/wechat/transport.ts';
import { deadOrigin, serve } from './loopback.ts';

const get: TransportRequest = { method: 'GET', target: '/v3/a%7Cb*c?mchid=1', headers: { a: 'b' } };
const post: TransportRequest = { ...get, method: 'POST', body: '{"name":"深圳"}' };
const network = { type: 'failure', failure: 'network' };

async function send(origins: readonly string[], request = get, limits = {}) {
  const answer = await createTransport({ origins, limits }).send(request);
  return answer.type === 'response'
    ? { status: answer.status, body: Buffer.from(answer.body).toString() }
    : { type: answer.type, failure: answer.failure };
}

async function counting(context: TestContext, status: number) {
  const seen: string[] = [];
  const origin = await serve(context, (request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(status).end(`answer of ${status}`);
  });
  return { origin, seen };
}

suite('a request', () => {
  test('goes out as it was signed: target, headers and body', async (context) => {
    const origin = await serve(context, async (request, response) => {
      const body = await request.setEncoding('utf8').reduce((all, chunk) => all + chunk, '');
      const { a, 'content-length': length, 'transfer-encoding': coding } = request.headers;
      response.end(JSON.stringify([request.method, request.url, a, length, coding, body]));
    });
    const answer = await send([origin], post);
    const sent = ['POST', '/v3/a%7Cb*c?mchid=1', 'b', '17', null, '{"name":"深圳"}'];
    assert.deepEqual(answer, { status: 200, body: JSON.stringify(sent) });
  });

  test('uses one kept-alive connection for calls that follow each other', async (context) => {
    const ports = new Set<number | undefined>();
    const origin = await serve(context, (request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const transport = createTransport({ origins: [origin] });
    for (let call = 0; call < 3; call += 1) {
      await transport.send(get);
    }
    assert.equal(ports.size, 1);
  });
});

suite('an answer', () => {
  test('keeps its bytes, and a header that came twice is joined with a comma', async (context) => {
    const bytes = Buffer.from([0, 255, 10, 13, 195, 40]);
    const origin = await serve(context, (_request, response) => {
      response.setHeader('Wechatpay-Nonce', ['one', 'two']);
      response.end(bytes);
    });
    const answer = await createTransport({ origins: [origin] }).send(get);
    assert.ok(answer.type === 'response');
    assert.deepEqual(Buffer.from(answer.body), bytes);
    assert.equal(answer.headers['wechatpay-nonce'], 'one, two');
  });

  test('of 204 has an empty body', async (context) => {
    const { origin } = await counting(context, 204);
    assert.deepEqual(await send([origin]), { status: 204, body: '' });
  });

  test('that redirects is given back and not followed', async (context) => {
    const other = await counting(context, 200);
    const origin = await serve(context, (_request, response) => {
      response.writeHead(302, { location: other.origin }).end();
    });
    assert.deepEqual(await send([origin, other.origin]), { status: 302, body: '' });
    assert.equal(other.seen.length, 0);
  });

  test('as long as the limit passes, one byte more does not', async (context) => {
    const origin = await serve(context, (_request, response) => response.end('12345678'));
    const limited = (maxBodyBytes: number) => send([origin], get, { maxBodyBytes });
    assert.deepEqual(await limited(8), { status: 200, body: '12345678' });
    assert.deepEqual(await limited(7), { type: 'failure', failure: 'too-large' });
  });

  test('without end is cut off at the limit and not asked for elsewhere', async (context) => {
    const other = await counting(context, 200);
    const origin = await serve(context, (_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const pour = () => {
        while (!response.destroyed && response.write(chunk)) {
          // As much as the socket takes; the drain event goes on.
        }
      };
      response.on('drain', pour);
      pour();
    });
    const answer = await send([origin, other.origin], get, { maxBodyBytes: 1_000_000 });
    assert.deepEqual(answer, { type: 'failure', failure: 'too-large' });
    assert.equal(other.seen.length, 0);
  });
});

suite('the total time', () => {
  test('ends a call that is never answered, without asking elsewhere', async (context) => {
    const other = await counting(context, 200);
    const origin = await serve(context, () => undefined);
    const answer = await send([origin, other.origin], get, { totalTimeoutMs: 40 });
    assert.deepEqual(answer, { type: 'failure', failure: 'timeout' });
    assert.equal(other.seen.length, 0);
  });

  test('ends an answer that stops half-way', async (context) => {
    const origin = await serve(context, (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
    });
    const answer = await send([origin], get, { totalTimeoutMs: 40 });
    assert.deepEqual(answer, { type: 'failure', failure: 'timeout' });
  });

  test('covers both tries together', { timeout: 10_000 }, async (context) => {
    let nowMs = 0;
    context.mock.method(process, 'uptime', () => nowMs / 1_000);
    const second = await counting(context, 200);
    const first = await serve(context, (request) => {
      nowMs = 60_000;
      request.socket.resetAndDestroy();
    });
    const silent = await serve(context, () => undefined);
    const limits = { totalTimeoutMs: 60_000 };
    const answer = await send([first, silent], get, limits);
    assert.deepEqual(answer, { type: 'failure', failure: 'timeout' });
    nowMs = 0;
    assert.deepEqual(await send([await deadOrigin(), second.origin], get, limits), {
      status: 200,
      body: 'answer of 200',
    });
  });
});

suite('the origins', () => {
  test('are one or two', () => {
    const three = ['https://a.example', 'https://b.example', 'https://c.example'];
    assert.throws(() => createTransport({ origins: [] }), TypeError);
    assert.throws(() => createTransport({ origins: three }), TypeError);
  });

  test('are a scheme and a host and nothing else', () => {
    for (const origin of ['', 'api.example', 'ftp://a.example', 'https://a.example/v3', 'x:y']) {
      assert.throws(() => createTransport({ origins: [origin] }), TypeError, origin);
    }
  });

  test('may be asked by a literal IPv6 address, and a dead one is a network failure', async () => {
    const { port } = new URL(await deadOrigin());
    assert.deepEqual(await send([`http://[::1]:${port}`]), network);
  });
});
