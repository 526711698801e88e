import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../../local/json.ts';
import { operationsAbout } from '../../../local/looking.ts';
import type { FastStack } from './fast-stack.ts';

/** WeChat charges the small one at once, and asks for a password above 1,000 CNY. */
export type Payer = 'is charged at once' | 'has to confirm';

/** A code payment; a payer's code is used once. */
export function codeOrder(payer: Payer): JsonObject {
  const total = payer === 'has to confirm' ? 200_000 : 8_800;
  return {
    trade_type: 'MICROPAY',
    description: 'Tea, 250 g',
    amount: { total, currency: 'CNY' },
    auth_code: `13${String(randomInt(1e12)).padStart(16, '0')}`,
  };
}

/** How often its code was sent to WeChat. */
export async function chargesOf({ stack }: FastStack, number: string): Promise<number> {
  const operations = await operationsAbout(stack, number);
  return operations.filter((operation) => operation === 'v2-micropay').length;
}

const lastCalls = 200;

/** Whether the last calls that WeChat got tell of its charge; cheaper to ask than the whole log. */
export async function wasCharged({ stack }: FastStack, number: string): Promise<boolean> {
  const { text } = await stack.control(`calls?limit=${lastCalls}`);
  return new RegExp(`"v2-micropay"[^}]*"${number}"`).test(text);
}

const deadCodeMs = 10 * 60_000;

/**
 * Waits until the code payment is over, and proves that both sides agree: paid and announced once, or taken
 * away from its payer and closed once; never both, and never neither.
 */
export async function endOf(fast: FastStack, number: string): Promise<JsonObject> {
  const record = await fast.until(`${number} is over`, async () => {
    const seen = await fast.recordOf(number);
    const { status, outbox, dueAt, notFoundAt } = seen;
    // Of what WeChat never heard the plan is patient; a merchant who asks then gets the answer.
    if (status === 'CREATED' && Date.now() > Number(notFoundAt) + deadCodeMs) {
      await fast.stack.getOrder(number, true);
    }
    return status !== 'CREATED' && outbox === undefined && dueAt === undefined && seen;
  });
  const there = (await fast.atWechat(number))?.['trade_state'];
  const { status } = record;
  const end = `${status} here, ${there} at WeChat`;
  const ends = ['PAID here, SUCCESS at WeChat', 'CLOSED here, REVOKED at WeChat'];
  assert.ok([...ends, 'CLOSED here, undefined at WeChat'].includes(end), `${number}: ${end}`);
  const type = status === 'PAID' ? 'order.paid' : 'order.closed';
  await fast.until(`the event of ${number}`, () => fast.idsOf(number).length > 0);
  assert.deepEqual(fast.idsOf(number), [`${fast.pkOf(number)}/${type}/1`]);
  assert.deepEqual(record['eventCounts'], { [type]: 1 });
  return record;
}
