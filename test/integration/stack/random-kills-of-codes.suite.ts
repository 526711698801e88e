import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Blow, startKills } from '../../../local/kills.ts';
import { chargesOf, codeOrder, endOf, wasCharged } from './code-orders.ts';
import type { FastStack } from './fast-stack.ts';
import { chanceOf } from './random-orders.ts';

const chargedCount = 30;
/** So many may be placed until so many were charged. */
const numberLimit = 3 * chargedCount;
const lanes = 3;
/** Of the calls that functions make about a code payment, half of them before it arrives, half after. */
const killShare = 0.03;
/** From the last placing on: until each is reversed that is to be. */
const killsGoOnMs = 2 * 60_000;
const repeatAfterMs = 2_000;
/** Around the 45 seconds after which it is reversed. */
const [firstConfirmedMs, lastConfirmedMs] = [35_000, 55_000];

const seed = Number(process.env['SEED'] ?? randomInt(1_000_000));
const chance = chanceOf(seed);

/** What the payer does, with the share of the payers; the rest confirms around the last second. */
const fates = [
  { fate: 'is charged at once', share: 0.25 },
  { fate: 'never confirms', share: 0.15 },
  { fate: 'confirms as it is reversed', share: 0.1 },
] as const;
type Fate = (typeof fates)[number]['fate'] | 'confirms about then';

function fateOf(number: string): Fate {
  let rest = chance(`fate of ${number}`);
  for (const { fate, share } of fates) {
    if (rest < share) {
      return fate;
    }
    rest -= share;
  }
  return 'confirms about then';
}

type Till = {
  readonly number: string;
  readonly fast: FastStack;
  readonly fate: Fate;
  readonly isCharged: boolean;
};

/** Code payments of both accounts, whose functions are killed at random. */
export function runRandomKillsOfCodes(running: () => FastStack): void {
  describe(`${chargedCount} code payments while functions are killed at random, seed ${seed}`, () => {
    const tills: Till[] = [];
    const records = new Map<string, JsonObject>();
    /** Who confirmed too late. */
    const tooLate = new Set<string>();
    const seen = new Map<string, number>();
    let kills: ReturnType<typeof startKills>;

    /** By the order and by how often this call was made: so the plan of a seed hangs on no race. */
    function blowOf(call: GateCall): Blow | undefined {
      const [number] = JSON.stringify(call.body).match(/RANDOM-CODE-[0-9]+/) ?? [];
      if (number === undefined) {
        return undefined;
      }
      const what = `${call.caller} ${call.action} ${number}`;
      const times = (seen.get(what) ?? 0) + 1;
      seen.set(what, times);
      const roll = chance(`kill ${what} ${times}`);
      return roll >= killShare ? undefined : roll < killShare / 2 ? 'before' : 'after';
    }

    /** The till repeats its PUT until it is answered, and once more in doubt. */
    async function serve(index: number): Promise<Till> {
      const number = `RANDOM-CODE-${100 + index}`;
      const fast = running().as(index % 2 === 0 ? 'dev' : 'v2');
      const fate = fateOf(number);
      const order = codeOrder(fate === 'is charged at once' ? fate : 'has to confirm');
      for (;;) {
        const { status, text } = await fast.stack.putOrder(number, order);
        if (status < 300) {
          const again = await fast.stack.putOrder(number, order);
          assert.ok(again.status < 300 || again.status >= 500, again.text);
          return { number, fast, fate, isCharged: await wasCharged(fast, number) };
        }
        assert.ok(status >= 500, text);
        await pause(repeatAfterMs);
      }
    }

    async function confirm({ number, fast, fate, isCharged }: Till): Promise<void> {
      const { stack } = fast;
      if (fate === 'confirms as it is reversed' && isCharged) {
        const { status, text } = await stack.control('pay-during-close', { out_trade_no: number });
        // It may be reversed already where the machine is slow.
        assert.ok(status === 200 || status === 409, text);
      }
      if (fate === 'confirms about then') {
        const { createdAt } = await fast.recordOf(number);
        const spanMs = chance(`time of ${number}`) * (lastConfirmedMs - firstConfirmedMs);
        await pause(Number(createdAt) + firstConfirmedMs + spanMs - Date.now());
        const { status } = await stack.control('pay', { out_trade_no: number });
        if (status !== 200) {
          tooLate.add(number);
        }
      }
    }

    before(async () => {
      const { until, stack } = running();
      const { sqs, dynamodb } = stack.gates;
      kills = startKills(stack, [sqs, dynamodb], blowOf);
      const payers: Promise<void>[] = [];
      let begun = 0;
      let charged = 0;
      const lane = async (): Promise<void> => {
        while (charged < chargedCount && begun < numberLimit) {
          begun += 1;
          const till = await serve(begun);
          tills.push(till);
          charged += till.isCharged ? 1 : 0;
          payers.push(confirm(till));
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      const lastPlacedAt = Date.now();
      await Promise.all(payers);
      await until('the last ones were to be reversed', () => {
        return Date.now() > lastPlacedAt + killsGoOnMs;
      });
      kills.end();
      for (const { number, fast } of tills) {
        records.set(number, await endOf(fast, number));
      }
    });

    it('ends each of them on both sides alike, and says so once', async (t) => {
      const ends = new Map<string, number>();
      for (const { number, fast, fate, isCharged } of tills) {
        const status = records.get(number)?.['status'];
        // Again, now that all are over: nothing more was said meanwhile.
        assert.equal((await endOf(fast, number))['status'], status, number);
        const end = `${isCharged ? fate : 'not charged'} → ${status}`;
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
      const list = [...ends].map(([end, count]) => `${count} ${end}`).toSorted();
      t.diagnostic(`${kills.count()} functions killed at work`);
      t.diagnostic(list.join(', '));
      assert.ok(kills.count() > 0);
    });

    it('sends no code to WeChat twice', async () => {
      let charged = 0;
      for (const { number, fast } of tills) {
        const isKnown = (await fast.atWechat(number)) !== undefined;
        assert.equal(await chargesOf(fast, number), isKnown ? 1 : 0, number);
        charged += isKnown ? 1 : 0;
      }
      assert.ok(charged > 0);
    });

    it('keeps what was paid at once, and nothing that came too late', () => {
      for (const { number, fate, isCharged } of tills) {
        const isKept = fate === 'is charged at once' && isCharged;
        const isLost = tooLate.has(number) || fate.startsWith('never') || fate.endsWith('reversed');
        const status = records.get(number)?.['status'];
        assert.ok(!isKept || status === 'PAID', `${number}: ${fate}, ${status}`);
        assert.ok(!isLost || status === 'CLOSED', `${number}: ${fate}, ${status}`);
      }
    });
  });
}

/** In the stack's time. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
