import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeliverPorts, deliver } from '#app/deliver.ts';
import type { Account } from '#core/account.ts';
import type { DeliveryOutcome } from '#core/deliveries.ts';
import type { Endpoint } from '#core/endpoint.ts';
import { AppError, isAppError } from '#core/errors.ts';
import type { Received } from '#core/ports.ts';
import { type AccountName, isAccountName } from '#core/values/ids.ts';
import { at, createClock } from '../../support/clock.ts';
import { merchantEvent } from '../../support/event-builder.ts';
import { createFaults } from '../../support/faults.ts';
import { type EndpointOperation, endpointsOver } from '../../support/memory-endpoints.ts';
import { account as plain, valid } from '../../support/order-builder.ts';
import { createTelemetry } from '../../support/telemetry.ts';

const webhook = { url: 'https://shop.example.com/hook', keys: ['whsec_x'] } as const;
const account: Account = { ...plain, webhook };
const shop = valid('shop', isAccountName);
const noon = at('2026-11-21T12:00:00Z');
const event = merchantEvent();
const delivered: DeliveryOutcome = { type: 'delivered' };
const answers = (status: number): DeliveryOutcome => ({ type: 'failed', reason: 'status', status });
const timeout: DeliveryOutcome = { type: 'failed', reason: 'timeout' };
const failing = (attempts: number, nextTryAt = noon): Endpoint => ({
  version: attempts,
  failing: { since: noon, attempts, nextTryAt },
});
const down = (nextTryAt = noon): Endpoint => ({
  version: 20,
  failing: { since: at('2026-11-21T10:00:00Z'), attempts: 20, nextTryAt, downAt: noon },
});

/** `deliver` at noon, to an endpoint that answers as told; what it asked of others is noted. */
function bed(outcome: DeliveryOutcome, endpoint?: Endpoint, of: Account | null = account) {
  const clock = createClock();
  clock.advanceTo(noon);
  const telemetry = createTelemetry();
  const table = new Map<AccountName, Endpoint>();
  if (endpoint !== undefined) {
    table.set(shop, endpoint);
  }
  const faults = createFaults<EndpointOperation>();
  const sent: string[] = [];
  const aside: string[] = [];
  const found = () => Promise.resolve(of ?? undefined);
  const ports: DeliverPorts = {
    accounts: { get: found, refresh: found },
    endpoints: endpointsOver(table, faults),
    sender: {
      send: (to, { body }, now) => {
        sent.push(`${to.url} ${body} ${now - noon}`);
        return Promise.resolve(outcome);
      },
    },
    setAside: {
      send: ({ messageId }) => {
        aside.push(messageId);
        return Promise.resolve();
      },
    },
    clock,
    telemetry,
    jitter: () => 0.5,
    hasTime: () => true,
  };
  const { setAside: _, ...apart } = ports;
  return {
    ports,
    /** Where deliveries that were set aside are looked at. */
    apart,
    clock,
    telemetry,
    faults,
    sent,
    aside,
    standing: () => table.get(shop),
  };
}

function received(overrides: Partial<Received> = {}): Received {
  const body = '{"as":"it lies in the queue"}';
  const ids = { messageId: 'm-1', receiptHandle: 'r-1', groupId: event.subject };
  return { ...ids, body, receiveCount: 1, sentAt: noon, ...overrides };
}

test('an event is delivered as it lies in the queue, and nothing is written', async () => {
  const { ports, sent, standing, telemetry } = bed(delivered);
  assert.deepEqual(await deliver(ports, event, received()), { type: 'done' });
  assert.deepEqual(sent, ['https://shop.example.com/hook {"as":"it lies in the queue"} 0']);
  assert.equal(standing(), undefined);
  assert.equal(telemetry.countOf('delivery_sent'), 1);
});

for (const outcome of [timeout, answers(500), answers(301), answers(404), answers(410)]) {
  const { reason, status = '' } = outcome.type === 'failed' ? outcome : { reason: '' };
  test(`a delivery that ends in ${reason} ${status} is tried again, and counts against its endpoint`, async () => {
    const { ports, standing, telemetry } = bed(outcome);
    const ending = await deliver(ports, event, received());
    assert.deepEqual(ending, { type: 'retry', reason: 'delivery_failed', afterMs: 5_000 });
    assert.deepEqual(standing(), failing(1));
    assert.equal(telemetry.countOf('delivery_failed', String(reason)), 1);
    assert.equal(telemetry.countOf('delivery_sent'), 0);
  });
}

for (const status of [400, 409, 413, 422]) {
  test(`an endpoint that answers ${status} refuses this event and is well`, async () => {
    const { ports, standing } = bed(answers(status), failing(2));
    const ending = await deliver(ports, event, received());
    assert.deepEqual(ending, { type: 'retry', reason: 'delivery_failed', afterMs: 5_000 });
    assert.deepEqual(standing(), { version: 3 });
  });
}

test('pauses grow with the age of the message', async () => {
  const { ports } = bed(timeout);
  const sentAt = at('2026-11-21T11:50:00Z');
  const ending = await deliver(ports, event, received({ sentAt }));
  assert.deepEqual(ending, { type: 'retry', reason: 'delivery_failed', afterMs: 300_000 });
});

test('after three days a delivery is parked with its last answer', async () => {
  for (const [outcome, detail] of [
    [answers(503), 'status 503'],
    [timeout, 'timeout'],
  ] as const) {
    const { ports } = bed(outcome);
    const sentAt = at('2026-11-18T12:00:00Z');
    const ending = await deliver(ports, event, received({ sentAt }));
    assert.deepEqual(ending, { type: 'parked', reason: 'delivery_failed', detail });
  }
});

test('while an endpoint fails nobody calls it before its pause is over', async () => {
  const { ports, sent } = bed(delivered, failing(3, at('2026-11-21T12:00:15Z')));
  const ending = await deliver(ports, event, received());
  assert.deepEqual(ending, { type: 'retry', reason: 'endpoint_waits', afterMs: 17_500 });
  assert.deepEqual(sent, []);
});

test('of many who find the pause over one calls, the others wait', async () => {
  const { ports, sent } = bed(timeout, failing(3));
  const both = [deliver(ports, event, received()), deliver(ports, event, received())];
  const endings = await Promise.all(both);
  assert.equal(sent.length, 1);
  assert.deepEqual(
    endings.map((ending) => ending.type === 'retry' && ending.reason),
    ['delivery_failed', 'endpoint_waits'],
  );
});

test('a probe that is answered makes the endpoint well', async () => {
  const { ports, standing, telemetry } = bed(delivered, down());
  assert.deepEqual(await deliver(ports, event, received()), { type: 'done' });
  assert.deepEqual(standing(), { version: 22 });
  assert.equal(telemetry.countOf('endpoint_recovered'), 1);
});

test('a probe whose place cannot be reserved for certain calls nobody', async () => {
  const { ports, sent, faults } = bed(delivered, down());
  faults.plan('endpoint-save', 'unknown-done');
  const ending = await deliver(ports, event, received());
  assert.deepEqual(ending, { type: 'retry', reason: 'endpoint_waits', afterMs: 5_000 });
  assert.deepEqual(sent, []);
});

test('what is for an endpoint that is down is set aside at once, without a call', async () => {
  const { ports, sent, aside, telemetry } = bed(delivered, down(at('2026-11-21T12:03:00Z')));
  assert.deepEqual(await deliver(ports, event, received()), { type: 'done' });
  assert.deepEqual([sent, aside], [[], ['m-1']]);
  assert.equal(telemetry.countOf('endpoint_down'), 0);
});

test('what was set aside waits some ten minutes, and is no alarm', async () => {
  const { apart, sent } = bed(delivered, down(at('2026-11-21T12:03:00Z')));
  const ending = await deliver(apart, event, received());
  assert.deepEqual(ending, { type: 'retry', reason: 'endpoint_down', afterMs: 600_000 });
  assert.deepEqual(sent, []);
});

test('what was set aside is delivered once its endpoint is well', async () => {
  const { apart, sent } = bed(delivered, { version: 22 });
  assert.deepEqual(await deliver(apart, event, received()), { type: 'done' });
  assert.equal(sent.length, 1);
});

test('the failure after an hour of failures raises one alarm', async () => {
  const since = at('2026-11-21T11:00:00Z');
  const nearly: Endpoint = { version: 9, failing: { since, attempts: 9, nextTryAt: noon } };
  const { ports, aside, telemetry, standing, clock } = bed(timeout, nearly);
  assert.deepEqual(await deliver(ports, event, received()), { type: 'done' });
  assert.deepEqual([aside, standing()?.failing?.downAt], [['m-1'], noon]);
  clock.advance(300_000);
  assert.deepEqual(await deliver(ports, event, received()), { type: 'done' });
  assert.equal(telemetry.countOf('endpoint_down'), 1);
});

test('of failures at the same moment each counts, until the others are made to wait', async () => {
  for (const [before, after] of [
    [1, 2],
    [2, 3],
    [3, 3],
  ] as const) {
    const { ports, standing, faults } = bed(timeout);
    faults.plan('endpoint-save', async () => {
      for (let attempts = 1; attempts <= before; attempts += 1) {
        await ports.endpoints.save(shop, failing(attempts, at('2026-11-21T12:00:05Z')));
      }
    });
    const ending = await deliver(ports, event, received());
    assert.deepEqual(ending, { type: 'retry', reason: 'delivery_failed', afterMs: 5_000 });
    assert.equal(standing()?.failing?.attempts, after);
  }
});

test('whose failure is found to be one of many learns that the endpoint is down', async () => {
  const { ports, aside, faults } = bed(timeout, failing(2));
  faults.plan('endpoint-save', async () => {
    const later = { ...down(at('2026-11-21T12:03:00Z')), version: 3 };
    await ports.endpoints.save(shop, later);
  });
  assert.deepEqual(await deliver(ports, event, received()), { type: 'done' });
  assert.deepEqual(aside, ['m-1']);
});

test('an attempt that could not end in time is left for the next run', async () => {
  const { ports, sent } = bed(delivered);
  const ending = await deliver({ ...ports, hasTime: () => false }, event, received());
  assert.deepEqual(ending, { type: 'retry', reason: 'no_time', afterMs: 0 });
  assert.deepEqual(sent, []);
});

test('an event of nobody is parked, one of an unknown account waits', async () => {
  const { ports } = bed(delivered);
  for (const source of ['', '/accounts/', '/accounts/Shop', '/accounts/shop/x', 'shop']) {
    const ending = await deliver(ports, { ...event, source }, received());
    assert.deepEqual(ending, { type: 'parked', reason: 'undecodable' });
  }
  const { ports: strangers } = bed(delivered, undefined, null);
  const ending = await deliver(strangers, event, received());
  assert.deepEqual(ending, { type: 'retry', reason: 'account_unknown' });
});

test('an account whose webhook was taken away calls nobody, and its endpoint is as it was', async () => {
  const { ports, sent, standing } = bed(delivered, undefined, plain);
  const ending = await deliver(ports, event, received());
  assert.deepEqual(ending, { type: 'retry', reason: 'webhook_missing', afterMs: 5_000 });
  assert.deepEqual([sent, standing()], [[], undefined]);
  const sentAt = at('2026-11-18T12:00:00Z');
  const last = await deliver(ports, event, received({ sentAt }));
  assert.deepEqual(last, { type: 'parked', reason: 'webhook_missing' });
});

test('a table or a queue that refuses leaves the message where it is', async () => {
  for (const operation of ['endpoint-load', 'endpoint-save'] as const) {
    const { ports, faults } = bed(timeout);
    faults.plan(operation, 'fail');
    await assert.rejects(
      () => deliver(ports, event, received()),
      (error) => isAppError(error) && error.code === 'store_unavailable',
    );
  }
  const { ports } = bed(delivered, down(at('2026-11-21T12:03:00Z')));
  const full = new AppError('queue_unavailable', 'Full.');
  const setAside = { send: () => Promise.reject(full) };
  await assert.rejects(() => deliver({ ...ports, setAside }, event, received()), full);
});
