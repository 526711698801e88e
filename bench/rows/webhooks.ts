import type { Account } from '#core/account.ts';
import type { DeliveryOutcome } from '#core/deliveries.ts';
import type { Endpoint } from '#core/endpoint.ts';
import { type AccountName, isAccountName } from '#core/values/ids.ts';
import { hourMs, type Instant, plus } from '#core/values/time.ts';
import { seededChoices } from '../../test/simulation/choices.ts';
import { at } from '../../test/support/clock.ts';
import { endpointsOver } from '../../test/support/memory-endpoints.ts';
import { account, valid } from '../../test/support/order-builder.ts';
import { createTelemetry } from '../../test/support/telemetry.ts';
import type { Row } from '../report.ts';
import { createLane } from '../webhooks/lane.ts';
import { createVirtualTime, type VirtualTime } from '../webhooks/time.ts';

const title = 'webhooks: a dead endpoint beside a healthy one';
const start = at('2026-11-21T04:00:00Z');
const deadEvents = 10_000;
const healthyEvents = 2_000;
const betweenMs = 50;
const healthyAnswerMs = 80;
const timeoutMs = 5_000;
const tableMs = 5;
const concurrency = 10;

type Told = { readonly delaysMs: readonly number[]; readonly deadCalls: number };

/**
 * The deployed jobs in virtual time: a backlog of 10,000 events for an endpoint that never answers, and
 * an event every 50 ms for one that does.
 */
export const webhooksRow: Row = {
  name: 'webhooks',
  measure: async () => {
    const alone = await run(0);
    const beside = await run(deadEvents);
    return [
      {
        title,
        lines: [
          seconds('healthy alone: slowest delivery', Math.max(...alone.delaysMs)),
          seconds('beside the dead one: slowest delivery', Math.max(...beside.delaysMs), 10),
          seconds('beside the dead one: 95 of 100', percentile(beside.delaysMs, 0.95), 5),
          seconds('healthy alone: 95 of 100', percentile(alone.delaysMs, 0.95)),
          {
            what: 'calls of the dead endpoint in its first two hours',
            figure: beside.deadCalls,
            unit: 'calls',
            bound: { atMost: 60 },
          },
        ],
        notes: [
          `Virtual time, so the same on every machine: ${concurrency} batches at once, a call that is ` +
            `answered takes ${healthyAnswerMs} ms, one that is not 5 s. ${healthyEvents} events of the healthy ` +
            'endpoint, from the moment in which the backlog of the dead one is there.',
        ],
      },
    ];
  },
};

function seconds(what: string, delayMs: number, atMost?: number) {
  const figure = delayMs / 1000;
  return { what, figure, unit: 's', ...(atMost !== undefined && { bound: { atMost } }) };
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

async function run(backlog: number): Promise<Told> {
  const time = createVirtualTime(start);
  const delaysMs: number[] = [];
  const sentAt = new Map<string, Instant>();
  let deadCalls = 0;
  const send = async (url: string, id: string): Promise<DeliveryOutcome> => {
    if (url.includes('dead')) {
      deadCalls += 1;
      await time.sleep(timeoutMs);
      return { type: 'failed', reason: 'timeout' };
    }
    await time.sleep(healthyAnswerMs);
    delaysMs.push(time.now() - (sentAt.get(id) ?? start));
    return { type: 'delivered' };
  };
  const common = portsOf(time, send);
  const apart = createLane(time, { concurrency: 2, ports: common });
  const setAside = {
    send: ({ messageId, body }: { messageId: string; body: string }) => {
      apart.send(messageId, body);
      return time.sleep(tableMs);
    },
  };
  const lane = createLane(time, { concurrency, ports: { ...common, setAside } });
  for (let index = 0; index < backlog; index += 1) {
    lane.send(`dead-${index}`, eventOf('dead', index));
  }
  for (let index = 0; index < healthyEvents; index += 1) {
    await time.runUntil(plus(start, index * betweenMs));
    const id = `healthy-${index}`;
    sentAt.set(id, time.now());
    lane.send(id, eventOf('healthy', index));
  }
  await time.runUntil(plus(start, 2 * hourMs));
  if (delaysMs.length !== healthyEvents || lane.size() > 0) {
    throw new Error(`${delaysMs.length} delivered, ${lane.size()} left in the way.`);
  }
  return { delaysMs, deadCalls };
}

function portsOf(time: VirtualTime, send: (url: string, id: string) => Promise<DeliveryOutcome>) {
  const endpoints = endpointsOver(new Map<AccountName, Endpoint>(), undefined);
  const get = (name: AccountName): Promise<Account> => {
    const webhook = { url: `https://${name}.example.com`, keys: ['whsec_x'] } as const;
    return Promise.resolve({ ...account, name, webhook });
  };
  const choices = seededChoices(1);
  return {
    accounts: { get, refresh: get },
    endpoints: {
      load: async (name: AccountName) => {
        await time.sleep(tableMs);
        return endpoints.load(name);
      },
      save: async (name: AccountName, endpoint: Endpoint) => {
        await time.sleep(tableMs);
        return endpoints.save(name, endpoint);
      },
    },
    sender: {
      send: (
        { url }: { readonly url: string },
        { event }: { readonly event: { readonly subject: string } },
      ) => send(url, event.subject),
    },
    clock: { now: time.now },
    telemetry: createTelemetry(),
    jitter: () => choices.draw(1024) / 1024,
    hasTime: () => true,
  };
}

function eventOf(name: string, index: number): string {
  valid(name, isAccountName);
  return JSON.stringify({
    specversion: '1.0',
    id: `${name}-${index}/order.paid/1`,
    source: `/accounts/${name}`,
    type: 'order.paid',
    subject: `${name}-${index}`,
    time: '2026-11-21T04:00:00Z',
    datacontenttype: 'application/json',
    sequence: '0000000002',
    data: {},
  });
}
