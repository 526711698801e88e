import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import { type Blow, startKills } from '../../../local/kills.ts';
import { refundsAtWechat } from '../../../local/looking.ts';
import { isAbout, isClaim, isClear, isCommit, isSentTo } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

type Case = {
  readonly when: string;
  readonly blow: Blow;
  readonly strikes: (call: GateCall) => boolean;
  readonly notice: 'normal' | 'lost';
};

/** Two orders of one cart are paid, and the function that takes the first one dies: one is kept. */
export function runKillsOfClaims(running: () => FastStack): void {
  const isEvent = (call: GateCall): boolean => isSentTo(call, running().stack.dev.queues.events);
  const steps = [
    { when: 'before it claims the cart', blow: 'before', strikes: isClaim },
    { when: 'between its claim and its commit', blow: 'after', strikes: isClaim },
    { when: 'once its commit stands', blow: 'after', strikes: isCommit },
    { when: 'before its event is sent', blow: 'before', strikes: isEvent },
    { when: 'before it clears what it owed', blow: 'before', strikes: isClear },
  ] as const;
  const cases: readonly Case[] = steps.flatMap((step) => [
    { ...step, notice: 'normal' as const },
    { ...step, notice: 'lost' as const },
  ]);
  const pairOf = (index: number) => [`KILL-CART-${index}-A`, `KILL-CART-${index}-B`] as const;

  /** Both are paid before anybody here knows of either. */
  async function strike(index: number, { blow, strikes, notice }: Case): Promise<void> {
    const { stack, until, pay } = running();
    const [first, second] = pairOf(index);
    const { dynamodb, sqs } = stack.gates;
    assert.equal((await stack.putOrder(first, { ...tea, reference: `cart-${index}` })).status, 201);
    const wish = { out_trade_no: first, notice };
    assert.equal((await stack.control('pay-during-close', wish)).status, 200);
    const kills = startKills(stack, [dynamodb, sqs], (call) =>
      kills.count() === 0 && isAbout(call, first) && strikes(call) && call.caller !== 'api'
        ? blow
        : undefined,
    );
    assert.equal(
      (await stack.putOrder(second, { ...tea, reference: `cart-${index}` })).status,
      201,
    );
    await pay(second, { notice });
    await until(`${first} is struck`, () => kills.count() > 0);
    kills.end();
  }

  describe('a double payment whose function is killed', () => {
    before(async () => {
      for (const [index, one] of cases.entries()) {
        await strike(index, one);
      }
    });

    for (const [index, { when, notice }] of cases.entries()) {
      it(`${when}, with a ${notice} notice: one is kept, the other goes back`, async () => {
        const { stack, until, idsOf } = running();
        const numbers = pairOf(index);
        const types = await until('both are announced', () => {
          const ids = numbers.flatMap((number) => idsOf(number));
          return ids.length === 2 && ids.map((id) => id.split('/')[1]);
        });
        assert.deepEqual([...types].sort(), ['order.duplicate', 'order.paid']);
        const duplicate = numbers[types.indexOf('order.duplicate')] ?? '';
        const { mchid } = stack.dev.account;
        await until('it is given back', async () => {
          const refund = await stack.item(`refund#${mchid}#back-${duplicate}`);
          return refund?.['status'] === 'SUCCESS';
        });
        const back = await Promise.all(numbers.map((number) => refundsAtWechat(stack, number)));
        assert.deepEqual(
          back.flat().map(({ out_refund_no }) => out_refund_no),
          [`back-${duplicate}`],
        );
        for (const number of numbers) {
          const { status } = await running().recordOf(number);
          assert.equal(status, 'PAID');
        }
      });
    }
  });
}
