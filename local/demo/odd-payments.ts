import { callsAbout, eventsAbout, settle, stateAtWechat } from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

export async function paidWhileClosing(stack: Stack, story: Story): Promise<void> {
  story.scene('The payer pays in the very moment in which we close');
  const number = 'DEMO-RACE-0001';
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  await stack.control('pay-during-close', { out_trade_no: number });
  const asked = await stack.closeOrder(number);
  story.tell(`The merchant asks to close: ${asked.status}. The payer is faster by a moment.`);
  await until('the order is announced', () => events().length > 0);
  const calls = await callsAbout(stack, number);
  const refused = calls.find(({ operation }) => operation === 'close');
  story.claim('WeChat Pay refused the close', refused?.['status'] === 400, refused?.['code']);
  const { status } = (await stack.getOrder(number)).body;
  story.claim('the order is PAID, not closed', status === 'PAID', status);
  const types = await typesOnce(stack, events);
  story.claim('it was announced once, as paid', types === 'order.paid', types);
}

export async function anotherAmount(stack: Stack, story: Story): Promise<void> {
  story.scene('The amount differs; a person must look');
  const number = 'DEMO-AMOUNT-01';
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  await stack.control('pay', { out_trade_no: number, amount: 1 });
  story.tell('WeChat Pay says SUCCESS, but over 1 fen instead of 8800.');
  await until('the order is announced', () => events().length > 0);
  const { status, review_reason } = (await stack.getOrder(number)).body;
  const isHeld = status === 'REVIEW' && review_reason === 'amount';
  story.claim('the order is in REVIEW for its amount', isHeld, `${status}, ${review_reason}`);
  const types = await typesOnce(stack, events);
  story.claim('it was announced once, and not as paid', types === 'order.review', types);
}

export async function paidLate(stack: Stack, story: Story): Promise<void> {
  story.scene('A payment arrives after the order was closed; it is held');
  const number = 'DEMO-LATE-0001';
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  await stack.closeOrder(number);
  await until('the order is announced as closed', () => events().length > 0);
  const there = await stateAtWechat(stack, number);
  story.tell(`The order is closed on request, ${there} at WeChat Pay. A bank answers late.`);
  await stack.control('pay', { out_trade_no: number, force: true });
  await until('the payment is announced', () => events().length > 1);
  const { status, review_reason } = (await stack.getOrder(number)).body;
  const isHeld = status === 'REVIEW' && review_reason === 'late';
  story.claim('the order is in REVIEW as paid late', isHeld, `${status}, ${review_reason}`);
  const types = await typesOnce(stack, events);
  const isInOrder = types === 'order.closed order.paid_late';
  story.claim('it was announced as closed, then as paid late', isInOrder, types);
}

/** What was announced, once everything that could still come has come. */
async function typesOnce(stack: Stack, events: ReturnType<typeof eventsAbout>): Promise<string> {
  await settle(stack);
  return events()
    .map(({ type }) => type)
    .join(' ');
}
