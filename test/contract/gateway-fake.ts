import { formatUtc, instant } from '#core/values/time.ts';
import { createClock } from '../support/clock.ts';
import { account } from '../support/order-builder.ts';
import { createWorld, type WorldCall } from '../support/world.ts';
import { type GatewayFault, unknownCodes } from './gateway-faults.ts';

/** What each call makes of an unsigned 404 that says: not here. */
const notHere = {
  query: { type: 'not-found', code: 'ORDER_NOT_EXIST' },
  close: { type: 'no-such-order', code: 'ORDER_NOT_EXIST' },
  prepay: { type: 'unknown', code: 'ORDER_NOT_EXIST' },
  'refund-query': { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' },
  apply: { type: 'refused', code: 'RESOURCE_NOT_EXISTS' },
} as const satisfies Readonly<Record<WorldCall, unknown>>;

const calls = ['query', 'close', 'prepay', 'refund-query', 'apply'] as const;
const moreThanAnyTestCalls = 100;

/** The fake WeChat Pay, and the faults that every call may meet. */
export function openFake() {
  // The requests of the contract are made by the machine's clock; from here on time stands still.
  const world = createWorld(createClock(formatUtc(instant(Date.now()))));
  return {
    world,
    account,
    fail: (fault: GatewayFault, carriedOut = false) => {
      for (const call of calls) {
        const answer =
          fault === 'unsigned-404'
            ? notHere[call]
            : ({ type: 'unknown', code: unknownCodes[fault] } as const);
        const strike = (honest: () => unknown) => {
          if (carriedOut) {
            honest();
          }
          return answer;
        };
        world.plan(call, ...Array.from({ length: moreThanAnyTestCalls }, () => strike));
      }
      return Promise.resolve();
    },
    heal: () => {
      world.unplan();
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
  };
}
