import type { CollectedEvent } from './event-collector.ts';
import type { JsonObject } from './json.ts';
import type { Stack } from './stack.ts';
import { type Answer, until } from './stack-client.ts';

/** The events of one order as the merchant's consumer gets them; it listens as long as the stack lives. */
export function eventsAbout(stack: Stack, number: string): () => readonly CollectedEvent[] {
  const collector = collectorOf(stack);
  return () => collector.events().filter(({ subject }) => subject.endsWith(`#${number}`));
}

/** One reader a queue, whichever account looks. */
const collectors = new WeakMap<Stack['gates'], ReturnType<Stack['collectEvents']>>();

function collectorOf(stack: Stack): ReturnType<Stack['collectEvents']> {
  const collector = collectors.get(stack.gates) ?? stack.collectEvents();
  collectors.set(stack.gates, collector);
  return collector;
}

/** A retried message may come back minutes later, and a busy machine take its time. */
const patienceMs = 60_000;

/** Until no message is left but planned wakes, so that whatever could still come has come. */
export async function settle(stack: Stack): Promise<void> {
  const isEmpty = async (): Promise<boolean> => {
    const { hints, timers, events } = await stack.depths();
    return [hints, timers, events].every((queue) => queue?.visible === 0 && queue.inFlight === 0);
  };
  await until('the queues are empty', isEmpty, patienceMs);
}

/** What was announced, once everything that could still come has come. */
export async function typesOnce(
  stack: Stack,
  events: ReturnType<typeof eventsAbout>,
): Promise<string> {
  await settle(stack);
  return events()
    .map(({ type }) => type)
    .join(' ');
}

/** The `data` of an event; empty where there is none. */
export function dataOf(collected: CollectedEvent | undefined): JsonObject {
  const data = collected?.event['data'];
  return isRecord(data) ? data : {};
}

export async function deliveredStatuses(stack: Stack, number: string): Promise<readonly number[]> {
  const { body } = await stack.control(`deliveries?out_trade_no=${number}`);
  return listOf(body, 'deliveries').flatMap(({ status }) =>
    typeof status === 'number' ? [status] : [],
  );
}

/** The calls about one order that WeChat Pay got, by either of its numbers. */
export async function callsAbout(stack: Stack, number: string): Promise<readonly JsonObject[]> {
  const { transaction_id } = (await orderAtWechat(stack, number)) ?? {};
  const names = [number, ...(typeof transaction_id === 'string' ? [transaction_id] : [])];
  const { body } = await stack.control('calls?limit=10000');
  return listOf(body, 'calls').filter(({ path, numbers }) =>
    names.some((name) => String(path).includes(name) || isListed(numbers, name)),
  );
}

function isListed(list: unknown, name: string): boolean {
  return Array.isArray(list) && list.includes(name);
}

export async function operationsAbout(stack: Stack, number: string): Promise<readonly string[]> {
  return (await callsAbout(stack, number)).map(({ operation }) => String(operation));
}

export async function queriesAbout(stack: Stack, number: string): Promise<number> {
  const operations = await operationsAbout(stack, number);
  return operations.filter(isOrderQuery).length;
}

/** Of either API. */
export function isOrderQuery(operation: string): boolean {
  return operation.startsWith('query-by-') || operation === 'v2-orderquery';
}

/** Of either API. */
export function isClose(operation: string): boolean {
  return operation === 'close' || operation === 'v2-closeorder';
}

/** The order as WeChat Pay keeps it; undefined when it knows none. */
export async function orderAtWechat(stack: Stack, number: string): Promise<JsonObject | undefined> {
  const { body } = await stack.control(`orders?out_trade_no=${number}`);
  return listOf(body, 'orders')[0];
}

/** The refunds of an order that WeChat Pay accepted. */
export async function refundsAtWechat(
  stack: Stack,
  out_trade_no: string,
): Promise<readonly JsonObject[]> {
  const { body } = await stack.control(`refunds?out_trade_no=${out_trade_no}`);
  return listOf(body, 'refunds');
}

export async function stateAtWechat(stack: Stack, number: string): Promise<unknown> {
  return (await orderAtWechat(stack, number))?.['trade_state'];
}

export function becauseOf(order: Answer, status: string): unknown {
  return listOf(order.body, 'history').find(({ to }) => to === status)?.['because'];
}

export function firstStatus(answer: Answer): number {
  const { statuses } = answer.body;
  return Array.isArray(statuses) ? Number(statuses[0]) : 0;
}

export function isSuccess(status: number): boolean {
  return status === 200 || status === 204;
}

function listOf(body: JsonObject, name: string): readonly JsonObject[] {
  const list = body[name];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
