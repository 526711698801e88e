import type { Account } from '#core/account.ts';
import { openFake } from './gateway-fake.ts';
import { openSimulator, type Shop } from './gateway-simulator.ts';
import type { GatewayWorld } from './order-gateway-harness.ts';

/** What the payers of the simulator are told to do. */
const payerPlans = {
  pays: { outcome: 'paid' },
  'types-password': { outcome: 'password' },
  'is-poor': { outcome: 'NOTENOUGH', leaves: 'failed' },
} as const;

export async function openWorld(shop: Shop): Promise<GatewayWorld> {
  const { control, heal, ...simulator } = await openSimulator(shop);
  return {
    ...simulator,
    startPaying: (out_trade_no) => control('paying', { out_trade_no, paying: true }),
    decline: (out_trade_no) => control('decline', { out_trade_no }),
    payersAre: (payer) => control('micropay', payerPlans[payer]),
    recallOnce: () => control('reverse', { outcome: 'recall', times: 1 }),
    heal: async () => {
      await heal();
      await control('micropay', { outcome: 'normal' });
      await control('reverse', { outcome: 'done' });
    },
  };
}

export function openFakeWorld(whose: Account): Promise<GatewayWorld> {
  const { world, ...fake } = openFake(whose);
  const soon = (run: () => void) => Promise.resolve().then(run);
  return Promise.resolve({
    ...fake,
    gateway: world,
    startPaying: (out_trade_no) => soon(() => world.force(out_trade_no, 'USERPAYING')),
    decline: (out_trade_no) => soon(() => world.decline(out_trade_no)),
    payersAre: (payer) => soon(() => world.payersAre(payer)),
    recallOnce: () => soon(() => world.plan('reverse', { type: 'recall' })),
  });
}
