import assert from 'node:assert/strict';
import { type ClockSetting, scaleClock } from '../../../local/clock.ts';
import type { CollectedEvent } from '../../../local/event-collector.ts';
import { isObject, type JsonObject } from '../../../local/json.ts';
import type { Stack } from '../../../local/stack.ts';

/** A running stack whose time goes faster, and what a test wants to know of it. */
export type FastStack = {
  readonly stack: Stack;
  /** The same, seen by another account of tenant dev. */
  readonly as: (account: 'dev' | 'v2') => FastStack;
  /** The key of an order's record. */
  readonly pkOf: (out_trade_no: string) => string;
  readonly recordOf: (out_trade_no: string) => Promise<JsonObject>;
  /** Every arrival, repeats included, in the order in which they came. */
  readonly allEvents: () => readonly CollectedEvent[];
  readonly eventsOf: (out_trade_no: string) => readonly CollectedEvent[];
  /** The ids that came, each once: what a receiver that keeps ids sees. */
  readonly idsOf: (out_trade_no: string) => readonly string[];
  /** The same of any record, by its key. */
  readonly idsAbout: (pk: string) => readonly string[];
  /** The order as WeChat keeps it; undefined when it knows none. */
  readonly atWechat: (out_trade_no: string) => Promise<JsonObject | undefined>;
  /** All of them, each with its deliveries. */
  readonly ordersAtWechat: () => Promise<readonly JsonObject[]>;
  /** How often WeChat was asked about the order. */
  readonly queriesOf: (out_trade_no: string) => Promise<number>;
  /** What its notices were answered. */
  readonly statusesOf: (out_trade_no: string) => Promise<readonly number[]>;
  /** The payer pays; `wish` as the simulator's control call takes it. */
  readonly pay: (out_trade_no: string, wish?: JsonObject) => Promise<void>;
  /** Waits until no message is left but planned wakes: whatever could come at once has come. */
  readonly calm: () => Promise<void>;
  /** Waits up to a minute of real time, so that a busy machine fails no test. */
  readonly until: <T>(
    what: string,
    check: () => T | undefined | false | Promise<T | undefined | false>,
  ) => Promise<T>;
  readonly stop: () => Promise<void>;
};

export const tea = {
  trade_type: 'NATIVE',
  description: 'Tea, 250 g',
  amount: { total: 8800, currency: 'CNY' },
};

const patienceMs = 60_000;

/** Starts the stack with time running `factor` times as fast in this process and in its functions. */
export async function startFastStack(factor: number): Promise<FastStack> {
  const clock: ClockSetting = { origin: Date.now(), factor };
  const putBack = scaleClock(clock);
  // Loaded only now, so that everything sees the scaled clock.
  const { startStack } = await import('../../../local/stack.ts');
  const { until } = await import('../../../local/stack-client.ts');
  const { deliveredStatuses, orderAtWechat, queriesAbout, settle } = await import(
    '../../../local/looking.ts'
  );
  const stack = await startStack({ clock });
  const collector = stack.collectEvents();
  const eventsAbout = (pk: string): readonly CollectedEvent[] =>
    collector.events().filter(({ subject }) => subject === pk);
  const idsAbout = (pk: string): readonly string[] => [
    ...new Set(eventsAbout(pk).map(({ id }) => id)),
  ];
  const seenBy = (stack: Stack): FastStack => {
    const pkOf = (number: string): string => `order#${stack.dev.account.mchid}#${number}`;
    return {
      stack,
      as: (account) => seenBy(stack.as(account)),
      pkOf,
      recordOf: async (number) => {
        const record = await stack.item(pkOf(number));
        if (record === undefined) {
          throw new Error(`There is no record ${pkOf(number)}`);
        }
        return record;
      },
      allEvents: collector.events,
      eventsOf: (number) => eventsAbout(pkOf(number)),
      idsOf: (number) => idsAbout(pkOf(number)),
      idsAbout,
      atWechat: (number) => orderAtWechat(stack, number),
      ordersAtWechat: async () => {
        const { orders } = (await stack.control('orders?limit=1000')).body;
        return Array.isArray(orders) ? orders.filter(isObject) : [];
      },
      queriesOf: (number) => queriesAbout(stack, number),
      statusesOf: (number) => deliveredStatuses(stack, number),
      pay: async (out_trade_no, wish = {}) => {
        const { status, text } = await stack.control('pay', { out_trade_no, ...wish });
        assert.equal(status, 200, text);
      },
      calm: () => settle(stack),
      until: (what, check) => until(what, check, patienceMs),
      stop: async () => {
        await stack.stop();
        putBack();
      },
    };
  };
  return seenBy(stack);
}
