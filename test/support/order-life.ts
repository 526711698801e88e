import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { confirm } from '#app/confirm.ts';
import { createOrder } from '#app/create-order.ts';
import { sweep } from '#app/sweep.ts';
import { limits } from '#config/limits.ts';
import { decodeMessage } from '#core/messages.ts';
import type { RecordStore } from '#core/ports.ts';
import type { StoredRecord } from '#core/record.ts';
import { minuteMs, plus, secondMs } from '#core/values/time.ts';
import { clientSettings } from '../../local/emulators.ts';
import { type BilledCall, countedClient } from './counted-client.ts';
import { account, createdAt, hint, newOrder, orderKey, outTradeNo } from './order-builder.ts';
import { createTable } from './tables.ts';
import { createTestBed, type TestBed } from './test-bed.ts';

type Bed = Omit<TestBed, 'store'> & { readonly store: RecordStore };

/** One order's life: the app's own jobs over a real table, in virtual time, among the fakes. */
export type OrderLife = {
  readonly bed: Bed;
  /** What the app asked of the table so far, and what each call is billed. */
  readonly calls: () => readonly BilledCall[];
  /** Messages that the loop was given so far. */
  readonly deliveries: () => number;
  readonly record: () => Promise<StoredRecord | undefined>;
  /** The payer pays; the notice reaches us at once or never. */
  readonly pay: (notice: 'delivered' | 'lost') => Promise<void>;
  /**
   * Lets time pass until the order is so old, second by second. A sweep runs in each minute in which the
   * order is due; one that finds nothing writes nothing and is left out.
   */
  readonly liveUntil: (ageMs: number, messages?: 'arrive' | 'vanish') => Promise<void>;
  readonly end: () => void;
};

/** Places an order of two hours in a new table of the emulator, which must report consumed capacity. */
export async function beginOrderLife(origin: string, tableName: string): Promise<OrderLife> {
  const uncounted = new DynamoDBClient(clientSettings(origin, 'test'));
  const { client, calls } = countedClient(origin);
  await createTable(uncounted, tableName);
  const bed = { ...createTestBed(), store: storeOver(client, tableName) };
  const watching = storeOver(uncounted, tableName);
  const record = (): Promise<StoredRecord | undefined> => watching.load(orderKey);
  let deliveries = 0;

  const runMinute = async (): Promise<void> => {
    const dueAt = (await record())?.dueAt;
    if (dueAt !== undefined && dueAt <= bed.clock.now()) {
      await sweepOnce(bed);
    }
  };
  const placed = await createOrder(bed, account, newOrder());
  if (!placed.ok) {
    throw new Error(`The order was not placed: ${placed.refusal.code}.`);
  }
  return {
    bed,
    calls,
    deliveries: () => deliveries,
    record,
    pay: async (notice) => {
      bed.world.pay(outTradeNo);
      if (notice === 'delivered') {
        await bed.hints.send(hint({ reason: 'notice', says: 'SUCCESS' }));
      }
    },
    liveUntil: async (ageMs, messages = 'arrive') => {
      const until = plus(createdAt, ageMs);
      while (bed.clock.now() < until) {
        bed.clock.advance(secondMs);
        if ((bed.clock.now() - createdAt) % minuteMs === 0) {
          await runMinute();
        }
        for (const { body } of [...bed.hints.take(), ...bed.timers.take()]) {
          if (messages === 'arrive') {
            deliveries += 1;
            await deliver(bed, body);
          }
        }
      }
    },
    end: () => {
      client.destroy();
      uncounted.destroy();
    },
  };
}

async function deliver(bed: Bed, body: string): Promise<void> {
  const message = decodeMessage(body);
  const ending = message.ok && (await confirm(bed, message.value, { receiveCount: 1 }));
  if (ending === false || ending.type !== 'done') {
    throw new Error(`A message did not end well: ${body}`);
  }
}

async function sweepOnce(bed: Bed): Promise<void> {
  const { dueShards: shards, sweepRowsPerShard: rowsPerShard } = limits;
  await sweep({ ...bed, shards, rowsPerShard });
}

function storeOver(client: DynamoDBClient, tableName: string): RecordStore {
  const { dueShards: shards, dueIndexName: indexName } = limits;
  return createRecordStore({ client, tableName, shards, indexName });
}
