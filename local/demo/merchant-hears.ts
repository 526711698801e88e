import { createClient } from '../../client/src/index.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { FlakyShop } from './flaky-shop.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

const numbers = ['DEMO-SHOP-01', 'DEMO-SHOP-02', 'DEMO-SHOP-03', 'DEMO-SHOP-04'] as const;
const refunded = numbers[0];
const patienceMs = 60_000;

/** Another tenant's shop, told by webhook; everything it does goes through the client. */
export async function merchantHears(stack: Stack, story: Story, shop: FlakyShop): Promise<void> {
  story.scene('A shop hears by webhook, fails half of the time, and ships once');
  const { api, tokens } = stack.dev;
  const client = createClient({ baseUrl: api, account: 'web', token: tokens.web });
  for (const number of numbers) {
    const { trade_type: _, ...rest } = tea;
    await client.putOrder(number, {
      ...rest,
      trade_type: 'NATIVE',
      amount: { total: 8800, currency: 'CNY' },
    });
    await stack.control('pay', { out_trade_no: number, notice: 'tripled' });
  }
  story.tell(`${numbers.length} orders are placed and paid; each notice comes three times.`);
  await until('all is shipped', () => shop.parcels().length >= numbers.length, patienceMs);
  await client.putRefund('DEMO-SHOP-BACK', {
    out_trade_no: refunded,
    amount: { refund: 8800, currency: 'CNY' },
  });
  story.tell('One of them is given back.');
  await until('the refund is known', () => shop.refunds().length > 0, patienceMs);
  const { all, failed } = shop.attempts();
  const parcels = shop.parcels().join(' ');
  story.claim('each order has one parcel', parcels === numbers.join(' '), parcels);
  const handled = shop.handled();
  const isEach = handled.length === numbers.length + 1;
  story.claim('each event had one effect', isEach, `${handled.length} events`);
  story.claim('although the shop failed again and again', failed > 0, `${failed} of ${all} times`);
  const view = await client.getOrder(refunded);
  const back = view.refunds?.map(({ status }) => status).join(' ');
  story.claim('the client sees the refund in its order', back === 'SUCCESS', back);
}
