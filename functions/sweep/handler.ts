import type { Context } from 'aws-lambda';
import { flushing, handlerOf } from '#adapters/lambda/stack.ts';
import { createTimerQueue } from '#adapters/sqs/queues.ts';
import { sweep } from '#app/sweep.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import { sqsClient } from '../wiring/clients.ts';
import { clock, deadline, telemetryOf } from '../wiring/house.ts';
import { recordStore } from '../wiring/store.ts';

const telemetry = telemetryOf('sweep');
const timers = createTimerQueue({
  client: sqsClient(),
  queueUrl: readConfig('timersQueueUrl').timersQueueUrl,
});
const store = recordStore();

/** Every minute: sends a wake for each record whose look is due. */
export const handler = handlerOf(async (_event: unknown, context: Context) => {
  deadline.begin(context);
  const sent = await sweep({
    store,
    timers,
    clock,
    telemetry,
    shards: limits.dueShards,
    rowsPerShard: limits.sweepRowsPerShard,
    hasTime: () => deadline.hasLeft(limits.sweepNeedsMs),
  });
  return { sent };
}, flushing(telemetry));
