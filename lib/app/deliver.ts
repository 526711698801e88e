import type { Webhook } from '#core/account.ts';
import type {
  DeliveryOutcome,
  EndpointStore,
  SetAsideQueue,
  WebhookSender,
} from '#core/deliveries.ts';
import {
  afterAnswer,
  afterFailure,
  blamesEvent,
  deliveryPauseMs,
  type Endpoint,
  planDelivery,
  setAsidePauseMs,
} from '#core/endpoint.ts';
import { accountOfEvent, type MerchantEvent } from '#core/events.ts';
import type { Accounts, Clock, Received } from '#core/ports.ts';
import type { Telemetry } from '#core/telemetry.ts';
import type { AccountName } from '#core/values/ids.ts';
import { done, type Ending, type EndingReason } from './ending.ts';

export type DeliverPorts = {
  readonly accounts: Accounts;
  readonly endpoints: EndpointStore;
  readonly sender: WebhookSender;
  /** Absent where deliveries that were set aside are looked at. */
  readonly setAside?: SetAsideQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** In [0, 1), to spread the retries. */
  readonly jitter: () => number;
  /** Whether an attempt that starts now can end within the function's time. */
  readonly hasTime: () => boolean;
};

const lostRacePauseMs = 5_000;
const countLimit = 3;

/**
 * Delivers one event to its account's webhook, or says what becomes of it: tried again (for three days),
 * set aside while its endpoint is down, or parked with the last answer. At least once; the endpoint's
 * health is its record, so whoever dies anywhere changes nothing for the others. Ends in the ports'
 * `AppError`s, after which the message must be retried.
 */
export async function deliver(
  ports: DeliverPorts,
  event: MerchantEvent,
  received: Received,
): Promise<Ending> {
  const name = accountOfEvent(event);
  if (name === undefined) {
    return { type: 'parked', reason: 'undecodable' };
  }
  const account = await ports.accounts.get(name);
  if (account === undefined) {
    return { type: 'retry', reason: 'account_unknown' };
  }
  const { webhook } = account;
  if (webhook === undefined) {
    // It was routed here before the merchant took the webhook away.
    return again(ports, received, 'webhook_missing');
  }
  if (!ports.hasTime()) {
    return { type: 'retry', reason: 'no_time', afterMs: 0 };
  }
  const endpoint = await ports.endpoints.load(name);
  const plan = planDelivery(endpoint, ports.clock.now());
  switch (plan.type) {
    case 'set-aside':
      return setAside(ports, name, received);
    case 'wait':
      return {
        type: 'retry',
        reason: 'endpoint_waits',
        afterMs: plan.until - ports.clock.now() + Math.round(plan.spreadMs * ports.jitter()),
      };
    case 'probe': {
      const reserved = await ports.endpoints.save(name, plan.reserve);
      return reserved === 'done'
        ? attempt(ports, { name, webhook }, plan.reserve, { event, received })
        : { type: 'retry', reason: 'endpoint_waits', afterMs: lostRacePauseMs };
    }
    case 'try':
      return attempt(ports, { name, webhook }, endpoint, { event, received });
  }
}

type Target = { readonly name: AccountName; readonly webhook: Webhook };
type Letter = { readonly event: MerchantEvent; readonly received: Received };

async function attempt(
  ports: DeliverPorts,
  { name, webhook }: Target,
  endpoint: Endpoint | undefined,
  { event, received }: Letter,
): Promise<Ending> {
  const { sender, clock, telemetry } = ports;
  const startedAt = clock.now();
  const outcome = await sender.send(webhook, { event, body: received.body }, startedAt);
  const fields = { account: name, event: event.id, durationMs: clock.now() - startedAt };
  if (outcome.type === 'delivered') {
    telemetry.count('delivery_sent');
    telemetry.log('info', 'event delivered', fields);
    await recovered(ports, name, endpoint);
    return done;
  }
  const code = codeOf(outcome);
  telemetry.count('delivery_failed', outcome.reason);
  telemetry.log('warn', 'delivery failed', {
    ...fields,
    code,
    receiveCount: received.receiveCount,
  });
  if (blamesEvent(outcome.status)) {
    await recovered(ports, name, endpoint);
    return again(ports, received, 'delivery_failed', code);
  }
  const isDown = await failed(ports, name, endpoint);
  return isDown ? setAside(ports, name, received) : again(ports, received, 'delivery_failed', code);
}

/** Lost or unknown: the next delivery that is answered does it. */
async function recovered(
  { endpoints, telemetry }: DeliverPorts,
  name: AccountName,
  before: Endpoint | undefined,
): Promise<void> {
  const endpoint = afterAnswer(before);
  const saved = endpoint === undefined ? 'lost' : await endpoints.save(name, endpoint);
  if (saved === 'done' && before?.failing?.downAt !== undefined) {
    telemetry.count('endpoint_recovered');
    telemetry.log('info', 'endpoint recovered', { account: name });
  }
}

/**
 * Counts the failure, and answers whether the endpoint is down now. Many that fail at once are many
 * failures: who lost the write looks again, until the others are made to wait. Unknown: another attempt
 * has said so, or will.
 */
async function failed(
  { endpoints, clock, telemetry }: DeliverPorts,
  name: AccountName,
  before: Endpoint | undefined,
): Promise<boolean> {
  let seen = before;
  for (let round = 0; round < countLimit; round += 1) {
    const endpoint = afterFailure(seen, clock.now());
    const isDown = endpoint.failing?.downAt !== undefined;
    const saved = await endpoints.save(name, endpoint);
    if (saved !== 'lost') {
      if (saved === 'done' && isDown && seen?.failing?.downAt === undefined) {
        telemetry.count('endpoint_down');
        telemetry.log('error', 'endpoint down', { account: name });
      }
      return isDown;
    }
    seen = await endpoints.load(name);
    if (planDelivery(seen, clock.now()).type !== 'try') {
      break;
    }
  }
  return seen?.failing?.downAt !== undefined;
}

async function setAside(
  { setAside: queue, telemetry, jitter }: DeliverPorts,
  name: AccountName,
  received: Received,
): Promise<Ending> {
  if (queue === undefined) {
    return { type: 'retry', reason: 'endpoint_down', afterMs: setAsidePauseMs(jitter()) };
  }
  await queue.send(received);
  telemetry.count('delivery_set_aside');
  telemetry.log('warn', 'delivery set aside', { account: name, requestId: received.messageId });
  return done;
}

/** Later, until it has been tried for three days. */
function again(
  { clock, jitter }: DeliverPorts,
  { sentAt }: Received,
  reason: EndingReason,
  detail?: string,
): Ending {
  const pauseMs = deliveryPauseMs(clock.now() - sentAt, jitter());
  return pauseMs === undefined
    ? { type: 'parked', reason, ...(detail !== undefined && { detail }) }
    : { type: 'retry', reason, afterMs: pauseMs };
}

function codeOf({ reason, status }: Extract<DeliveryOutcome, { type: 'failed' }>): string {
  return status === undefined ? reason : `${reason} ${status}`;
}
