import type { SQSClient } from '@aws-sdk/client-sqs';
import { createEventQueue, createTimerQueue } from '#adapters/sqs/queues.ts';
import type { LoopPorts } from '#app/confirm.ts';
import { noticeKind } from '#app/notice-kind.ts';
import { createOrderKind } from '#app/order-kind.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { OrderGateway, Telemetry } from '#core/ports.ts';
import { accountsFromSecrets, clock, deadline } from './house.ts';
import { recordStore } from './store.ts';

/** The loop's ports as they are deployed; `confirm`, `watch` and `api` run the same loop. */
export function loopPorts(parts: {
  readonly sqs: SQSClient;
  readonly gateway: OrderGateway;
  readonly telemetry: Telemetry;
}): LoopPorts {
  const { sqs: client, gateway, telemetry } = parts;
  const { timersQueueUrl, eventsQueueUrl } = readConfig('timersQueueUrl', 'eventsQueueUrl');
  return {
    store: recordStore(),
    events: createEventQueue({ client, queueUrl: eventsQueueUrl }),
    timers: createTimerQueue({ client, queueUrl: timersQueueUrl }),
    accounts: accountsFromSecrets(),
    clock,
    telemetry,
    kinds: { order: createOrderKind(gateway), notice: noticeKind },
    hasTime: () => deadline.hasLeft(limits.wechatCallNeedsMs),
  };
}
