import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRecordStore } from '#adapters/dynamodb/record-store.ts';
import { limits } from '#config/limits.ts';
import type { RecordStore } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { hourMs, type Instant, instant, minuteMs, plus } from '#core/values/time.ts';
import { clientSettings } from '../../local/emulators.ts';
import { type BilledCall, countedClient } from '../../test/support/counted-client.ts';
import { jsapiOrder, valid } from '../../test/support/order-builder.ts';
import { createTable } from '../../test/support/tables.ts';
import { noticeOf, type Shop } from '../shop.ts';
import { createFunctions, type FunctionName, type Functions } from './functions.ts';
import { countOutput, type LogCount } from './output.ts';

/** What happens to an order of two hours; unpaid when there is no `paidAfterMs`. */
export type Story = {
  readonly paidAfterMs?: number;
  readonly notice?: 'arrives' | 'lost';
  readonly endsAs: 'PAID' | 'CLOSED';
};

/** What one order asked of AWS and of WeChat in its whole life. */
export type LifeCounts = {
  readonly httpRequests: number;
  readonly invocations: ReadonlyMap<FunctionName, number>;
  /** Calls that functions made: to the table and to the queues. */
  readonly awsCalls: number;
  readonly wechatCalls: number;
  readonly writeUnits: number;
  readonly strongReads: number;
  /** Sends, and for each message one receive and one delete. */
  readonly standardRequests: number;
  readonly fifoRequests: number;
  readonly logs: LogCount;
};

const longestLifeMs = 24 * hourMs;
/** As long as the numbers in WeChat's samples: the item and the log lines hold it. */
const outTradeNo = valid('1217752501201407033233368018', isOutTradeNo);

/** Lives the story over a fresh table of the emulator, which must report consumed capacity. */
export async function liveOrder(origin: string, shop: Shop, story: Story): Promise<LifeCounts> {
  const tableName = `life-${crypto.randomUUID()}`;
  const uncounted = new DynamoDBClient(clientSettings(origin, 'bench'));
  await createTable(uncounted, tableName);
  const { client, calls } = countedClient(origin);
  const functions = createFunctions(shop, storeOver(client, tableName));
  const watching = storeOver(uncounted, tableName);
  const key: SubjectKey = { kind: 'order', mchid: shop.account.mchid, number: outTradeNo };
  const look = (): Promise<StoredRecord | undefined> => watching.load(key);
  try {
    const logs = await countOutput(async () => {
      await functions.api(jsapiOrder({ out_trade_no: outTradeNo }));
      await live(functions, look, shop, story);
    });
    const end = await look();
    if (end?.status !== story.endsAs || end.outbox.length > 0 || end.dueAt !== undefined) {
      throw new Error(`The order came to rest as ${end?.status}, due ${end?.dueAt}.`);
    }
    return countsOf(functions, calls(), logs);
  } finally {
    client.destroy();
    uncounted.destroy();
  }
}

/** From one moment at which something happens to the next, until nothing will happen any more. */
async function live(
  functions: Functions,
  look: () => Promise<StoredRecord | undefined>,
  shop: Shop,
  story: Story,
): Promise<void> {
  const { clock, world, hints, timers } = functions;
  const createdAt = clock.now();
  let payAt = story.paidAfterMs === undefined ? undefined : plus(createdAt, story.paidAfterMs);
  for (;;) {
    const dueAt = (await look())?.dueAt;
    const sweepAt = dueAt === undefined ? undefined : nextMinute(dueAt);
    const queued = [...hints.queued(), ...timers.queued()].map((message) => message.availableAt);
    const moments = [payAt, sweepAt, ...queued].filter((moment) => moment !== undefined);
    if (moments.length === 0) {
      return;
    }
    clock.advanceTo(instant(Math.max(clock.now(), Math.min(...moments))));
    const now = clock.now();
    if (now - createdAt > longestLifeMs) {
      throw new Error('The order does not come to rest.');
    }
    if (payAt !== undefined && payAt <= now) {
      payAt = undefined;
      world.pay(outTradeNo);
      if (story.notice === 'arrives') {
        await functions.notify(noticeOf(shop, { outTradeNo, amountFen: 8800, paidAtMs: now }, now));
      }
    } else if (queued.some((moment) => moment <= now)) {
      for (const { body } of hints.take()) {
        await functions.consume('confirm', body);
      }
      for (const { body } of timers.take()) {
        await functions.consume('watch', body);
      }
    } else {
      await functions.sweep();
    }
  }
}

/** The sweep runs at every full minute. */
function nextMinute(at: Instant): number {
  return Math.ceil(at / minuteMs) * minuteMs;
}

function countsOf(
  { world, hints, timers, events, invocations }: Functions,
  calls: readonly BilledCall[],
  logs: LogCount,
): LifeCounts {
  if (calls.some(({ isLost }) => isLost)) {
    throw new Error('A condition did not hold: nobody tells what that write is billed.');
  }
  // The sweep asks the index every minute, due or not: that is a fixed cost, not this order's.
  const own = calls.filter(({ operation }) => operation !== 'Query');
  const writes = own.filter(({ operation }) => operation !== 'GetItem');
  const sends = hints.sends() + timers.sends();
  return {
    httpRequests: (invocations().get('api') ?? 0) + (invocations().get('notify') ?? 0),
    invocations: invocations(),
    awsCalls: own.length + sends + events.sends(),
    wechatCalls: world.callsOf(),
    writeUnits: writes.reduce(
      (sum, { tableUnits, indexUnits }) => sum + tableUnits + indexUnits,
      0,
    ),
    strongReads: own.filter(({ isStrong }) => isStrong).length,
    standardRequests: 3 * sends,
    fifoRequests: 3 * events.sends(),
    logs,
  };
}

function storeOver(client: DynamoDBClient, tableName: string): RecordStore {
  const { dueShards: shards, dueIndexName: indexName } = limits;
  return createRecordStore({ client, tableName, shards, indexName });
}
