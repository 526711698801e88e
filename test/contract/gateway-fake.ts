import type { Account } from '#core/account.ts';
import { formatUtc, instant } from '#core/values/time.ts';
import { createClock } from '../support/clock.ts';
import { createWorld, type World, type WorldCall } from '../support/world.ts';
import { type GatewayFault, traitsOf } from './gateway-faults.ts';
import type { MerchantWorld } from './order-gateway-harness.ts';

const calls = [
  'query',
  'close',
  'prepay',
  'micropay',
  'reverse',
  'refund-query',
  'apply',
] as const satisfies readonly WorldCall[];
const moreThanAnyTestCalls = 100;

/** Code payments are asked of APIv2, whichever API the account has. */
function traitsFor(call: WorldCall, { api }: Account) {
  return traitsOf[call === 'micropay' || call === 'reverse' ? 'v2' : api];
}

/** What each call makes of an answer that says: not here. */
function notHere(
  call: WorldCall,
  account: Account,
): { readonly type: string; readonly code: string } {
  const { noOrder, noRefund, nothingToRefund } = traitsFor(call, account);
  switch (call) {
    case 'query':
      return { type: 'not-found', code: noOrder };
    case 'close':
    case 'reverse':
      return { type: 'no-such-order', code: noOrder };
    case 'prepay':
    case 'micropay':
      return { type: 'unknown', code: noOrder };
    case 'refund-query':
      return { type: 'not-found', code: noRefund };
    case 'apply':
      return { type: 'refused', code: nothingToRefund };
  }
}

/** Undefined where this fault is none of the call's API. */
function failureOf(call: WorldCall, fault: GatewayFault, account: Account) {
  if (fault === 'not-here') {
    return notHere(call, account);
  }
  const code = traitsFor(call, account).unknownCodes[fault];
  return code === undefined ? undefined : { type: 'unknown', code };
}

/** The fake WeChat Pay, and the faults that every call may meet. */
export function openFake(account: Account): MerchantWorld & { readonly world: World } {
  // The machine's clock says when it begins; from here on time stands still, but for `later`.
  const clock = createClock(formatUtc(instant(Date.now())));
  const world = createWorld(clock);
  return {
    world,
    account,
    now: clock.now,
    later: clock.advance,
    pay: (out_trade_no) => Promise.resolve().then(() => world.pay(out_trade_no)),
    fail: (fault, carriedOut = false) => {
      for (const call of calls) {
        const failure = failureOf(call, fault, account);
        const strike = (honest: () => unknown): never => {
          if (carriedOut || failure === undefined) {
            const answer = honest();
            return (failure ?? answer) as never;
          }
          return failure as never;
        };
        world.plan(call, ...Array.from({ length: moreThanAnyTestCalls }, () => strike));
      }
      return Promise.resolve();
    },
    heal: () => {
      world.unplan();
      world.payersAre(undefined);
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
  };
}
