import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import { isObject, type JsonObject } from '../../../local/json.ts';
import { type Blow, startKills } from '../../../local/kills.ts';
import { refundsAtWechat } from '../../../local/looking.ts';
import { isAbout, isClear, isCommit, isCreation, isOn, isSentTo } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

/** An order and the refund of it, by their keys in the table. */
type Pair = { readonly order: string; readonly refund: string };
type Strikes = (call: GateCall, pair: Pair) => boolean;
type Case = { readonly when: string; readonly blow: Blow; readonly strikes: Strikes };

const notesIt: Strikes = (call, { order }) => isCommit(call) && isOn(call, order);
const writesIt: Strikes = (call, { refund }) => isCreation(call) && isOn(call, refund);
const clearsStart: Strikes = (call, { order }) => isClear(call) && isOn(call, order);
const commitsIt: Strikes = (call, { refund }) => isCommit(call) && isOn(call, refund);
const clearsEnd: Strikes = (call, { refund }) => isClear(call) && isOn(call, refund);

/** Functions that give money back die at each step: it comes back all the same, and once. */
export function runKillsOfRefunds(running: () => FastStack): void {
  const wakes: Strikes = (call) => isSentTo(call, running().stack.dev.queues.timers);
  const announces: Strikes = (call) => isSentTo(call, running().stack.dev.queues.events);
  const tells: Strikes = (call, pair) =>
    notesIt(call, pair) && call.caller !== 'api' && isAbout(call, 'SUCCESS');

  const starting: readonly Case[] = [
    { when: 'before it is noted', blow: 'before', strikes: notesIt },
    { when: 'once it is noted', blow: 'after', strikes: notesIt },
    { when: 'before its record is written', blow: 'before', strikes: writesIt },
    { when: 'once its record is written', blow: 'after', strikes: writesIt },
    { when: 'before its first wake is sent', blow: 'before', strikes: wakes },
    { when: 'before its start is cleared', blow: 'before', strikes: clearsStart },
  ];
  const ending: readonly Case[] = [
    { when: 'once WeChat has it and nobody here knows', blow: 'before', strikes: commitsIt },
    { when: 'before the order is told', blow: 'before', strikes: tells },
    { when: 'once the order is told', blow: 'after', strikes: tells },
    { when: 'before its event is sent', blow: 'before', strikes: announces },
    { when: 'before it clears what it owed', blow: 'before', strikes: clearsEnd },
  ];
  const flows: readonly (Case & { readonly flow: 'asked' | 'left' | 'paid' | 'late' })[] = [
    ...starting.map((one) => ({ ...one, flow: 'asked' as const })),
    // Nobody asks again: what was noted is carried out, what was not leaves nothing.
    ...starting.slice(1).map((one) => ({ ...one, flow: 'left' as const })),
    ...ending.map((one) => ({ ...one, flow: 'paid' as const })),
    ...[...starting, ...ending].map((one) => ({ ...one, flow: 'late' as const })),
  ];
  const what = {
    asked: 'and is asked for again',
    left: 'and is left so',
    paid: 'while it ends',
    late: 'and is that of a late payment',
  } as const;
  const numberOf = (index: number): string => `KILL-BACK-${String(index).padStart(2, '0')}`;
  const refundNumberOf = (index: number): string =>
    flows[index]?.flow === 'late' ? `back-${numberOf(index)}` : `R-${numberOf(index)}`;
  const pairOf = (index: number): Pair => {
    const { mchid } = running().stack.dev.account;
    return {
      order: `order#${mchid}#${numberOf(index)}`,
      refund: `refund#${mchid}#${refundNumberOf(index)}`,
    };
  };

  /** Brings the order to where the refund begins, begins it, and kills the function that takes the step. */
  async function strike(index: number): Promise<void> {
    const { stack, until, pay, idsOf } = running();
    const [number, one] = [numberOf(index), flows[index]];
    assert.ok(one !== undefined);
    assert.equal((await stack.putOrder(number, tea)).status, 201);
    if (one.flow === 'late') {
      await stack.closeOrder(number);
      await until(`${number} is closed`, () => idsOf(number).length > 0);
    } else {
      await pay(number);
      await until(`${number} is paid`, () => idsOf(number).length > 0);
      await running().calm();
    }
    const { dynamodb, sqs } = stack.gates;
    const pair = pairOf(index);
    const kills = startKills(stack, [dynamodb, sqs], (call) =>
      kills.count() === 0 && isAbout(call, number) && one.strikes(call, pair)
        ? one.blow
        : undefined,
    );
    if (one.flow === 'late') {
      await pay(number, { force: true, notice: 'normal' });
    } else {
      await stack.putRefund(refundNumberOf(index), refundOf(number));
    }
    await until(`${number} is struck`, () => kills.count() > 0);
    kills.end();
    if (one.flow === 'asked') {
      const again = await stack.putRefund(refundNumberOf(index), refundOf(number));
      assert.ok(again.status === 200 || again.status === 201, again.text);
    }
  }

  describe('a refund whose function is killed', () => {
    // One kill after the other, so that none takes another's; their outcomes are awaited together.
    before(async () => {
      for (const index of flows.keys()) {
        await strike(index);
      }
    });

    for (const [index, { when, flow }] of flows.entries()) {
      it(`${when}, ${what[flow]}: all of it goes back, once`, async () => {
        const { stack, until, idsAbout } = running();
        const [number, pair] = [numberOf(index), pairOf(index)];
        const rests = async (pk: string): Promise<JsonObject | false> => {
          const { outbox, dueAt, ...rest } = (await stack.item(pk)) ?? {};
          return outbox === undefined && dueAt === undefined && rest;
        };
        const refund = await until(`${pair.refund} succeeded`, async () => {
          const seen = await rests(pair.refund);
          return seen !== false && seen['status'] === 'SUCCESS' && seen;
        });
        assert.deepEqual(refund['eventCounts'], { 'refund.succeeded': 1 });
        const order = await until(`${pair.order} is at rest`, () => rests(pair.order));
        assert.equal(order['status'], 'PAID');
        const notes = Array.isArray(order['refunds']) ? order['refunds'] : [];
        assert.deepEqual(
          notes.map(({ out_refund_no, refundFen, status }) => [out_refund_no, refundFen, status]),
          [[refundNumberOf(index), 8800, 'SUCCESS']],
        );
        await until(`the event of ${pair.refund}`, () => idsAbout(pair.refund).length > 0);
        assert.deepEqual(idsAbout(pair.refund), [`${pair.refund}/refund.succeeded/1`]);
        const types = flow === 'late' ? ['order.closed', 'order.paid_late'] : ['order.paid'];
        assert.deepEqual(
          idsAbout(pair.order),
          types.map((type) => `${pair.order}/${type}/1`),
        );
        const there = await refundsAtWechat(stack, number);
        assert.deepEqual(there.map(amountOf), [8800]);
      });
    }
  });
}

function amountOf({ amount }: JsonObject): unknown {
  return isObject(amount) ? amount['refund'] : undefined;
}

function refundOf(out_trade_no: string): JsonObject {
  return { out_trade_no, amount: { refund: 8800, currency: 'CNY' } };
}
