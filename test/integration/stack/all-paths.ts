import assert from 'node:assert/strict';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { encodeMessage } from '#core/messages.ts';
import { isAccountName, isMchid } from '#core/values/ids.ts';
import { isInstant, minuteMs, plus } from '#core/values/time.ts';
import { clientSettings } from '../../../local/emulators.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { Stack } from '../../../local/stack.ts';
import { createStackClient, until } from '../../../local/stack-client.ts';
import { valid, wake } from '../../support/order-builder.ts';
import { makeNotice, paidResource, type SignedNotice } from './notice-maker.ts';

const tea = { trade_type: 'NATIVE', description: 'Tea', amount: { total: 8800, currency: 'CNY' } };
const patienceMs = 60_000;

/** Nobody listens there. */
export const deadWebhook = {
  url: 'http://127.0.0.1:9/events',
  keys: [`whsec_${Buffer.alloc(32, 7).toString('base64')}`],
};

/** Takes every function of the stack, which has `deadWebhook`, through everything for which it calls AWS. */
export async function goAllWays(stack: Stack): Promise<void> {
  const web = asTenantWeb(stack);
  await Promise.all([
    closeUnpaid(stack),
    refreshPaid(stack),
    takeNotices(stack),
    goOnWithChain(stack),
    failMessages(stack),
  ]);
  await Promise.all([closeUnpaid(web), refreshPaid(web)]);
  await sweepPaid(stack);
  await sweepPaid(web);
  await setAside(stack);
}

function asTenantWeb(stack: Stack): Stack {
  const { accounts, tokens } = stack.dev;
  const account = accounts.web ?? assert.fail('account web is not set up');
  const dev = { ...stack.dev, account, token: tokens.web };
  const { stop: _, ...client } = createStackClient(dev);
  return { ...stack, ...client, dev };
}

/** api: a new order, a close. confirm: the close, its event, and the look after it. */
async function closeUnpaid(stack: Stack): Promise<void> {
  await place(stack, 'CLOSE-001');
  assert.equal((await stack.closeOrder('CLOSE-001')).status, 202);
  await untilRests(stack, 'CLOSE-001', 'CLOSED');
}

/** api: the loop, for a merchant who asks at once. */
async function refreshPaid(stack: Stack): Promise<void> {
  await place(stack, 'REFRESH-001');
  await pay(stack, 'REFRESH-001');
  const shown = await stack.getOrder('REFRESH-001', true);
  assert.equal(shown.body['status'], 'PAID');
}

/**
 * notify: a notice of a kind that is kept, one that comes too early, one of an unknown key.
 * confirm: the first is written, the second is postponed.
 */
async function takeNotices(stack: Stack): Promise<void> {
  const { dev } = stack;
  const kept = { id: 'EV-9', eventType: 'COUPON.USE', resource: { mchid: dev.account.mchid } };
  assert.equal(await post(stack, makeNotice(dev, kept)), 204);
  await place(stack, 'EARLY-001');
  const early = makeNotice(dev, { resource: paidResource(dev, 'EARLY-001') });
  assert.equal(await post(stack, early), 204);
  const strange = makeNotice(dev, { serial: 'PUB_KEY_ID_0000000000000000' });
  assert.equal(await post(stack, strange), 401);
  await until('a kept notice', () => stack.item(`notice#${dev.account.mchid}#EV-9`), patienceMs);
}

/** watch: the wake of the first minute, sent at once, sends the next one; one of nobody is postponed. */
async function goOnWithChain(stack: Stack): Promise<void> {
  await place(stack, 'CHAIN-001');
  const createdAt = valid((await record(stack, 'CHAIN-001'))['createdAt'], isInstant);
  const early = wake({
    account: valid(stack.dev.account.name, isAccountName),
    subject: subjectOf(stack, 'CHAIN-001'),
    slot: plus(createdAt, minuteMs),
  });
  const nobodys = { ...early, account: valid('nobody', isAccountName) };
  await stack.send(stack.dev.queues.timers, [encodeMessage(early), encodeMessage(nobodys)]);
}

/** sweep: an order that is due. watch: it was paid. */
async function sweepPaid(stack: Stack): Promise<void> {
  await place(stack, 'SWEEP-001');
  await pay(stack, 'SWEEP-001');
  const operator = new DynamoDBClient(clientSettings(stack.dev.dynamodb, 'operator'));
  await operator.send(
    new UpdateItemCommand({
      TableName: stack.dev.table,
      Key: { pk: { S: pkOf(stack, 'SWEEP-001') } },
      UpdateExpression: 'SET dueAt = createdAt',
    }),
  );
  operator.destroy();
  assert.deepEqual(await stack.invoke('sweep', {}), { ok: true, payload: { sent: 1 } });
  await untilRests(stack, 'SWEEP-001', 'PAID');
}

/** confirm and watch: what nobody can read is parked. */
async function failMessages(stack: Stack): Promise<void> {
  const { hints, timers } = stack.dev.queues;
  await stack.send(hints, ['not a message']);
  await stack.send(timers, ['not a message']);
  const isParked = async (): Promise<boolean> => {
    const { hintsDeadLetters, timersDeadLetters } = await stack.depths();
    return hintsDeadLetters?.visible === 1 && timersDeadLetters?.visible === 1;
  };
  await until('parked messages', isParked, patienceMs);
}

/** deliver: what nobody can read is parked, what is for an endpoint that is down is set aside and waits. */
async function setAside(stack: Stack): Promise<void> {
  const { webhooks, setAside: aside } = stack.dev.queues;
  const until2099 = 4_070_908_800_000;
  const failing = { since: 1, attempts: 9, nextTryAt: until2099, downAt: 2 };
  const operator = new DynamoDBClient(clientSettings(stack.dev.dynamodb, 'operator'));
  await operator.send(
    new PutItemCommand({
      TableName: stack.dev.table,
      Item: marshall({ pk: 'endpoint#web', version: 99, failing }),
    }),
  );
  operator.destroy();
  await place(asTenantWeb(stack), 'ASIDE-001');
  await asTenantWeb(stack).closeOrder('ASIDE-001');
  const sqs = new SQSClient(clientSettings(stack.dev.sqs, 'operator'));
  for (const QueueUrl of [webhooks, aside]) {
    const ids = { MessageGroupId: 'group', MessageDeduplicationId: 'one' };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not an event', ...ids }));
  }
  sqs.destroy();
  const isDone = async (): Promise<boolean> => {
    const depths = await stack.depths();
    const parked = [depths['webhooksDeadLetters']?.visible, depths['setAsideDeadLetters']?.visible];
    return parked.join() === '1,1' && depths['setAside']?.inFlight === 1;
  };
  await until('what is set aside', isDone, patienceMs);
}

async function pay(stack: Stack, out_trade_no: string): Promise<void> {
  const { mchid } = stack.dev.account;
  const paid = await stack.control('pay', { out_trade_no, mchid, notice: 'lost' });
  assert.equal(paid.status, 200, paid.text);
}

async function place(stack: Stack, number: string): Promise<void> {
  const { status, text } = await stack.putOrder(number, tea);
  assert.equal(status, 201, text);
}

async function post({ dev }: Stack, notice: SignedNotice): Promise<number> {
  return (await fetch(dev.notifyUrl, { method: 'POST', ...notice })).status;
}

/** Settled, and nothing is owed any more. */
function untilRests(stack: Stack, number: string, status: string): Promise<unknown> {
  const rests = async (): Promise<boolean> => {
    const { status: now, outbox } = await record(stack, number);
    return now === status && outbox === undefined;
  };
  return until(`${number} is ${status}`, rests, patienceMs);
}

async function record(stack: Stack, number: string): Promise<JsonObject> {
  return (await stack.item(pkOf(stack, number))) ?? {};
}

function pkOf(stack: Stack, number: string): string {
  return `order#${stack.dev.account.mchid}#${number}`;
}

function subjectOf({ dev }: Stack, number: string) {
  return { kind: 'order', mchid: valid(dev.account.mchid, isMchid), number } as const;
}
