import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { batchAnswer, receivedOf } from '#adapters/lambda/sqs-batch.ts';
import { flushing, handlerOf } from '#adapters/lambda/stack.ts';
import { createInbox } from '#adapters/sqs/inbox.ts';
import { confirm } from '#app/confirm.ts';
import { consumeBatch, lookMail } from '#app/consume-batch.ts';
import { readConfig } from '#config/config.ts';
import { sqsClient } from './clients.ts';
import { deadline, telemetryOf } from './house.ts';
import { loopPorts } from './loop.ts';

/** A function that runs the loop over the messages of one queue. */
export function createConsumer(
  service: string,
  queueUrl: string,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const telemetry = telemetryOf(service);
  const sqs = sqsClient();
  const { parkingQueueUrl } = readConfig('parkingQueueUrl');
  const inbox = createInbox({ client: sqs, queueUrl, parkingQueueUrl });
  const loop = loopPorts({ sqs, telemetry });
  return handlerOf(async (event: SQSEvent, context: Context) => {
    deadline.begin(context);
    const kept = await consumeBatch(
      {
        mail: lookMail,
        inbox,
        telemetry,
        handle: (message, received) => confirm(loop, message, received),
        jitter: Math.random,
      },
      receivedOf(event),
    );
    return batchAnswer(kept);
  }, flushing(telemetry));
}
