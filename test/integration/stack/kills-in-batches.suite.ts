import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Kills, startKills } from '../../../local/kills.ts';
import type { Stack } from '../../../local/stack.ts';
import { isAbout, isSentTo } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

const ready = ['BATCH-READY-1', 'BATCH-READY-2', 'BATCH-READY-3', 'BATCH-READY-4'];
const late = ['BATCH-LATE-1', 'BATCH-LATE-2', 'BATCH-LATE-3', 'BATCH-LATE-4'];
const all = [...ready, ...late];
/** Their notices come twice: ten messages in all. */
const doubled = ['BATCH-READY-1', 'BATCH-LATE-1'];

/** The function dies with ten messages in hand: four orders are through, four have yet to be announced. */
export function runKillsInBatches(running: () => FastStack): void {
  const queriesOfReady = async (): Promise<readonly number[]> =>
    Promise.all(ready.map((number) => running().queriesOf(number)));

  describe('a batch whose function is killed', () => {
    let queried: readonly number[] = [];

    before(async () => {
      const fast = running();
      const { stack, until, recordOf, eventsOf } = fast;
      await fast.calm();
      const releaseHints = await hold(fast, 'confirm.poller', stack.dev.queues.hints);
      // Nor may a timer be faster than the notices.
      const releaseTimers = await hold(fast, 'watch.poller', stack.dev.queues.timers);
      for (const number of all) {
        assert.equal((await stack.putOrder(number, tea)).status, 201);
      }
      for (const number of all) {
        await fast.pay(number, { notice: 'lost' });
        const times = doubled.includes(number) ? 2 : 1;
        await stack.control('notice', { out_trade_no: number, kind: 'true', times });
      }
      await until('ten hints wait', async () => (await stack.depths())['hints']?.visible === 10);
      const isThrough = async (number: string): Promise<boolean> => {
        const { status, outbox } = await recordOf(number);
        return status === 'PAID' && outbox === undefined;
      };
      const kills: Kills = startKills(stack, [stack.gates.sqs], async (call) => {
        const isLate =
          isSentTo(call, stack.dev.queues.events) && late.some((n) => isAbout(call, n));
        if (!isLate || kills.count() > 0) {
          return undefined;
        }
        await until('the others are through', async () =>
          (await Promise.all(ready.map(isThrough))).every(Boolean),
        );
        return 'before';
      });
      releaseHints();
      await until('the batch is struck', () => kills.count() > 0);
      assert.deepEqual(late.flatMap(eventsOf), [], 'the late ones are not announced yet');
      queried = await queriesOfReady();
      kills.end();
      releaseTimers();
      await fast.calm();
    });

    for (const number of all) {
      it(`loses and doubles nothing: ${number} is PAID and announced once per id`, async () => {
        const { recordOf, idsOf, pkOf, atWechat } = running();
        const record = await recordOf(number);
        assert.equal(record['status'], 'PAID');
        assert.equal(record['outbox'], undefined);
        assert.deepEqual(record['eventCounts'], { 'order.paid': 1 });
        assert.deepEqual(idsOf(number), [`${pkOf(number)}/order.paid/1`]);
        assert.equal((await atWechat(number))?.['trade_state'], 'SUCCESS');
      });
    }

    it('costs no further call to WeChat for the orders that were through', async () => {
      assert.deepEqual(await queriesOfReady(), queried);
    });
  });
}

/** Lets messages gather until the answer is called; what was on its way before is over then. */
async function hold(
  { stack, until }: FastStack,
  poller: string,
  queueUrl: string,
): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHeld = false;
  const remove = stack.gates.sqs.addRule(async ({ caller, action }) => {
    if (caller === poller && action === 'ReceiveMessage') {
      isHeld = true;
      await released;
    }
    return undefined;
  });
  // The poller waits in a call that is not held: something must end it.
  await stack.send(queueUrl, [strayMessage(stack)]);
  await until(`${poller} is held`, () => isHeld);
  return () => {
    remove();
    release();
  };
}

/** A hint about an order that nobody knows: it is taken and forgotten. */
function strayMessage({ dev }: Stack): string {
  const subject = { kind: 'order', mchid: dev.account.mchid, number: 'BATCH-STRAY' };
  return JSON.stringify({
    version: 1,
    type: 'hint',
    account: dev.account.name,
    subject,
    reason: 'request',
  });
}
