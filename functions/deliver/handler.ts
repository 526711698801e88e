import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createEndpointStore } from '#adapters/dynamodb/endpoint-store.ts';
import { batchAnswer, isOfQueue, receivedOf } from '#adapters/lambda/sqs-batch.ts';
import { flushing, handlerOf } from '#adapters/lambda/stack.ts';
import { createInbox } from '#adapters/sqs/inbox.ts';
import { createSetAsideQueue } from '#adapters/sqs/set-aside-queue.ts';
import { createWebhookSender } from '#adapters/webhooks/sender.ts';
import { consumeBatch, eventMail } from '#app/consume-batch.ts';
import { type DeliverPorts, deliver } from '#app/deliver.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import { dynamodbClient, sqsClient } from '../wiring/clients.ts';
import { accountsFromSecrets, clock, deadline, telemetryOf } from '../wiring/house.ts';

const config = readConfig(
  'tableName',
  'webhooksQueueUrl',
  'parkingQueueUrl',
  'setAsideQueueUrl',
  'setAsideParkingQueueUrl',
  'allowsLoopback',
);
const telemetry = telemetryOf('deliver');
const client = sqsClient();
const ports: DeliverPorts = {
  accounts: accountsFromSecrets(),
  endpoints: createEndpointStore({ client: dynamodbClient(), tableName: config.tableName }),
  sender: createWebhookSender({
    allowsLoopback: config.allowsLoopback === 'yes',
    timeoutMs: limits.deliveryTimeoutMs,
    userAgent: 'wechatpay-serverless/0.1',
  }),
  clock,
  telemetry,
  jitter: Math.random,
  hasTime: () => deadline.hasLeft(limits.deliveryNeedsMs),
};

const webhooks = {
  ports: {
    ...ports,
    setAside: createSetAsideQueue({ client, queueUrl: config.setAsideQueueUrl }),
  },
  inbox: createInbox({
    client,
    queueUrl: config.webhooksQueueUrl,
    parkingQueueUrl: config.parkingQueueUrl,
  }),
};
const setAside = {
  ports,
  inbox: createInbox({
    client,
    queueUrl: config.setAsideQueueUrl,
    parkingQueueUrl: config.setAsideParkingQueueUrl,
  }),
};

/** Queue `webhooks.fifo`, and apart from it what was set aside: tells the merchant's system. */
export const handler = handlerOf(
  async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    deadline.begin(context);
    const lane = isOfQueue(event, config.setAsideQueueUrl) ? setAside : webhooks;
    const kept = await consumeBatch(
      {
        mail: eventMail,
        inbox: lane.inbox,
        telemetry,
        handle: (message, received) => deliver(lane.ports, message, received),
        jitter: Math.random,
      },
      receivedOf(event),
    );
    return batchAnswer(kept);
  },
  flushing(telemetry),
);
