import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { scaleClock } from '../../../local/clock.ts';
import type { Attempt } from '../../../local/webhook-receiver.ts';
import { ed25519Seed, hmacKey, startWebhookStack, type WebhookStack } from './webhook-stack.ts';

const hourMs = 3_600_000;

describe('webhooks of the running stack', () => {
  let web: WebhookStack;
  before(async () => {
    web = await startWebhookStack(240);
  });
  after(() => web.stop());

  const attemptsOf = (number: string): readonly Attempt[] =>
    web.receiver.attempts().filter(({ subject }) => subject === web.subjectOf(number));
  const takenOf = (number: string): readonly Attempt[] =>
    web.receiver.taken().filter(({ subject }) => subject === web.subjectOf(number));

  async function placeAndPay(number: string): Promise<void> {
    await web.place(number);
    await web.pay(number);
  }

  it('tells of a payment once, signed with every key, and leaves nothing in events.fifo', async () => {
    const collector = web.stack.collectEvents();
    await placeAndPay('HOOK-0001');
    const [attempt] = await web.until('the delivery', () => {
      const taken = takenOf('HOOK-0001');
      return taken.length > 0 && taken;
    });
    assert.ok(attempt !== undefined);
    assert.equal(attempt.type, 'order.paid');
    assert.equal(attempt.headers['content-type'], 'application/json');
    assert.equal(attempt.headers['webhook-id'], attempt.id.replaceAll('.', '_'));
    assertSigned(attempt);
    assert.deepEqual(collector.events(), []);
  });

  it('sends again what was not taken: the same id and body, signed anew', async () => {
    web.receiver.answerWith(() => (attemptsOf('HOOK-0002').length < 2 ? 500 : 200));
    await placeAndPay('HOOK-0002');
    const attempts = await web.until('three attempts', () => {
      const all = attemptsOf('HOOK-0002');
      return all.length >= 3 && all;
    });
    assert.deepEqual(
      attempts.map(({ answer }) => answer),
      [500, 500, 200],
    );
    assert.equal(new Set(attempts.map(({ id, body }) => `${id} ${body}`)).size, 1);
    const times = attempts.map(({ headers }) => Number(headers['webhook-timestamp']));
    assert.ok(times.every((time, index) => index === 0 || time > Number(times[index - 1])));
    for (const attempt of attempts) {
      assertSigned(attempt);
    }
  });

  it('keeps the order of a subject: what comes later waits behind what failed', async () => {
    web.receiver.answerWith(({ type }) => {
      const reviews = attemptsOf('HOOK-0003').filter((attempt) => attempt.type === 'order.review');
      return type === 'order.review' && reviews.length < 3 ? 503 : 204;
    });
    await web.place('HOOK-0003');
    await web.pay('HOOK-0003', { amount: 1 });
    await web.until('a failed attempt', () => attemptsOf('HOOK-0003').length > 0);
    const resolution = { action: 'accept', by: 'li', why: 'The till was set wrong' };
    const { status } = await web.call('POST', 'orders/HOOK-0003/resolve', resolution);
    assert.equal(status, 202);
    const taken = await web.until('both', () => {
      const both = takenOf('HOOK-0003');
      return both.length >= 2 && both;
    });
    assert.deepEqual(
      taken.map(({ type }) => type),
      ['order.review', 'order.paid'],
    );
    const types = attemptsOf('HOOK-0003').map(({ type }) => type);
    const first = types.indexOf('order.paid');
    assert.ok(!types.slice(first).includes('order.review'), types.join());
  });

  it('delivers the events of others while one is refused', async () => {
    web.receiver.answerWith(({ subject }) => (subject.endsWith('HOOK-0004') ? 422 : 204));
    await placeAndPay('HOOK-0004');
    await web.until('a refused attempt', () => attemptsOf('HOOK-0004').length >= 4);
    await placeAndPay('HOOK-0005');
    await web.until('the other one', () => takenOf('HOOK-0005').length > 0);
    assert.equal(takenOf('HOOK-0004').length, 0);
    web.receiver.answerWith(() => 204);
    await web.until('the refused one', () => takenOf('HOOK-0004').length > 0);
  });

  it('sets aside what is for an endpoint that is down, and delivers it when it is back', async () => {
    web.receiver.answerWith(() => 'break');
    const brokenAt = Date.now();
    const numbers = ['HOOK-0011', 'HOOK-0012', 'HOOK-0013', 'HOOK-0014'];
    for (const number of numbers) {
      await placeAndPay(number);
    }
    const aside = await web.until('all are set aside', async () => {
      const { setAside } = await web.stack.depths();
      const waiting = (setAside?.visible ?? 0) + (setAside?.inFlight ?? 0);
      return waiting >= numbers.length && Date.now();
    });
    assert.ok(aside - brokenAt >= hourMs, 'not before an hour');
    const calls = web.receiver.attempts().filter(({ receivedAtMs }) => receivedAtMs > brokenAt);
    // Three that were tolerated (and what was under way with them), then one a pause.
    assert.ok(calls.length < 40, `${calls.length} calls of an endpoint that does not answer`);
    web.receiver.answerWith(() => 204);
    for (const number of numbers) {
      await web.until(`${number} is delivered`, () => takenOf(number).length > 0);
    }
    const { webhooks, setAside, webhooksDeadLetters, setAsideDeadLetters } =
      await web.stack.depths();
    assert.deepEqual(
      [webhooks, setAside, webhooksDeadLetters, setAsideDeadLetters].map((depth) => depth?.visible),
      [0, 0, 0, 0],
    );
  });
});

/** Both signatures hold over what arrived, at the time that the header names. */
function assertSigned({ headers, body }: Attempt): void {
  const text = (name: string): string => String(headers[name]);
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
  const signed = Object.fromEntries(names.map((name) => [name, text(name)]));
  const putBack = scaleClock({ origin: Number(text('webhook-timestamp')) * 1000, factor: 1 });
  try {
    assert.deepEqual(new Webhook(hmacKey).verify(body, signed), JSON.parse(body));
  } finally {
    putBack();
  }
  const [, signature = ''] =
    text('webhook-signature')
      .split(' ')
      .map((one) => one.split(','))
      .find(([scheme]) => scheme === 'v1a') ?? [];
  const content = `${text('webhook-id')}.${text('webhook-timestamp')}.${body}`;
  const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), ed25519Seed]);
  const key = createPublicKey(createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' }));
  assert.ok(verify(null, Buffer.from(content), key, Buffer.from(signature, 'base64')));
}
