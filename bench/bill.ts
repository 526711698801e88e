import { limits } from '#config/limits.ts';
import type { LifeCounts } from './life/life.ts';
import { type PriceName, prices, stated } from './prices.ts';

/** One position of a bill. */
export type Position = {
  readonly what: string;
  readonly price: PriceName;
  readonly quantity: number;
};

/** What one order asks of AWS from its placing to its rest; the sweep runs whether there is one or not. */
export function orderPositions(counts: LifeCounts): readonly Position[] {
  const invocations = [...counts.invocations].reduce(
    (sum, [name, count]) => (name === 'sweep' ? sum : sum + count),
    0,
  );
  const runMs =
    invocations * stated.invocationMs +
    counts.wechatCalls * stated.wechatCallMs +
    counts.awsCalls * stated.awsCallMs;
  return [
    { what: 'HTTP API requests', price: 'httpApiRequest', quantity: counts.httpRequests },
    { what: 'Lambda requests', price: 'lambdaRequest', quantity: invocations },
    { what: 'Lambda GB-s', price: 'lambdaGigabyteSecond', quantity: gigabyteSeconds(runMs) },
    {
      what: 'SQS standard requests',
      price: 'sqsStandardRequest',
      quantity: counts.standardRequests,
    },
    { what: 'SQS FIFO requests', price: 'sqsFifoRequest', quantity: counts.fifoRequests },
    { what: 'DynamoDB write units', price: 'writeUnit', quantity: counts.writeUnits },
    { what: 'DynamoDB read units', price: 'readUnit', quantity: counts.strongReads },
    { what: 'log bytes', price: 'logByte', quantity: counts.logs.bytes },
  ];
}

const minutesPerMonth = 30 * 24 * 60;
/** With a maximum concurrency a mapping keeps five pollers, each asking three times a minute. */
const pollersPerSource = 5;
const pollsPerMinute = 3;
const sources = 2;

/** What a month costs in which nothing happens: the sweep, the pollers that find nothing, one secret. */
export function monthPositions(): readonly Position[] {
  const queries = limits.dueShards * minutesPerMonth;
  const sweepMs = stated.invocationMs + limits.dueShards * stated.awsCallMs;
  const polls = sources * pollersPerSource * pollsPerMinute * minutesPerMonth;
  return [
    { what: 'sweep: schedule', price: 'scheduledEvent', quantity: minutesPerMonth },
    { what: 'sweep: Lambda requests', price: 'lambdaRequest', quantity: minutesPerMonth },
    {
      what: 'sweep: Lambda GB-s',
      price: 'lambdaGigabyteSecond',
      quantity: gigabyteSeconds(sweepMs * minutesPerMonth),
    },
    // A query of the index that finds nothing takes half a unit.
    { what: 'sweep: DynamoDB read units', price: 'readUnit', quantity: queries / 2 },
    { what: 'empty polls of hints, timers', price: 'sqsStandardRequest', quantity: polls },
    { what: 'empty polls of webhooks, set-aside', price: 'sqsFifoRequest', quantity: polls },
    { what: 'secret of one account', price: 'secretMonth', quantity: 1 },
  ];
}

/** In dollars, for so many of what the positions are about. */
export function costOf(positions: readonly Position[], times = 1): number {
  return positions.reduce((sum, { price, quantity }) => {
    const { usd, per } = prices[price];
    return sum + (quantity * times * usd) / per;
  }, 0);
}

function gigabyteSeconds(durationMs: number): number {
  return (durationMs / 1000) * (stated.memoryMegabytes / 1024);
}
