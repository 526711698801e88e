import { setTimeout as realDelay } from 'node:timers/promises';
import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DevFile } from './dev-file.ts';
import { clientSettings } from './emulators.ts';
import { type JsonObject, parseJsonObject } from './json.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty when the text is not a JSON object. */
  readonly body: JsonObject;
};

export type QueueDepth = {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
};

/** What one does with a running stack from outside: as a merchant, as a payer, as an operator. */
export type StackClient = {
  readonly putOrder: (out_trade_no: string, order: JsonObject) => Promise<Answer>;
  readonly getOrder: (out_trade_no: string, refresh?: boolean) => Promise<Answer>;
  readonly closeOrder: (out_trade_no: string) => Promise<Answer>;
  readonly resolveOrder: (out_trade_no: string, resolution: JsonObject) => Promise<Answer>;
  readonly putRefund: (out_refund_no: string, refund: JsonObject) => Promise<Answer>;
  readonly getRefund: (out_refund_no: string, refresh?: boolean) => Promise<Answer>;
  /** `plans/no`, `sign-plans/no`, `service-orders/no`. */
  readonly putPayscore: (path: string, body: JsonObject) => Promise<Answer>;
  readonly getPayscore: (path: string, refresh?: boolean) => Promise<Answer>;
  /** `sign-plans/no/stop`, `service-orders/no/complete` and so on. */
  readonly postPayscore: (path: string, body?: JsonObject) => Promise<Answer>;
  /** A control call of the simulator: POST with a body, else GET. */
  readonly control: (path: string, body?: JsonObject) => Promise<Answer>;
  /** The row of the table with this key, as plain values. */
  readonly item: (pk: string) => Promise<JsonObject | undefined>;
  /** Puts messages into a queue that is not FIFO, as a redrive does. */
  readonly send: (queueUrl: string, bodies: readonly string[]) => Promise<void>;
  readonly depths: () => Promise<Readonly<Record<string, QueueDepth>>>;
  readonly stop: () => void;
};

export function createStackClient(dev: DevFile): StackClient {
  const dynamodb = new DynamoDBClient(clientSettings(dev.dynamodb, 'operator'));
  const sqs = new SQSClient(clientSettings(dev.sqs, 'operator'));
  const merchantApi = `${dev.api}/v1/${dev.account.name}`;
  const asMerchant = (method: string, path: string, body?: JsonObject): Promise<Answer> =>
    call(`${merchantApi}/${path}`, method, body, { authorization: `Bearer ${dev.token}` });
  const order = (number: string): string => `orders/${encodeURIComponent(number)}`;
  const refund = (number: string): string => `refunds/${encodeURIComponent(number)}`;
  const looking = (refresh: boolean): string => (refresh ? '?refresh=true' : '');
  return {
    putOrder: (out_trade_no, body) => asMerchant('PUT', order(out_trade_no), body),
    getOrder: (out_trade_no, refresh = false) =>
      asMerchant('GET', `${order(out_trade_no)}${looking(refresh)}`),
    closeOrder: (out_trade_no) => asMerchant('POST', `${order(out_trade_no)}/close`),
    resolveOrder: (out_trade_no, resolution) =>
      asMerchant('POST', `${order(out_trade_no)}/resolve`, resolution),
    putRefund: (out_refund_no, body) => asMerchant('PUT', refund(out_refund_no), body),
    getRefund: (out_refund_no, refresh = false) =>
      asMerchant('GET', `${refund(out_refund_no)}${looking(refresh)}`),
    putPayscore: (path, body) => asMerchant('PUT', `payscore/${path}`, body),
    getPayscore: (path, refresh = false) =>
      asMerchant('GET', `payscore/${path}${looking(refresh)}`),
    postPayscore: (path, body) => asMerchant('POST', `payscore/${path}`, body),
    control: (path, body) =>
      call(`${dev.simulator}/_control/${path}`, body === undefined ? 'GET' : 'POST', body),
    item: async (pk) => {
      const command = { TableName: dev.table, Key: { pk: { S: pk } }, ConsistentRead: true };
      const { Item } = await dynamodb.send(new GetItemCommand(command));
      return Item && plainItem(Item);
    },
    send: (queueUrl, bodies) => sendAll(sqs, queueUrl, bodies),
    depths: async () => {
      const entries = Object.entries(dev.queues).map(
        async ([name, url]): Promise<[string, QueueDepth]> => [name, await depthOf(sqs, url)],
      );
      return Object.fromEntries(await Promise.all(entries));
    },
    stop: () => {
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}

/**
 * Waits, in real time, until `check` answers something other than undefined or false, and answers
 * that. Rejects with `what` after `limitMs`.
 */
export async function until<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  const endsAt = performance.now() + limitMs;
  while (performance.now() < endsAt) {
    const found = await check();
    if (found !== undefined && found !== false) {
      return found;
    }
    await realDelay(20);
  }
  throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
}

async function call(
  url: string,
  method: string,
  body: JsonObject | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const content =
    body === undefined
      ? { headers }
      : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...content });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parseJsonObject(text) ?? {},
  };
}

const largestBatch = 10;

async function sendAll(sqs: SQSClient, QueueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += largestBatch) {
    const Entries = bodies
      .slice(start, start + largestBatch)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) {
      throw new Error(`Not sent to ${QueueUrl}: ${JSON.stringify(Failed)}`);
    }
  }
}

async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<QueueDepth> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes['ApproximateNumberOfMessages']),
    inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed']),
  };
}

function plainItem(item: Readonly<Record<string, AttributeValue>>): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function plain(value: AttributeValue): unknown {
  const { S, N, BOOL, NULL, L, M, SS } = value;
  if (NULL !== undefined) {
    return null;
  }
  if (N !== undefined) {
    return Number(N);
  }
  return S ?? BOOL ?? SS ?? L?.map(plain) ?? (M && plainItem(M));
}
