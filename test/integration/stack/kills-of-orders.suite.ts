import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Blow, type Kills, startKills } from '../../../local/kills.ts';
import { isAbout, isClear, isCommit, isSentTo } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

type Strikes = (call: GateCall) => boolean;
type Case = {
  readonly when: string;
  readonly what: string;
  readonly settle: (number: string) => Promise<void>;
  readonly blow: Blow;
  readonly strikes: Strikes;
  readonly status: 'PAID' | 'CLOSED';
};

/** The function that settles an order dies at each step from the commit to the clear. */
export function runKillsOfOrders(running: () => FastStack): void {
  const isEvent: Strikes = (call) => isSentTo(call, running().stack.dev.queues.events);
  const byNotice = {
    what: 'whose payment a notice tells',
    status: 'PAID',
    settle: (number: string) => running().pay(number, { notice: 'normal' }),
  } as const;
  const byTimer = {
    what: 'whose payment a timer finds',
    status: 'PAID',
    settle: (number: string) => running().pay(number, { notice: 'lost' }),
  } as const;
  const byClose = {
    what: 'that is to be closed',
    status: 'CLOSED',
    settle: async (number: string) => {
      assert.equal((await running().stack.closeOrder(number)).status, 202);
    },
  } as const;
  const cases: readonly Case[] = [
    { ...byNotice, when: 'before its commit arrives', blow: 'before', strikes: isCommit },
    { ...byNotice, when: 'once its commit stands', blow: 'after', strikes: isCommit },
    { ...byNotice, when: 'before its event is sent', blow: 'before', strikes: isEvent },
    { ...byNotice, when: 'once its event is sent', blow: 'after', strikes: isEvent },
    { ...byNotice, when: 'before it clears what it owed', blow: 'before', strikes: isClear },
    { ...byNotice, when: 'once that is cleared', blow: 'after', strikes: isClear },
    { ...byTimer, when: 'before its event is sent', blow: 'before', strikes: isEvent },
    { ...byTimer, when: 'once its event is sent', blow: 'after', strikes: isEvent },
    { ...byClose, when: 'between the close and its commit', blow: 'before', strikes: isCommit },
    { ...byClose, when: 'before its event is sent', blow: 'before', strikes: isEvent },
  ];
  const numberOf = (index: number): string => `KILL-ORDER-${index}`;
  /** How the records stood when the call was made at which the function died. */
  const stood = new Map<string, JsonObject>();

  /** Kills the first environment that makes such a call about the order; two may do so at once. */
  function killOnce(fast: FastStack, number: string, { blow, strikes }: Case): Kills {
    const { dynamodb, sqs } = fast.stack.gates;
    const kills: Kills = startKills(fast.stack, [dynamodb, sqs], async (call) => {
      if (kills.count() > 0 || !isAbout(call, number) || !strikes(call)) {
        return undefined;
      }
      const record = await fast.recordOf(number);
      if (!stood.has(number)) {
        stood.set(number, record);
      }
      return blow;
    });
    return kills;
  }

  describe('an order whose function is killed', () => {
    // One kill after the other, so that none takes another's; their outcomes are awaited together.
    before(async () => {
      const fast = running();
      for (const [index, one] of cases.entries()) {
        const number = numberOf(index);
        const kills = killOnce(fast, number, one);
        assert.equal((await fast.stack.putOrder(number, tea)).status, 201);
        await one.settle(number);
        await fast.until(`${number} is struck`, () => kills.count() > 0);
        kills.end();
      }
      await fast.calm();
    });

    for (const [index, { when, what, status, strikes }] of cases.entries()) {
      it(`${when}, ${what}, ends ${status} and is announced once per id`, async () => {
        const fast = running();
        const number = numberOf(index);
        const isOwed = strikes !== isCommit;
        assert.equal(stood.get(number)?.['status'], isOwed ? status : 'AWAITING');
        assert.equal(stood.get(number)?.['outbox'] !== undefined, isOwed);

        const type = `order.${status.toLowerCase()}`;
        const record = await fast.recordOf(number);
        assert.equal(record['status'], status);
        assert.equal(record['outbox'], undefined);
        assert.deepEqual(record['eventCounts'], { [type]: 1 });
        assert.deepEqual(fast.idsOf(number), [`${fast.pkOf(number)}/${type}/1`]);
        const there = (await fast.atWechat(number))?.['trade_state'];
        assert.equal(there, status === 'PAID' ? 'SUCCESS' : 'CLOSED');
      });
    }
  });
}
