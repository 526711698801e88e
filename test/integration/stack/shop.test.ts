import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from '../../../client/src/index.ts';
import { type ClockSetting, scaleClock } from '../../../local/clock.ts';
import type { FlakyShop } from '../../../local/demo/flaky-shop.ts';
import { type Kills, startKills } from '../../../local/kills.ts';
import type { Stack } from '../../../local/stack.ts';
import { chanceOf } from './random-orders.ts';

const orderCount = 40;
const numbers = Array.from({ length: orderCount }, (_, index) => `SHOP-${1000 + index}`);
const refunds = numbers.slice(0, orderCount / 4).map((number) => ({ number, back: `R-${number}` }));
/** Of the calls that a function makes, before or after they had their effect. */
const killShare = 0.02;
const patienceMs = 120_000;
const seed = Number(process.env['SEED'] ?? 2026);
const chance = chanceOf(seed);

describe(`a shop that fails half of the time while functions are killed, seed ${seed}`, () => {
  let [stack, shop, kills]: [Stack?, FlakyShop?, Kills?] = [];
  let putBack = (): void => undefined;

  before(async () => {
    const clock: ClockSetting = { origin: Date.now(), factor: 60 };
    putBack = scaleClock(clock);
    // Loaded only now, so that everything sees the scaled clock.
    const { startStack } = await import('../../../local/stack.ts');
    const { until } = await import('../../../local/stack-client.ts');
    const { startFlakyShop } = await import('../../../local/demo/flaky-shop.ts');
    const open = await startFlakyShop();
    shop = open;
    stack = await startStack({ clock, webhook: open.webhook });
    const { sqs, dynamodb } = stack.gates;
    let calls = 0;
    let isOver = false;
    kills = startKills(stack, [sqs, dynamodb], ({ caller }) => {
      calls += 1;
      const roll = isOver || caller === 'sweep' ? 1 : chance(`call ${calls}`);
      return roll >= killShare ? undefined : roll < killShare / 2 ? 'before' : 'after';
    });
    const { api, tokens } = stack.dev;
    const client = createClient({ baseUrl: api, account: 'web', token: tokens.web, retries: 8 });
    const amount = { total: 8800, currency: 'CNY' } as const;
    for (const number of numbers) {
      await client.putOrder(number, { trade_type: 'NATIVE', description: 'Tea', amount });
      await stack.control('pay', { out_trade_no: number });
    }
    const all = numbers.join();
    await until('all is shipped', () => open.parcels().join() === all, patienceMs);
    for (const { number: out_trade_no, back } of refunds) {
      await client.putRefund(back, { out_trade_no, amount: { refund: 8800, currency: 'CNY' } });
    }
    await until('all refunds', () => open.refunds().length >= refunds.length, patienceMs);
    isOver = true;
  });
  after(async () => {
    await stack?.stop();
    await shop?.stop();
    putBack();
  });

  it('ships each paid order once', (t) => {
    assert.deepEqual(shop?.parcels(), numbers);
    t.diagnostic(`${kills?.count()} functions killed at work`);
    const { all, failed } = shop?.attempts() ?? { all: 0, failed: 0 };
    t.diagnostic(`${failed} of ${all} deliveries failed at the shop`);
    assert.ok((kills?.count() ?? 0) > 0);
    assert.ok(failed > orderCount / 2);
  });

  it('hears of each refund once', () => {
    assert.deepEqual(
      shop?.refunds(),
      refunds.map(({ back }) => back),
    );
  });

  it('handled one event for each of these, and no other', () => {
    const mchid = stack?.dev.accounts.web?.mchid;
    const ids = [
      ...numbers.map((number) => `order#${mchid}#${number}/order.paid/1`),
      ...refunds.map(({ back }) => `refund#${mchid}#${back}/refund.succeeded/1`),
    ];
    assert.deepEqual(shop?.handled(), ids.toSorted());
  });
});
