import { createTelemetry, type FunctionTelemetry } from '#adapters/telemetry/telemetry.ts';
import { createNoticeReader } from '#adapters/wechat/notice-reader.ts';
import { confirm } from '#app/confirm.ts';
import { consumeBatch, lookMail } from '#app/consume-batch.ts';
import { createOrder } from '#app/create-order.ts';
import { createKinds } from '#app/kinds.ts';
import { receiveNotice } from '#app/receive-notice.ts';
import { sweep } from '#app/sweep.ts';
import { limits } from '#config/limits.ts';
import type { RawNotice } from '#core/notices.ts';
import type { RecordStore } from '#core/ports.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { createClock } from '../../test/support/clock.ts';
import { claimsOver } from '../../test/support/memory-claims.ts';
import {
  createMemoryEvents,
  createMemoryHints,
  createMemoryTimers,
} from '../../test/support/memory-queues.ts';
import { createWorld } from '../../test/support/world.ts';
import { createPayscoreWorld } from '../../test/support/world-payscore.ts';
import type { Shop } from '../shop.ts';

export type FunctionName = 'api' | 'notify' | 'confirm' | 'watch' | 'sweep';

/** The functions as they are deployed, in virtual time: each call is one invocation. */
export type Functions = ReturnType<typeof createFunctions>;

/** Over a real table and a WeChat, queues and a clock that are made up. */
export function createFunctions({ account }: Shop, store: RecordStore) {
  const clock = createClock();
  const world = createWorld(clock);
  const hints = createMemoryHints({ clock });
  const timers = createMemoryTimers({ clock });
  const events = createMemoryEvents({ clock });
  const invocations = new Map<FunctionName, number>();
  const accounts = {
    get: () => Promise.resolve(account),
    refresh: () => Promise.resolve(account),
  };
  const claims = claimsOver(new Map(), undefined);
  const kinds = createKinds({
    gateway: world,
    claims,
    store,
    refundGateway: world.refundGateway,
    payscoreGateway: createPayscoreWorld(clock).gateway,
  });
  const hasTime = () => true;
  const queues = { timers, events, hints };
  const parts = { ...queues, store, claims, accounts, clock, kinds, hasTime, gateway: world };
  const reader = createNoticeReader();

  const invoke = async (
    name: FunctionName,
    job: (ports: typeof parts & { readonly telemetry: FunctionTelemetry }) => Promise<boolean>,
  ): Promise<void> => {
    invocations.set(name, (invocations.get(name) ?? 0) + 1);
    const telemetry = createTelemetry({ service: name, stage: 'prod' });
    const isDone = await job({ ...parts, telemetry });
    telemetry.flush();
    if (!isDone) {
      throw new Error(`An invocation of ${name} did not end well.`);
    }
  };
  return {
    clock,
    world,
    hints,
    timers,
    events,
    invocations: (): ReadonlyMap<FunctionName, number> => invocations,
    api: (order: NewOrder) =>
      invoke('api', async (ports) => (await createOrder(ports, account, order)).ok),
    notify: (raw: RawNotice) =>
      invoke(
        'notify',
        async (ports) => (await receiveNotice({ ...ports, reader }, account.name, raw)).ok,
      ),
    consume: (name: 'confirm' | 'watch', body: string) =>
      invoke(name, async (ports) => {
        const { telemetry } = ports;
        const handle = (message: Parameters<typeof confirm>[1]) =>
          confirm(ports, message, { receiveCount: 1 });
        const sentAt = clock.now();
        const message = { messageId: 'm-1', receiptHandle: 'r-1', body, receiveCount: 1, sentAt };
        const batch = { mail: lookMail, inbox, telemetry, handle, jitter: () => 0 };
        const kept = await consumeBatch(batch, [message]);
        return kept.length === 0;
      }),
    sweep: () =>
      invoke('sweep', async (ports) => {
        const { dueShards: shards, sweepRowsPerShard: rowsPerShard } = limits;
        return (await sweep({ ...ports, shards, rowsPerShard })) === 1;
      }),
  };
}

/** Nothing is postponed or parked in the lives that are told here. */
const inbox = {
  postpone: () => Promise.reject(new Error('A message was postponed.')),
  park: () => Promise.reject(new Error('A message was parked.')),
};
