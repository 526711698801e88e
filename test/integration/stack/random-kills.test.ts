import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Blow, type Kills, startKills } from '../../../local/kills.ts';
import { isSentTo } from './calls.ts';
import { type FastStack, startFastStack } from './fast-stack.ts';
import { chanceOf, fateOf, payAsFated, placeAsFated } from './random-orders.ts';

const orderCount = 300;
const lanes = 6;
/** Of the calls that functions make about an order, half of them before it arrives, half after. */
const killShare = 0.007;
/** From the last placing until nobody is killed any more: every order is to be closed by then. */
const killsGoOnMs = 6 * 60_000;

const seed = Number(process.env['SEED'] ?? randomInt(1_000_000));
const chance = chanceOf(seed);
const numbers = Array.from({ length: orderCount }, (_, index) => `RANDOM-${1000 + index}`);

describe(`${orderCount} orders while functions are killed at random, seed ${seed}`, () => {
  let fast: FastStack;
  let kills: Kills;
  /** Nobody is killed any more, but what passes is still noted. */
  let isOver = false;
  const seen = new Map<string, number>();
  const hintsTaken = new Map<string, number>();
  const swept = new Set<string>();
  const records = new Map<string, JsonObject>();
  const wechat = new Map<string, JsonObject>();

  /** By the order and by how often this call was made: so the plan of a seed hangs on no race. */
  function blowOf(call: GateCall): Blow | undefined {
    const about = JSON.stringify(call.body).match(/RANDOM-[0-9]+/g) ?? [];
    const what = `${call.caller} ${call.action} ${about[0]}`;
    const times = (seen.get(what) ?? 0) + 1;
    seen.set(what, times);
    const roll = about.length > 0 && !isOver ? chance(`kill ${what} ${times}`) : 1;
    const blow = roll >= killShare ? undefined : roll < killShare / 2 ? 'before' : 'after';
    if (blow !== 'before') {
      note(call, about);
    }
    return blow;
  }

  function note(call: GateCall, about: readonly string[]): void {
    const [number = ''] = about;
    if (call.caller === 'notify' && isSentTo(call, fast.stack.dev.queues.hints)) {
      hintsTaken.set(number, (hintsTaken.get(number) ?? 0) + 1);
    }
    if (call.caller === 'sweep' && call.action === 'SendMessageBatch') {
      for (const one of about) {
        swept.add(one);
      }
    }
  }

  before(async () => {
    fast = await startFastStack(60);
    const { sqs, dynamodb } = fast.stack.gates;
    kills = startKills(fast.stack, [sqs, dynamodb], blowOf);
    // Asked before the kills: these never had a chain.
    sqs.addRule((call) => {
      const isFirst = call.caller === 'api' && isSentTo(call, fast.stack.dev.queues.timers);
      const [number = ''] = JSON.stringify(call.body).match(/RANDOM-[0-9]+/) ?? [];
      return isFirst && fateOf(number, chance) === 'chain lost'
        ? { status: 400, code: 'AccessDeniedException' }
        : undefined;
    });
    const waiting = numbers.values();
    const payers: Promise<void>[] = [];
    const lane = async (): Promise<void> => {
      for (const number of waiting) {
        const order = await placeAsFated(fast, number, chance);
        if (order !== undefined) {
          payers.push(payAsFated(fast, number, order, chance));
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const lastPlacedAt = Date.now();
    await Promise.all(payers);
    await fast.until('the last orders were to be closed', () => {
      return Date.now() > lastPlacedAt + killsGoOnMs;
    });
    isOver = true;
    for (const number of numbers) {
      const record = await fast.until(`${number} is at rest`, async () => {
        const read = await fast.recordOf(number);
        return isAtRest(read) && read;
      });
      records.set(number, record);
    }
    await fast.calm();
    for (const order of await fast.ordersAtWechat()) {
      wechat.set(String(order['out_trade_no']), order);
    }
  });
  after(() => fast.stop());

  it('ends each order as it ended at WeChat, and none payable there', async (t) => {
    const ends = new Map<string, number>();
    for (const number of numbers) {
      const there = wechat.get(number)?.['trade_state'];
      const status = records.get(number)?.['status'];
      assert.equal(status, there === 'SUCCESS' ? 'PAID' : 'CLOSED', `${number}: ${there}`);
      assert.notEqual(there, 'NOTPAY', number);
      const end = `${fateOf(number, chance)} → ${status}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (status === 'CLOSED') {
        const late = await fast.stack.control('pay', { out_trade_no: number });
        assert.ok(late.status === 409 || there === undefined, `${number}: ${late.text}`);
      }
    }
    assert.equal(records.size, orderCount);
    t.diagnostic(`${kills.count()} functions killed at work`);
    t.diagnostic(
      [...ends]
        .map(([end, count]) => `${count} ${end}`)
        .toSorted()
        .join(', '),
    );
  });

  it('announces each order once per id', (t) => {
    let repeats = 0;
    for (const number of numbers) {
      const type = `order.${String(records.get(number)?.['status']).toLowerCase()}`;
      assert.deepEqual(fast.idsOf(number), [`${fast.pkOf(number)}/${type}/1`]);
      assert.deepEqual(records.get(number)?.['eventCounts'], { [type]: 1 });
      const bodies = fast.eventsOf(number).map(({ event }) => JSON.stringify(event));
      assert.equal(new Set(bodies).size, 1, `a repeat of ${number} says something else`);
      repeats += bodies.length - 1;
    }
    t.diagnostic(`${repeats} events came again with their id`);
  });

  it('acknowledges no notice without its hint in the queue', () => {
    for (const number of numbers) {
      const sent = wechat.get(number)?.['deliveries'];
      const acknowledged = (Array.isArray(sent) ? sent : []).filter(({ status }) => status === 204);
      assert.ok(acknowledged.length <= (hintsTaken.get(number) ?? 0), number);
    }
  });

  it('leaves to the sweep what lost its messages', async (t) => {
    const lost = numbers.filter((number) => fateOf(number, chance) === 'chain lost');
    const found = lost.filter((number) => foundBy(records.get(number)) === 'timer');
    assert.ok(found.length > 0);
    assert.deepEqual(
      found.filter((number) => !swept.has(number)),
      [],
      'nobody else can have woken them',
    );
    t.diagnostic(`${swept.size} orders woken by the sweep, ${found.length} of them had no chain`);
    const { hintsDeadLetters, timersDeadLetters } = await fast.stack.depths();
    const dead = [hintsDeadLetters?.visible, timersDeadLetters?.visible];
    t.diagnostic(`${dead.join(' and ')} hints and wakes in the dead letters`);
  });
});

/** Settled, nothing owed, nobody has to look any more. */
function isAtRest({ status, outbox, dueAt }: JsonObject): boolean {
  return (status === 'PAID' || status === 'CLOSED') && outbox === undefined && dueAt === undefined;
}

/** Why the look came that settled the order. */
function foundBy({ history }: JsonObject = {}): unknown {
  const last = Array.isArray(history) ? history.at(-1) : undefined;
  return last?.because;
}
