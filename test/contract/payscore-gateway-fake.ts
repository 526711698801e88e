import type { Account } from '#core/account.ts';
import { type CommandName, commandNames, type SendOutcome } from '#core/payscore/evidence.ts';
import { formatUtc, instant } from '#core/values/time.ts';
import { createClock } from '../support/clock.ts';
import { account } from '../support/order-builder.ts';
import { createPayscoreWorld, type PayscoreWorld } from '../support/world-payscore.ts';
import { type GatewayFault, traitsOf } from './gateway-faults.ts';
import { type PayscoreSite, service } from './payscore-gateway-harness.ts';

const queries = ['query-plan', 'query-sign-plan', 'query-service-order'] as const;
const moreThanAnyTestCalls = 100;

/** The fake WeChat Pay, and the faults that every call may meet. */
export function openFake(): Promise<PayscoreSite> {
  // The machine's clock says when it begins; from here on time stands still, but for `later`.
  const clock = createClock(formatUtc(instant(Date.now())));
  const world = createPayscoreWorld(clock);
  const { gateway, book } = world;
  const soon = (run: () => unknown) =>
    Promise.resolve()
      .then(run)
      .then(() => undefined);
  const whose: Account = { ...account, services: [service] };
  return Promise.resolve({
    gateway,
    account: whose,
    now: clock.now,
    later: clock.advance,
    sign: (number) => soon(() => book.sign(number)),
    userCancel: (number, how) => soon(() => book.userCancel(number, how)),
    expire: (number) => soon(() => book.expire(number)),
    charge: (number) => soon(() => book.charge(number)),
    fail: (fault, carriedOut = false) => soon(() => strike(world, fault, carriedOut)),
    heal: () => soon(world.unplan),
    end: () => Promise.resolve(),
  });
}

function strike({ plan }: PayscoreWorld, fault: GatewayFault, carriedOut: boolean): void {
  const many = <T>(reply: T) => Array.from({ length: moreThanAnyTestCalls }, () => reply);
  const unknown = { type: 'unknown', code: traitsOf.v3.unknownCodes[fault] ?? '' } as const;
  const code = 'ORDER_NOT_EXIST';
  const isNotHere = fault === 'not-here';
  for (const query of queries) {
    plan(query, ...many(isNotHere ? ({ type: 'not-found', code } as const) : unknown));
  }
  const outcome = isNotHere ? ({ type: 'refused', code } as const) : unknown;
  const struck = (honest: () => SendOutcome): SendOutcome => {
    if (carriedOut) {
      honest();
    }
    return outcome;
  };
  for (const command of commandNames) {
    plan<CommandName>(command, ...many(struck));
  }
}
