import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventRouter } from '#app/route-event.ts';
import type { Account } from '#core/account.ts';
import { AppError, isAppError } from '#core/errors.ts';
import type { EventQueue } from '#core/ports.ts';
import { merchantEvent } from '../../support/event-builder.ts';
import { account } from '../../support/order-builder.ts';

const webhook = { url: 'https://shop.example.com/hook', keys: ['whsec_x'] } as const;
const event = merchantEvent();

function router(found: Account | undefined, send?: EventQueue['send']) {
  const [events, webhooks]: [string[], string[]] = [[], []];
  const into = (list: string[]): EventQueue => ({
    send: send ?? (async ({ id }) => void list.push(id)),
  });
  const get = () => Promise.resolve(found);
  const ports = {
    accounts: { get, refresh: get },
    events: into(events),
    webhooks: into(webhooks),
    eventsTenant: account.tenant,
  };
  return { router: createEventRouter(ports), events, webhooks };
}

function endsIn(code: string) {
  return (error: unknown) => isAppError(error) && error.code === code;
}

test('the events of the one tenant lie in events.fifo', async () => {
  const { router: to, events, webhooks } = router(account);
  await to.send(event);
  assert.deepEqual([events, webhooks], [[event.id], []]);
});

test('the events of an account with a webhook go there alone, whoever its tenant is', async () => {
  for (const tenant of [account.tenant, 'tenant-2']) {
    const { router: to, events, webhooks } = router({ ...account, tenant, webhook });
    await to.send(event);
    assert.deepEqual([events, webhooks], [[], [event.id]]);
  }
});

test('the events of another tenant without a webhook stay owed: nobody else may read them', async () => {
  const { router: to, events, webhooks } = router({ ...account, tenant: 'tenant-2' });
  await assert.rejects(() => to.send(event), endsIn('account_invalid'));
  assert.deepEqual([events, webhooks], [[], []]);
});

test('an event of nobody, or of an account that is gone, stays owed', async () => {
  await assert.rejects(() => router(undefined).router.send(event), endsIn('account_unknown'));
  const foreign = { ...event, source: 'https://elsewhere.example.com' };
  await assert.rejects(() => router(account).router.send(foreign), endsIn('account_unknown'));
});

test('a queue that does not take the event is not hidden', async () => {
  const full = new AppError('queue_unavailable', 'Full.');
  const refusing = () => Promise.reject(full);
  for (const found of [account, { ...account, webhook }]) {
    await assert.rejects(() => router(found, refusing).router.send(event), full);
  }
});
