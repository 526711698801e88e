import type { LoopPorts } from '#app/confirm.ts';
import type { CreateOrderPorts } from '#app/create-order.ts';
import { noticeKind } from '#app/notice-kind.ts';
import { createOrderKind } from '#app/order-kind.ts';
import type { Account } from '#core/account.ts';
import type { Accounts } from '#core/ports.ts';
import { createClock, type VirtualClock } from './clock.ts';
import { createFaults, type Faults } from './faults.ts';
import {
  createMemoryEvents,
  createMemoryHints,
  createMemoryTimers,
  type MemoryEvents,
} from './memory-queues.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import type { StoreOperation } from './memory-table.ts';
import { account } from './order-builder.ts';
import { createTelemetry, type MemoryTelemetry } from './telemetry.ts';
import { createWorld, type World } from './world.ts';

/** Every port of the app over the fakes, in one world with one clock. */
export type TestBed = Omit<LoopPorts, 'hasTime'> &
  Omit<CreateOrderPorts, 'store'> & {
    readonly clock: VirtualClock;
    readonly store: MemoryStore;
    readonly world: World;
    readonly hints: ReturnType<typeof createMemoryHints>;
    readonly timers: ReturnType<typeof createMemoryTimers>;
    readonly events: MemoryEvents;
    readonly telemetry: MemoryTelemetry;
    readonly faults: {
      readonly store: Faults<StoreOperation>;
      readonly hints: Faults<'send'>;
      readonly timers: Faults<'send'>;
      readonly events: Faults<'send'>;
    };
    /** Calls to WeChat that may still be begun; endless unless a test says otherwise. */
    timeFor(calls: number): void;
    readonly hasTime: () => boolean;
  };

export function createTestBed(accounts: readonly Account[] = [account]): TestBed {
  const clock = createClock();
  const faults = {
    store: createFaults<StoreOperation>(),
    hints: createFaults<'send'>(),
    timers: createFaults<'send'>(),
    events: createFaults<'send'>(),
  };
  const world = createWorld(clock);
  let callsLeft = Number.POSITIVE_INFINITY;
  return {
    clock,
    faults,
    world,
    gateway: world,
    store: createMemoryStore({ faults: faults.store }),
    hints: createMemoryHints({ clock, faults: faults.hints }),
    timers: createMemoryTimers({ clock, faults: faults.timers }),
    events: createMemoryEvents({ clock, faults: faults.events }),
    telemetry: createTelemetry(),
    accounts: createAccounts(accounts),
    kinds: { order: createOrderKind(world), notice: noticeKind },
    timeFor: (calls) => {
      callsLeft = calls;
    },
    hasTime: () => {
      callsLeft -= 1;
      return callsLeft >= 0;
    },
  };
}

function createAccounts(accounts: readonly Account[]): Accounts {
  const find: Accounts['get'] = (name) =>
    Promise.resolve(accounts.find((one) => one.name === name));
  return { get: find, refresh: find };
}
