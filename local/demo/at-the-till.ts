import { randomInt } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { becauseOf, eventsAbout, operationsAbout, settle, stateAtWechat } from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

/** Above 1,000 CNY WeChat Pay asks the payer for a password. */
const teaForTheVillage = { ...tea, amount: { total: 200_000, currency: 'CNY' } };

export async function paidAtTill(stack: Stack, story: Story): Promise<void> {
  story.scene('The code of the payer is scanned, and paid at once');
  const number = story.number('SCAN-0001');
  const events = eventsAbout(stack, number);
  const order = codePayment(tea);
  const placed = await stack.putOrder(number, order);
  const { status } = placed.body;
  story.claim('the answer says PAID', placed.status === 201 && status === 'PAID', status);
  const again = await stack.putOrder(number, order);
  const isSame = again.status === 200 && again.body['status'] === 'PAID';
  story.claim('the same PUT again is the same order', isSame, again.status);
  const charges = (await operationsAbout(stack, number)).filter(isCharge).length;
  story.claim('the code was charged once', charges === 1, `${charges} times`);
  const types = await typesOnce(stack, events);
  story.claim('it was announced once', types === 'order.paid', types);
}

export async function lastSecond(stack: Stack, story: Story): Promise<void> {
  story.scene('A password is asked for; two payers confirm late, one too late');
  const [late, tooLate] = [story.number('LATE-CODE'), story.number('TOO-LATE')] as const;
  const [paid, closed] = [eventsAbout(stack, late), eventsAbout(stack, tooLate)];
  const placed = await stack.putOrder(late, codePayment(teaForTheVillage));
  story.tell(`PUT order ${late}: ${placed.status}, ${placed.body['status']}`);
  story.claim('the answer is: not yet', placed.status === 202, placed.status);
  await stack.control('pay', { out_trade_no: late });
  await until('the order is announced', () => paid().length > 0);
  const because = becauseOf(await stack.getOrder(late), 'PAID');
  story.claim(
    'the next look found the payment, for there is no notice',
    because === 'timer',
    because,
  );

  await stack.putOrder(tooLate, codePayment(teaForTheVillage));
  await stack.control('pay-during-close', { out_trade_no: tooLate });
  await stack.control('reverse', { outcome: 'recall', times: 2 });
  story.tell(
    'The other one confirms in the moment in which we reverse. WeChat Pay says: call again.',
  );
  await until('the order is announced', () => closed().length > 0);
  const there = await stateAtWechat(stack, tooLate);
  story.claim('the money went back at WeChat Pay', there === 'REVOKED', there);
  const reversals = (await operationsAbout(stack, tooLate)).filter(isReversal).length;
  story.claim('the reversal was repeated until it was done', reversals >= 3, `${reversals} calls`);
  const types = await typesOnce(stack, closed);
  story.claim('it was announced as closed, and never as paid', types === 'order.closed', types);
}

export async function nobodyConfirms(stack: Stack, story: Story): Promise<void> {
  story.scene('Nobody confirms; after 45 s the code payment is reversed');
  const number = story.number('NO-CODE-01');
  const events = eventsAbout(stack, number);
  const fault = { fault: 'timeout', carry_out: true, operation: 'v2-reverse', times: 1 };
  await stack.control('faults', fault);
  const startedAt = Date.now();
  await stack.putOrder(number, codePayment(teaForTheVillage));
  story.tell('The first answer to the reversal will be lost.');
  await until('the order is announced', () => events().length > 0, 60_000);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  story.claim('not before 45 s', seconds >= 45, `${seconds} s`);
  const { status, close_reason } = (await stack.getOrder(number)).body;
  const isOver = status === 'CLOSED' && close_reason === 'expired';
  story.claim('the order is CLOSED here', isOver, `${status}, ${close_reason}`);
  const there = await stateAtWechat(stack, number);
  story.claim('it is REVOKED at WeChat Pay', there === 'REVOKED', there);
  const pay = await stack.control('pay', { out_trade_no: number });
  story.claim('it cannot be paid any more', pay.status === 409, pay.status);
}

/** A payer's code is used once. */
function codePayment(order: JsonObject): JsonObject {
  const auth_code = `13${String(randomInt(1e12)).padStart(16, '0')}`;
  return { ...order, trade_type: 'MICROPAY', auth_code };
}

function isCharge(operation: string): boolean {
  return operation === 'v2-micropay';
}

function isReversal(operation: string): boolean {
  return operation === 'v2-reverse';
}

async function typesOnce(stack: Stack, events: ReturnType<typeof eventsAbout>): Promise<string> {
  await settle(stack);
  return events()
    .map(({ type }) => type)
    .join(' ');
}
