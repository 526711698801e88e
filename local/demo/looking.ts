import type { CollectedEvent } from '../event-collector.ts';
import type { JsonObject } from '../json.ts';
import type { Stack } from '../stack.ts';
import { type Answer, until } from '../stack-client.ts';

/** The events of one order as the merchant's consumer gets them; it listens as long as the stack lives. */
export function eventsAbout(stack: Stack, number: string): () => readonly CollectedEvent[] {
  const collector = collectorOf(stack);
  return () => collector.events().filter(({ subject }) => subject.endsWith(`#${number}`));
}

const collectors = new WeakMap<Stack, ReturnType<Stack['collectEvents']>>();

function collectorOf(stack: Stack): ReturnType<Stack['collectEvents']> {
  const collector = collectors.get(stack) ?? stack.collectEvents();
  collectors.set(stack, collector);
  return collector;
}

/** Until no hint and no event is left, so that whatever could still come has come. */
export async function settle(stack: Stack): Promise<void> {
  await until('the queues are empty', async () => {
    const { hints, events } = await stack.depths();
    const waiting = [hints, events].map((queue) => (queue?.visible ?? 0) + (queue?.inFlight ?? 0));
    return waiting.every((count) => count === 0);
  });
}

export async function deliveredStatuses(stack: Stack, number: string): Promise<readonly number[]> {
  const { body } = await stack.control(`deliveries?out_trade_no=${number}`);
  return listOf(body, 'deliveries').flatMap(({ status }) =>
    typeof status === 'number' ? [status] : [],
  );
}

export async function operationsAbout(stack: Stack, number: string): Promise<readonly string[]> {
  const { body } = await stack.control('calls?limit=1000');
  return listOf(body, 'calls')
    .filter(({ path }) => String(path).includes(number))
    .map(({ operation }) => String(operation));
}

export async function queriesAbout(stack: Stack, number: string): Promise<number> {
  const operations = await operationsAbout(stack, number);
  return operations.filter((operation) => operation.startsWith('query')).length;
}

export async function stateAtWechat(stack: Stack, number: string): Promise<unknown> {
  const { body } = await stack.control(`orders?out_trade_no=${number}`);
  return listOf(body, 'orders')[0]?.['trade_state'];
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
