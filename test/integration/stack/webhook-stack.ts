import assert from 'node:assert/strict';
import { type ClockSetting, scaleClock } from '../../../local/clock.ts';
import { type JsonObject, parseJsonObject } from '../../../local/json.ts';
import type { Stack } from '../../../local/stack.ts';
import type { WebhookReceiver } from '../../../local/webhook-receiver.ts';

/** A running stack whose account `web` has a webhook, which a receiver of the test answers. */
export type WebhookStack = {
  readonly stack: Stack;
  readonly receiver: WebhookReceiver;
  readonly subjectOf: (out_trade_no: string) => string;
  /** Of account web. */
  readonly place: (out_trade_no: string, order?: JsonObject) => Promise<void>;
  readonly pay: (out_trade_no: string, wish?: JsonObject) => Promise<void>;
  readonly call: (
    method: string,
    path: string,
    body?: JsonObject,
  ) => Promise<{ readonly status: number; readonly body: JsonObject }>;
  readonly until: <T>(
    what: string,
    check: () => T | undefined | false | Promise<T | undefined | false>,
  ) => Promise<T>;
  readonly stop: () => Promise<void>;
};

/** Two that take turns: each delivery is signed with both. */
export const hmacKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const ed25519Seed = Buffer.alloc(32, 9);

const tea = { trade_type: 'NATIVE', description: 'Tea', amount: { total: 8800, currency: 'CNY' } };
const patienceMs = 60_000;

/** Starts them with time running `factor` times as fast. */
export async function startWebhookStack(factor: number): Promise<WebhookStack> {
  const clock: ClockSetting = { origin: Date.now(), factor };
  const putBack = scaleClock(clock);
  // Loaded only now, so that everything sees the scaled clock.
  const { startStack } = await import('../../../local/stack.ts');
  const { until } = await import('../../../local/stack-client.ts');
  const { startWebhookReceiver } = await import('../../../local/webhook-receiver.ts');
  const receiver = await startWebhookReceiver();
  const keys = [hmacKey, `whsk_${ed25519Seed.toString('base64')}`];
  const stack = await startStack({ clock, webhook: { url: receiver.url, keys } });
  const { accounts, tokens, api } = stack.dev;
  const mchid = accounts.web?.mchid ?? assert.fail('account web is not set up');
  const call: WebhookStack['call'] = async (method, path, body) => {
    const answer = await fetch(`${api}/v1/web/${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens.web}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: parseJsonObject(await answer.text()) ?? {} };
  };
  return {
    stack,
    receiver,
    subjectOf: (number) => `order#${mchid}#${number}`,
    call,
    place: async (number, order = tea) => {
      const { status, body } = await call('PUT', `orders/${number}`, order);
      assert.equal(status, 201, JSON.stringify(body));
    },
    pay: async (out_trade_no, wish = {}) => {
      const { status, text } = await stack.control('pay', { out_trade_no, mchid, ...wish });
      assert.equal(status, 200, text);
    },
    until: (what, check) => until(what, check, patienceMs),
    stop: async () => {
      await stack.stop();
      await receiver.stop();
      putBack();
    },
  };
}
