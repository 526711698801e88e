import type { JsonObject } from '../json.ts';
import {
  eventsAbout,
  isRecord,
  refundsAtWechat,
  settle,
  stateAtWechat,
  typesOnce,
} from '../looking.ts';
import type { Stack } from '../stack.ts';
import { type Answer, until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

const minuteMs = 60_000;

export async function refundedInParts(stack: Stack, story: Story): Promise<void> {
  story.scene('Refunded in two parts; an answer and every notice are lost');
  const number = story.number('PARTS-001');
  const parts = [story.number('PART-1'), story.number('PART-2')] as const;
  const paid = eventsAbout(stack, number);
  const refunded = parts.map((part) => eventsAbout(stack, part));
  await stack.putOrder(number, tea);
  await stack.control('pay', { out_trade_no: number });
  await until('the order is announced', () => paid().length > 0);
  await loseRefundNotices(stack);
  const operation = stack.dev.account.api === 'v2' ? 'v2-refund' : 'apply-refund';
  await stack.control('faults', { fault: 'timeout', carry_out: true, operation, times: 1 });

  const first = await stack.putRefund(parts[0], refundOf(number, 3000));
  const second = await stack.putRefund(parts[1], refundOf(number, 5800));
  story.tell(`PUT two refunds, 30.00 and 58.00 of 88.00: ${first.status}, ${second.status}`);
  const again = await stack.putRefund(parts[1], refundOf(number, 5800));
  story.claim('the same PUT again is the same refund', again.status === 200, again.status);
  const third = await stack.putRefund(story.number('PART-3'), refundOf(number, 1));
  const { code } = third.body;
  story.claim('one fen more than was paid is refused', code === 'refund_exceeds', code);

  await until('both are announced', () => refunded.every((events) => events().length > 0), 60_000);
  await settle(stack);
  const types = refunded.flatMap((events) => events().map(({ type }) => type)).join(' ');
  const isEach = types === 'refund.succeeded refund.succeeded';
  story.claim('each part is announced once, without a notice', isEach, types);
  const there = await refundsAtWechat(stack, number);
  const amounts = there.map(amountOf).sort();
  const isWhole = amounts.join(' ') === '3000 5800';
  story.claim('WeChat Pay gave back just these two', isWhole, amounts.join(' '));
  const startOf = ({ body }: Answer): number => Date.parse(String(body['start_at']));
  const apartMs = startOf(second) - startOf(first);
  story.claim('the second part started a minute later', apartMs >= minuteMs, `${apartMs / 1000} s`);
  await stack.control('notices', { of: 'refunds', mode: 'normal' });
}

export async function paidLate(stack: Stack, story: Story): Promise<void> {
  story.scene('A payment arrives after the order was closed; it goes back');
  const number = story.number('LATE-0001');
  const events = eventsAbout(stack, number);
  const refunds = eventsAbout(stack, `back-${number}`);
  await stack.putOrder(number, tea);
  await stack.closeOrder(number);
  await until('the order is announced as closed', () => events().length > 0);
  const there = await stateAtWechat(stack, number);
  story.tell(`The order is closed on request, ${there} at WeChat Pay. A bank answers late.`);
  await loseRefundNotices(stack);
  await stack.control('pay', { out_trade_no: number, force: true, notice: 'lost' });
  story.tell('WeChat Pay has the money now, and its notice is lost.');
  await until('the payment is announced', () => events().length > 1, 60_000);
  await until('the refund is announced', () => refunds().length > 0, 60_000);
  await stack.control('notices', { of: 'refunds', mode: 'normal' });
  const types = await typesOnce(stack, events);
  const isInOrder = types === 'order.closed order.paid_late';
  story.claim('it was announced as closed, then as paid late', isInOrder, types);
  await claimGivenBack(stack, story, number);
}

export async function paidTwice(stack: Stack, story: Story): Promise<void> {
  story.scene('Two orders of one cart are both paid; one is kept');
  const [older, newer] = [story.number('TWICE-01'), story.number('TWICE-02')] as const;
  const numbers = [older, newer];
  const cart = { ...tea, reference: story.number('cart-88') };
  const events = numbers.map((number) => eventsAbout(stack, number));
  const refunds = numbers.map((number) => eventsAbout(stack, `back-${number}`));
  await loseRefundNotices(stack);
  await stack.putOrder(older, cart);
  await stack.control('pay-during-close', { out_trade_no: older, notice: 'lost' });
  await stack.putOrder(newer, cart);
  story.tell('The newer order has the older one closed; its payer is faster by a moment.');
  await stack.control('pay', { out_trade_no: newer, notice: 'lost' });
  story.tell('The newer one is paid as well. Both notices are lost.');
  await until('both are announced', () => events.every((of) => of().length > 0), 60_000);
  await until('a refund is announced', () => refunds.some((of) => of().length > 0), 60_000);
  await settle(stack);
  await stack.control('notices', { of: 'refunds', mode: 'normal' });
  const types = events.flatMap((of) => of().map(({ type }) => type)).sort();
  const isOnce = types.join(' ') === 'order.duplicate order.paid';
  story.claim('one is announced as paid, the other as a duplicate', isOnce, types.join(' '));
  const duplicate = numbers.find((_, index) => events[index]?.()[0]?.type === 'order.duplicate');
  await claimGivenBack(stack, story, duplicate ?? older);
  const back = await Promise.all(numbers.map((number) => refundsAtWechat(stack, number)));
  const count = back.flat().length;
  story.claim('and nothing else goes back', count === 1, `${count} refund`);
}

export async function resolvedByPerson(stack: Stack, story: Story): Promise<void> {
  story.scene('The amount differs; a person looks, and has it given back');
  const number = story.number('AMOUNT-01');
  const events = eventsAbout(stack, number);
  const refunds = eventsAbout(stack, `back-${number}`);
  await stack.putOrder(number, tea);
  await stack.control('pay', { out_trade_no: number, amount: 1 });
  story.tell('WeChat Pay says SUCCESS, but over 1 fen instead of 8800.');
  await until('the order is announced', () => events().length > 0);
  const { status, review_reason } = (await stack.getOrder(number)).body;
  const isHeld = status === 'REVIEW' && review_reason === 'amount';
  story.claim('the order is in REVIEW for its amount', isHeld, `${status}, ${review_reason}`);
  const types = await typesOnce(stack, events);
  story.claim('it was announced once, and not as paid', types === 'order.review', types);

  const resolution = { action: 'refund', by: 'li', why: 'The till was set wrong' };
  const asked = await stack.resolveOrder(number, resolution);
  story.tell(`A person resolves it: ${asked.status}`);
  await until('the refund is announced', () => refunds().length > 0, 60_000);
  await claimGivenBack(stack, story, number, 1);
}

async function claimGivenBack(
  stack: Stack,
  story: Story,
  number: string,
  amountFen = 8800,
): Promise<void> {
  const there = await refundsAtWechat(stack, number);
  const seen = there.map((refund) => `${refund['out_refund_no']} ${amountOf(refund)}`).join(' ');
  const isBack = seen === `back-${number} ${amountFen}`;
  story.claim('all of it went back, once', isBack, seen);
}

/** From here on WeChat Pay tells us of no refund. */
async function loseRefundNotices(stack: Stack): Promise<void> {
  await stack.control('notices', { of: 'refunds', mode: 'lost' });
}

function amountOf({ amount }: JsonObject): number {
  return Number(isRecord(amount) ? amount['refund'] : Number.NaN);
}

function refundOf(out_trade_no: string, refund: number): JsonObject {
  return { out_trade_no, amount: { refund, currency: 'CNY' }, reason: 'Sold out' };
}
