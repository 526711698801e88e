import { callsAbout, eventsAbout, isClose, typesOnce } from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

export async function paidWhileClosing(stack: Stack, story: Story): Promise<void> {
  story.scene('The payer pays in the very moment in which we close');
  const number = story.number('RACE-0001');
  const events = eventsAbout(stack, number);
  await stack.putOrder(number, tea);
  await stack.control('pay-during-close', { out_trade_no: number });
  const asked = await stack.closeOrder(number);
  story.tell(`The merchant asks to close: ${asked.status}. The payer is faster by a moment.`);
  await until('the order is announced', () => events().length > 0);
  const calls = await callsAbout(stack, number);
  const refused = calls.find(({ operation }) => isClose(String(operation)))?.['code'];
  const isRefused = refused === 'INVALID_REQUEST' || refused === 'ORDERPAID';
  story.claim('WeChat Pay refused the close', isRefused, refused);
  const { status } = (await stack.getOrder(number)).body;
  story.claim('the order is PAID, not closed', status === 'PAID', status);
  const types = await typesOnce(stack, events);
  story.claim('it was announced once, as paid', types === 'order.paid', types);
}
