import type { LoopPorts } from '#app/confirm.ts';
import type { CreateOrderPorts } from '#app/create-order.ts';
import { createKinds } from '#app/kinds.ts';
import type { Account } from '#core/account.ts';
import type { Accounts, OrderGateway, RefundGateway } from '#core/ports.ts';
import { createClock, type VirtualClock } from './clock.ts';
import { createFaults, type FaultSource, type Faults, perform } from './faults.ts';
import { type ClaimOperation, claimsOver } from './memory-claims.ts';
import {
  createMemoryEvents,
  createMemoryHints,
  createMemoryTimers,
  type MemoryEvents,
} from './memory-queues.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import type { StoreOperation } from './memory-table.ts';
import { account } from './order-builder.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { createTelemetry, type MemoryTelemetry } from './telemetry.ts';
import { createWorld, type World, type WorldCall } from './world.ts';
import { createPayscoreWorld, type PayscoreCall, type PayscoreWorld } from './world-payscore.ts';

/** Every port of the app over the fakes, in one world with one clock. */
export type TestBed = Omit<LoopPorts, 'hasTime'> &
  Omit<CreateOrderPorts, 'store'> & {
    readonly clock: VirtualClock;
    readonly store: MemoryStore;
    readonly world: World;
    readonly payscore: PayscoreWorld;
    readonly hints: ReturnType<typeof createMemoryHints>;
    readonly timers: ReturnType<typeof createMemoryTimers>;
    readonly events: MemoryEvents;
    readonly telemetry: MemoryTelemetry;
    readonly faults: {
      readonly store: Faults<StoreOperation>;
      readonly hints: Faults<'send'>;
      readonly timers: Faults<'send'>;
      readonly events: Faults<'send'>;
      readonly claims: Faults<ClaimOperation>;
    };
    /** Calls to WeChat that may still be begun; endless unless a test says otherwise. */
    timeFor(calls: number): void;
    readonly hasTime: () => boolean;
    /** Kills a function at any of its operations; a call to WeChat is one, too. */
    readonly kill: Reaper['kill'];
  };

export function createTestBed(accounts: readonly Account[] = [account]): TestBed {
  const clock = createClock();
  const faults = {
    store: createFaults<StoreOperation>(),
    hints: createFaults<'send'>(),
    timers: createFaults<'send'>(),
    events: createFaults<'send'>(),
    claims: createFaults<ClaimOperation>(),
  };
  const { over, kill } = createReaper();
  const world = createWorld(clock);
  const calls = over<WorldCall>({ take: () => undefined });
  const payscore = createPayscoreWorld(clock, over<PayscoreCall>({ take: () => undefined }));
  const gateway = gatewayOver(world, calls);
  const store = createMemoryStore({ faults: over(faults.store) });
  const claims = claimsOver(new Map(), over(faults.claims));
  let callsLeft = Number.POSITIVE_INFINITY;
  return {
    clock,
    faults,
    world,
    payscore,
    kill,
    gateway,
    store,
    hints: createMemoryHints({ clock, faults: over(faults.hints) }),
    timers: createMemoryTimers({ clock, faults: over(faults.timers) }),
    events: createMemoryEvents({ clock, faults: over(faults.events) }),
    telemetry: createTelemetry(),
    accounts: createAccounts(accounts),
    claims,
    kinds: createKinds({
      gateway,
      claims,
      store,
      refundGateway: refundGatewayOver(world, calls),
      payscoreGateway: payscore.gateway,
    }),
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

/** A client of the world, with the deaths that befall who calls it. */
function gatewayOver(world: World, faults: FaultSource<WorldCall>): OrderGateway {
  const { query, close, prepay, micropay, reverse, payParameters } = world;
  return {
    payParameters,
    query: (...asked) => call(faults, 'query', () => query(...asked)),
    close: (...asked) => call(faults, 'close', () => close(...asked)),
    prepay: (...asked) => call(faults, 'prepay', () => prepay(...asked)),
    micropay: (...asked) => call(faults, 'micropay', () => micropay(...asked)),
    reverse: (...asked) => call(faults, 'reverse', () => reverse(...asked)),
  };
}

function refundGatewayOver(world: World, faults: FaultSource<WorldCall>): RefundGateway {
  const { query, apply } = world.refundGateway;
  return {
    query: (...asked) => call(faults, 'refund-query', () => query(...asked)),
    apply: (...asked) => call(faults, 'apply', () => apply(...asked)),
  };
}

async function call<T>(
  faults: FaultSource<WorldCall>,
  operation: WorldCall,
  run: () => Promise<T>,
): Promise<T> {
  const failure = () => new Error('What WeChat answers is planned in the world.');
  return await perform(faults, operation, { run, failure });
}
