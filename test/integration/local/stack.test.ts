import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isObject, type JsonObject, objectOf } from '../../../local/json.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import { until } from '../../../local/stack-client.ts';
import { isReachable } from './reachable.ts';

const functionsDir = join(import.meta.dirname, 'functions');

describe('a stack built from the template', () => {
  let stack: Stack;
  const written: string[] = [];

  before(async () => {
    stack = await startStack({
      functionsDir,
      schedules: false,
      onOutput: (name, text) => written.push(`[${name}] ${text}`),
    });
  });
  after(() => stack.stop());

  const notify = (order: JsonObject) =>
    fetch(stack.dev.notifyUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });

  it('brings a notice through both functions to the table and to the events', async () => {
    const collector = stack.collectEvents();
    const response = await notify({ id: 'first', does: 'write' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), 'taken');
    assert.equal(response.headers.get('x-tenant'), 'dev');
    const event = await until('the event', () => collector.events()[0]);
    assert.deepEqual([event.id, event.type, event.subject], ['first', 'written', 'first']);
    const row = await stack.item('first');
    assert.equal(row?.['receives'], 1);
    assert.equal(row?.['route'], 'POST /notify/{account}');
  });

  it('knows which function made which call', async () => {
    await notify({ id: 'counted', does: 'write' });
    await until('the row', () => stack.item('counted'));
    const sqs = stack.gates.sqs.counts();
    const dynamodb = stack.gates.dynamodb.counts();
    assert.ok((sqs.get('notify SendMessage') ?? 0) >= 1);
    assert.ok((sqs.get('confirm.poller ReceiveMessage') ?? 0) >= 1);
    assert.ok((dynamodb.get('confirm PutItem') ?? 0) >= 1);
    assert.equal(dynamodb.get('notify PutItem'), undefined);
    assert.equal(stack.gates.secretsManager.counts().get('notify GetSecretValue'), 2);
  });

  it('leaves a message that a function keeps in its queue, and deletes the others', async () => {
    await notify({ id: 'kept', does: 'keep' });
    await notify({ id: 'done', does: 'write' });
    await until('the row', () => stack.item('done'));
    await until('the rest', async () => (await stack.depths())['hints']?.inFlight === 1);
    assert.equal(await stack.item('kept'), undefined);
  });

  it('leaves the whole batch in its queue when the function throws, and tells why', async () => {
    const before = (await stack.depths())['hints']?.inFlight ?? 0;
    await notify({ id: 'bad', does: 'throw' });
    await until('the failure', () => written.find((line) => line.includes('Told to throw by bad')));
    assert.equal((await stack.depths())['hints']?.inFlight, before + 1);
  });

  it('gives a function exactly what the template and Lambda give it', async () => {
    const response = await fetch(`${stack.dev.api}/v1/echo`);
    const answer = objectOf(await response.json(), 'The answer');
    const environment = objectOf(answer['environment'], 'The environment');
    const own = Object.keys(environment).filter(
      (name) => !/^(AWS_|LAMBDA_|_HANDLER|TZ)/.test(name),
    );
    assert.deepEqual(own.toSorted(), [
      'ACCOUNT_SECRET_PREFIX',
      'ALLOWS_LOOPBACK',
      'EVENTS_QUEUE_URL',
      'EVENTS_TENANT',
      'HINTS_QUEUE_URL',
      'JWKS',
      'JWKS_URL',
      'LOG_LEVEL',
      'NOTIFY_BASE_URL',
      'STAGE',
      'TABLE_NAME',
      'TIMERS_QUEUE_URL',
      'TOKEN_AUDIENCE',
      'TOKEN_ISSUER',
      'WEBHOOKS_QUEUE_URL',
      'WECHAT_BACKUP_ORIGIN',
      'WECHAT_ORIGIN',
    ]);
    assert.equal(environment['NOTIFY_BASE_URL'], stack.dev.api);
    assert.equal(environment['WECHAT_ORIGIN'], stack.dev.simulatorTls.origin);
    assert.equal(environment['AWS_LAMBDA_FUNCTION_NAME'], 'wechatpay-dev-api');
    const context = objectOf(answer['context'], 'The context');
    assert.equal(context['memoryLimitInMB'], '256');
    assert.match(String(context['awsRequestId']), /^[0-9a-f-]{36}$/);
    const remainingMs = Number(context['remainingMs']);
    assert.ok(remainingMs > 0 && remainingMs <= 30_000, String(remainingMs));
  });

  it('hands a request over as an HTTP API does', async () => {
    const response = await fetch(`${stack.dev.api}/v1/a%20b/c?x=1&x=2`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/octet-stream', 'X-Some-Name': 'v' },
      body: Buffer.from([0, 255]),
    });
    assert.equal(response.headers.get('content-type'), 'application/json');
    const { event } = (await response.json()) as { readonly event: JsonObject };
    assert.equal(event['routeKey'], 'ANY /v1/{proxy+}');
    assert.equal(event['rawPath'], '/v1/a b/c');
    assert.equal(event['rawQueryString'], 'x=1&x=2');
    assert.deepEqual(event['pathParameters'], { proxy: 'a b/c' });
    assert.deepEqual([event['body'], event['isBase64Encoded']], ['AP8=', true]);
    assert.ok(isObject(event['headers']));
    assert.equal(event['headers']['x-some-name'], 'v');
  });

  it('answers 404 itself where no route leads', async () => {
    const paths = ['/', '/v1', '/v1/', '/notify', '/notify/dev/more', '/_control/pay'];
    for (const path of paths) {
      assert.equal((await fetch(`${stack.dev.api}${path}`, { method: 'POST' })).status, 404, path);
    }
    assert.equal((await fetch(stack.dev.notifyUrl)).status, 404);
  });

  it('answers 413 itself to a body of more than 10 MB', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const response = await fetch(stack.dev.notifyUrl, { method: 'POST', body });
    assert.equal(response.status, 413);
    assert.deepEqual(await response.json(), { message: 'Request Entity Too Large' });
  });

  it('answers 500 and nothing else when a function fails', async () => {
    const response = await fetch(`${stack.dev.api}/notify/nobody`, { method: 'POST', body: 'x' });
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { message: 'Internal Server Error' });
  });

  it('runs a function on demand with the event of its schedule', async () => {
    assert.deepEqual(
      stack.deployment.schedules.map(({ expression }) => expression),
      ['rate(1 minute)'],
    );
    const result = await stack.invoke('sweep', { source: 'aws.events' });
    assert.deepEqual(result, { ok: true, payload: null });
    assert.equal((await stack.item('sweep'))?.['source'], 'aws.events');
  });

  it('rejects the name of a function that is not in the template', () => {
    assert.throws(() => stack.invoke('reconcile', {}), /no function reconcile/);
  });
});

describe('a stack that stops', () => {
  it('frees its ports and leaves no thread', async () => {
    const stack = await startStack({ functionsDir });
    const { api, simulator, sqs, dynamodb } = stack.dev;
    await fetch(`${api}/v1/echo`);
    await stack.stop();
    for (const origin of [api, simulator, sqs, dynamodb]) {
      assert.equal(await isReachable(origin), false, origin);
    }
    assert.ok(!process.getActiveResourcesInfo().includes('MessagePort'));
  });
});
