import {
  becauseOf,
  deliveredStatuses,
  eventsAbout,
  firstStatus,
  isClose,
  isOrderQuery,
  isRecord,
  isSuccess,
  operationsAbout,
  queriesAbout,
  settle,
  stateAtWechat,
} from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

const expiryMs = 5 * 60_000;

export async function paidOnce(stack: Stack, story: Story): Promise<void> {
  story.scene('A paid order is announced once, although the notice comes three times');
  const number = story.number('PAID-0001');
  const events = eventsAbout(stack, number);
  const placed = await stack.putOrder(number, { ...tea, reference: story.number('cart-77') });
  story.tell(`PUT order ${number}: ${placed.status}, ${placed.body['code_url']}`);
  story.claim('the order is placed at WeChat Pay', placed.status === 201, placed.status);
  const again = await stack.putOrder(number, { ...tea, reference: story.number('cart-77') });
  const isSame = again.status === 200 && again.body['code_url'] === placed.body['code_url'];
  story.claim('the same PUT again is the same order', isSame, again.status);

  await stack.control('pay', { out_trade_no: number, notice: 'tripled' });
  story.tell('The payer pays; WeChat Pay sends its notice three times.');
  const deliveries = await until('three notices are answered', async () => {
    const statuses = await deliveredStatuses(stack, number);
    return statuses.length >= 3 && statuses;
  });
  story.claim('each notice is acknowledged', deliveries.every(isSuccess), deliveries.join(' '));
  await until('the order is announced', () => events().length > 0);
  const order = await stack.getOrder(number);
  story.claim('the order is PAID', order.body['status'] === 'PAID', order.body['status']);
  await settle(stack);
  const ids = events().map(({ id }) => id);
  story.claim(
    'one event came',
    ids.length === 1 && ids[0]?.endsWith('/order.paid/1') === true,
    ids.join(' '),
  );
  const data = events()[0]?.event['data'];
  const paid = isRecord(data) ? data['paid_total'] : undefined;
  story.claim('it tells the amount that WeChat confirmed', paid === 8800, `${paid} fen`);
}

const oddKinds = {
  v3: ['forged', 'tampered', 'stale', 'probe', 'wrong-apiv3-key', 'foreign-mchid'],
  v2: ['forged', 'tampered', 'unsigned', 'downgraded', 'return-fail', 'doctype', 'foreign-mchid'],
} as const;

export async function refusedNotices(stack: Stack, story: Story): Promise<void> {
  story.scene('Forged, stale and tampered notices are refused, and none is believed');
  const number = story.number('FORGED-01');
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  for (const kind of oddKinds[stack.dev.account.api]) {
    const sent = await stack.control('notice', { out_trade_no: number, kind });
    const status = firstStatus(sent);
    story.claim(`a notice that is ${kind} is refused`, status >= 400 && status < 500, status);
  }
  const untrue = firstStatus(
    await stack.control('notice', { out_trade_no: number, kind: 'untrue' }),
  );
  story.tell(`A notice that is well signed but untrue is answered ${untrue}: it is only a hint.`);
  await until('the hint was looked at', async () => (await queriesAbout(stack, number)) > 0);
  await settle(stack);
  const order = await stack.getOrder(number);
  const status = order.body['status'];
  story.claim('the order still waits for its payer', status === 'AWAITING', status);
  story.claim('nothing was announced', events().length === 0, `${events().length} events`);
}

export async function lostNotice(stack: Stack, story: Story): Promise<void> {
  story.scene('The notice is lost; the next planned look finds the payment');
  const number = story.number('LOST-0001');
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  await stack.control('pay', { out_trade_no: number, notice: 'lost' });
  story.tell('The payer pays; no notice is sent. The next look stands 30 s after the order.');
  await until('the order is announced', () => events().length > 0);
  const order = await stack.getOrder(number);
  story.claim('the order is PAID', order.body['status'] === 'PAID', order.body['status']);
  const because = becauseOf(order, 'PAID');
  story.claim('a timer found it', because === 'timer', because);
  const none = await deliveredStatuses(stack, number);
  story.claim('without any notice', none.length === 0, `${none.length} notices`);
  story.claim(
    'it was announced once',
    events().length === 1,
    events()
      .map(({ id }) => id)
      .join(' '),
  );
}

export async function nobodyPays(stack: Stack, story: Story): Promise<void> {
  story.scene('Nobody pays; the order is closed at WeChat Pay and here');
  const number = story.number('UNPAID-01');
  const events = eventsAbout(stack, number);
  const time_expire = new Date(Date.now() + expiryMs).toISOString();
  await stack.putOrder(number, { ...tea, time_expire });
  story.tell('The order may be paid for five minutes.');
  await until('the order is announced as closed', () => events().length > 0);
  const order = await stack.getOrder(number);
  story.claim('the order is CLOSED here', order.body['status'] === 'CLOSED', order.body['status']);
  const there = await stateAtWechat(stack, number);
  story.claim('it is CLOSED at WeChat Pay', there === 'CLOSED', there);
  const calls = await operationsAbout(stack, number);
  const closed = calls.findIndex(isClose);
  const isAsked = closed > 0 && calls.slice(0, closed).some(isOrderQuery);
  story.claim('WeChat Pay was asked before it was told to close', isAsked, calls.join(' '));
  const types = events()
    .map(({ type }) => type)
    .join(' ');
  story.claim('it was announced once', types === 'order.closed', types);
  const late = await stack.control('pay', { out_trade_no: number });
  story.claim('it cannot be paid any more', late.status === 409, late.status);
}
