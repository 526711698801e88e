import type { SQSClient } from '@aws-sdk/client-sqs';
import { createEventQueue, createTimerQueue } from '#adapters/sqs/queues.ts';
import type { LoopPorts } from '#app/confirm.ts';
import { createKinds } from '#app/kinds.ts';
import { createEventRouter } from '#app/route-event.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { ClaimStore } from '#core/claims.ts';
import type { OrderGateway } from '#core/ports.ts';
import type { Telemetry } from '#core/telemetry.ts';
import { gateways } from './gateway.ts';
import { accountsFromSecrets, clock, deadline } from './house.ts';
import { stores } from './store.ts';

/** The loop's ports as they are deployed; `confirm`, `watch` and `api` run the same loop. */
export function loopPorts(parts: {
  readonly sqs: SQSClient;
  readonly telemetry: Telemetry;
}): LoopPorts & { readonly claims: ClaimStore; readonly gateway: OrderGateway } {
  const { sqs: client, telemetry } = parts;
  const { gateway, refundGateway, payscoreGateway } = gateways();
  const { store, claims } = stores();
  const { timersQueueUrl, eventsQueueUrl, webhooksQueueUrl, eventsTenant } = readConfig(
    'timersQueueUrl',
    'eventsQueueUrl',
    'webhooksQueueUrl',
    'eventsTenant',
  );
  const accounts = accountsFromSecrets();
  return {
    store,
    claims,
    gateway,
    events: createEventRouter({
      accounts,
      events: createEventQueue({ client, queueUrl: eventsQueueUrl }),
      webhooks: createEventQueue({ client, queueUrl: webhooksQueueUrl }),
      eventsTenant,
    }),
    timers: createTimerQueue({ client, queueUrl: timersQueueUrl }),
    accounts,
    clock,
    telemetry,
    kinds: createKinds({ gateway, refundGateway, payscoreGateway, claims, store }),
    hasTime: () => deadline.hasLeft(limits.wechatCallNeedsMs),
  };
}
