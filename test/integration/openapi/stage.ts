import assert from 'node:assert/strict';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../../local/emulators.ts';
import type { EventCollector } from '../../../local/event-collector.ts';
import { isObject, type JsonObject, parseJsonObject } from '../../../local/json.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import { until as untilSoon } from '../../../local/stack-client.ts';
import { send } from './client.ts';
import { type Answered, complaintsAbout } from './judge.ts';
import { operationNamed } from './page.ts';
import { startWechatProxy, type WechatProxy } from './wechat-proxy.ts';

export type Call = {
  readonly number: string;
  readonly body?: string | JsonObject;
  readonly query?: string;
  /** The development account's own when absent. */
  readonly token?: string;
  readonly account?: string;
  readonly method?: string;
  /** Stands for the number just as it is, not encoded. */
  readonly rawNumber?: string;
};

export type Reply = Answered & { readonly body: JsonObject };

/** What the plays do with the running stack: as a merchant, as a payer, as an operator. */
export type Stage = {
  readonly stack: Stack;
  readonly collector: EventCollector;
  /** Asks an operation; the answer keeps to the page. */
  readonly ask: (operationId: string, call: Call) => Promise<Reply>;
  /** A number that nobody has used. */
  readonly fresh: () => string;
  /** A payer's code that nobody has scanned. */
  readonly freshCode: () => string;
  /** Waits up to a minute, so that a busy machine fails no test. */
  readonly until: <T>(what: string, check: () => Promise<T | undefined | false>) => Promise<T>;
  readonly control: (path: string, body: JsonObject) => Promise<void>;
  /** Writes one attribute of a record, as no part of the system would. */
  readonly tamper: (pk: string, name: string, value: string | number) => Promise<void>;
  readonly orderKey: (number: string) => string;
  readonly refundKey: (number: string) => string;
  readonly payscoreKey: (kind: 'plan' | 'sign-plan' | 'service-order', number: string) => string;
  readonly proxy: WechatProxy;
  /** How often the API wrote to the table. */
  readonly writes: () => number;
  readonly stop: () => Promise<void>;
};

const patienceMs = 60_000;

/** The stack with somebody between it and WeChat. */
export async function startStage(): Promise<Stage> {
  const proxy = await startWechatProxy();
  const parameters = { WechatOrigin: proxy.origin, WechatBackupOrigin: proxy.origin };
  const stack = await startStack({ parameters });
  proxy.passTo(stack.dev.simulator);
  return createStage(stack, proxy);
}

function createStage(stack: Stack, proxy: WechatProxy): Stage {
  const { dev } = stack;
  const operator = new DynamoDBClient(clientSettings(dev.dynamodb, 'operator'));
  let count = 0;
  let codes = 0;
  return {
    stack,
    collector: stack.collectEvents(),
    ask: async (operationId, call) => {
      const { template, method } = operationNamed(operationId);
      const { number, body, query = '', token = dev.token, account = dev.account.name } = call;
      const path = template
        .replace('{account}', encodeURIComponent(account))
        .replace(/\{\w+_no\}/, call.rawNumber ?? encodeURIComponent(number));
      const asked = { method: call.method ?? method, target: `${path}${query}` };
      const answered = await send(dev.api, {
        ...asked,
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: isObject(body) ? JSON.stringify(body) : body }),
      });
      assert.deepEqual(complaintsAbout(asked, answered), [], answered.text);
      return { ...answered, body: parseJsonObject(answered.text) ?? {} };
    },
    fresh: () => {
      count += 1;
      return `PAGE-${String(count).padStart(4, '0')}`;
    },
    freshCode: () => {
      codes += 1;
      return `13${String(codes).padStart(16, '0')}`;
    },
    until: (what, check) => untilSoon(what, check, patienceMs),
    control: async (path, body) => {
      const { status, text } = await stack.control(path, body);
      assert.equal(status, 200, text);
    },
    tamper: async (pk, name, value) => {
      await operator.send(
        new UpdateItemCommand({
          TableName: dev.table,
          Key: { pk: { S: pk } },
          UpdateExpression: 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: {
            ':value': typeof value === 'string' ? { S: value } : { N: String(value) },
          },
        }),
      );
    },
    orderKey: (number) => `order#${dev.account.mchid}#${number}`,
    refundKey: (number) => `refund#${dev.account.mchid}#${number}`,
    payscoreKey: (kind, number) => `${kind}#${dev.account.mchid}#${number}`,
    proxy,
    writes: () =>
      [...stack.gates.dynamodb.counts()].reduce(
        (sum, [name, count]) => (/^api (?:Put|Update)Item$/.test(name) ? sum + count : sum),
        0,
      ),
    stop: async () => {
      operator.destroy();
      await stack.stop();
      await proxy.stop();
    },
  };
}
