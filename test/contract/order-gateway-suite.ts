import { after, afterEach, before, suite } from 'node:test';
import { callsOf, type GatewayCalls, type GatewayWorld } from './order-gateway-harness.ts';

/** A suite over one world that its tests share, healed after each of them. */
export function suiteOver(
  name: string,
  open: () => Promise<GatewayWorld>,
  rules: (calls: GatewayCalls) => void,
): void {
  suite(name, () => {
    let world: GatewayWorld;

    before(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.heal();
    });
    after(async () => {
      await world.end();
    });

    rules(callsOf(() => world));
  });
}
