import { randomInt } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { becauseOf, eventsAbout, operationsAbout, stateAtWechat, typesOnce } from '../looking.ts';
import type { Stack } from '../stack.ts';
import { until } from '../stack-client.ts';
import type { Story } from './story.ts';
import { tea } from './tea.ts';

/** Above 1,000 CNY WeChat Pay asks the payer for a password. */
const teaForTheVillage = { ...tea, amount: { total: 200_000, currency: 'CNY' } };

export async function paidAtTill(stack: Stack, story: Story): Promise<void> {
  story.scene('The code of the payer is scanned, and paid at once');
  const { number, order, placed } = await scan(stack, story, 'SCAN', tea);
  const events = eventsAbout(stack, number);
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
  await stack.control('micropay', { outcome: 'password', ends: 'paid', after_s: 20, times: 1 });
  const { number: late, placed } = await scan(stack, story, 'LATE-CODE', teaForTheVillage);
  const paid = eventsAbout(stack, late);
  story.tell(`PUT order ${late}: ${placed.status}, ${placed.body['status']}`);
  story.claim('the answer is: not yet', placed.status === 202, placed.status);
  story.tell('The payer confirms after 20 s.');
  await until('the order is announced', () => paid().length > 0);
  const because = becauseOf(await stack.getOrder(late), 'PAID');
  story.claim(
    'the next look found the payment, for there is no notice',
    because === 'timer',
    because,
  );

  const tooLate = await scanAndHesitate(stack, story);
  const closed = eventsAbout(stack, tooLate);
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
  const fault = { fault: 'timeout', carry_out: true, operation: 'v2-reverse', times: 1 };
  await stack.control('faults', fault);
  const startedAt = Date.now();
  const { number } = await scan(stack, story, 'NO-CODE', teaForTheVillage);
  const events = eventsAbout(stack, number);
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

/** The payer confirms in the moment in which the reversal arrives; that must be known before it does. */
async function scanAndHesitate(stack: Stack, story: Story): Promise<string> {
  for (let times = 1; times < mostScans; times += 1) {
    const { number } = await scan(stack, story, `TOO-LATE-${times}`, teaForTheVillage);
    const { status } = await stack.control('pay-during-close', { out_trade_no: number });
    if (status === 200) {
      return number;
    }
    story.tell('This machine was too slow: the order is over already. It is scanned again.');
  }
  throw new Error('This machine is too slow for the till.');
}

const mostScans = 5;

/**
 * Has a code charged. That is done within ten seconds of its order or not at all, and here these are a
 * moment: where the machine was too slow the cashier scans again, under a new number.
 */
async function scan(stack: Stack, story: Story, name: string, what: JsonObject) {
  for (let times = 1; ; times += 1) {
    const number = story.number(`${name}-${times}`);
    const order = codePayment(what);
    const placed = await stack.putOrder(number, order);
    if (times === mostScans || (await operationsAbout(stack, number)).some(isCharge)) {
      return { number, order, placed };
    }
    story.tell('This machine was too slow to have the code charged; it is scanned again.');
  }
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
