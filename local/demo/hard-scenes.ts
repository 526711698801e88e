import type { GateCall } from '../gate.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';
import { type Kills, startKills } from '../kills.ts';
import { eventsAbout, queriesAbout, settle } from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

export async function functionDies(stack: Stack, story: Story): Promise<void> {
  story.scene('A function dies after its commit and before its event');
  const number = story.number('KILLED-01');
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  let owing: JsonObject | undefined;
  const kills: Kills = startKills(stack, [stack.gates.sqs], async (call) => {
    if (owing !== undefined || !isSentTo(call, stack.dev.queues.events, number)) {
      return undefined;
    }
    owing = await stack.item(`order#${stack.dev.account.mchid}#${number}`);
    return 'before';
  });
  await stack.control('pay', { out_trade_no: number });
  await until('the function is killed', () => kills.count() > 0);
  kills.end();
  story.tell('The payer pays; the function writes PAID and is killed before it can tell.');
  const isOwed = owing?.['status'] === 'PAID' && owing['outbox'] !== undefined;
  story.claim('the record is PAID and owes its event', isOwed, owing?.['status']);
  story.claim('nothing was announced yet', events().length === 0, `${events().length} events`);
  story.tell('Its message comes back when its visibility ends, after three minutes.');
  await until('the order is announced', () => events().length > 0);
  await settle(stack);
  const ids = events().map(({ id }) => id);
  const isOnce = ids.length === 1 && ids[0]?.endsWith('/order.paid/1') === true;
  story.claim('the event came all the same, once', isOnce, ids.join(' '));
}

const copies = 200;
/** The plan of an order of two hours has seven slots before its close. */
const plannedWakes = 7;
/** A wake so far from its slot is an old one. */
const oldAfterMs = 61_000;

export async function wakeStorm(stack: Stack, story: Story): Promise<void> {
  story.scene('A storm of old wakes and doubled hints');
  const number = story.number('STORM-001');
  const events = eventsAbout(stack, number);
  const messages = await messagesAbout(stack, number);
  await until('the wake is old', () => Date.now() > messages.slot + oldAfterMs);

  story.tell(`${copies} copies of its first wake and ${copies} of a notice's hint, while it waits`);
  const waiting = await storm(stack, number, messages);
  const isCheap = waiting.looks <= copies;
  story.claim('most of them cost no call to WeChat Pay', isCheap, `${waiting.looks} calls`);
  const isQuiet = waiting.wakes <= plannedWakes;
  story.claim('they send no wake beyond the plan', isQuiet, `${waiting.wakes} wakes`);

  await stack.control('pay', { out_trade_no: number });
  await until('the order is announced', () => events().length > 0);
  story.tell('The payer pays; the same storm again');
  const paid = await storm(stack, number, messages);
  story.claim('once it is PAID they cost no call', paid.looks === 0, `${paid.looks} calls`);
  story.claim('and send no wake', paid.wakes === 0, `${paid.wakes} wakes`);
  const ids = events().map(({ id }) => id);
  story.claim('one event came', ids.length === 1, ids.join(' '));
}

type StormMessages = { readonly wake: string; readonly hint: string; readonly slot: number };

/** Places an order and overhears its first wake, and the hint of a notice that is not true. */
async function messagesAbout(stack: Stack, number: string): Promise<StormMessages> {
  const { hints, timers } = stack.dev.queues;
  const heard = new Map<string, string>();
  const endListening = stack.gates.sqs.addRule((call) => {
    const url = [hints, timers].find((queue) => isSentTo(call, queue, number));
    if (url !== undefined && !heard.has(url)) {
      heard.set(url, String(call.body['MessageBody']));
    }
    return undefined;
  });
  await stack.putOrder(number, tea);
  await stack.control('notice', { out_trade_no: number, kind: 'untrue' });
  await until('a wake and a hint were sent', () => heard.size === 2);
  endListening();
  const wake = heard.get(timers) ?? '';
  return { wake, hint: heard.get(hints) ?? '', slot: Number(parseJsonObject(wake)?.['slot']) };
}

/** What the copies lead to: calls to WeChat Pay, and wakes sent. */
async function storm(
  stack: Stack,
  number: string,
  { wake, hint }: StormMessages,
): Promise<{ readonly looks: number; readonly wakes: number }> {
  const { hints, timers } = stack.dev.queues;
  let wakes = 0;
  const endCounting = stack.gates.sqs.addRule((call) => {
    wakes += isSentTo(call, timers, number) ? 1 : 0;
    return undefined;
  });
  const looksBefore = await queriesAbout(stack, number);
  await Promise.all([
    stack.send(timers, new Array<string>(copies).fill(wake)),
    stack.send(hints, new Array<string>(copies).fill(hint)),
  ]);
  await settle(stack);
  endCounting();
  return { looks: (await queriesAbout(stack, number)) - looksBefore, wakes };
}

function isSentTo({ action, body }: GateCall, queueUrl: string, about: string): boolean {
  const isSend = action === 'SendMessage' && body['QueueUrl'] === queueUrl;
  return isSend && String(body['MessageBody']).includes(about);
}
