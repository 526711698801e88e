import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Blow, type Kills, startKills } from '../../../local/kills.ts';
import { isAbout, isWriteBack } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

const lifeMs = 6 * 60_000;

const [leftPlaced, leftUnplaced] = ['PUT-LEFT-1', 'PUT-LEFT-2'];

/** Two placings that die and are never repeated. To be called first: their time has to pass. */
export async function leavePlacings(fast: FastStack): Promise<void> {
  const expiring = () => ({ ...tea, time_expire: new Date(Date.now() + lifeMs).toISOString() });
  await putAndDie(fast, { number: leftPlaced, blow: 'before', strikes: isWriteBack }, expiring());
  await putAndDie(fast, { number: leftUnplaced, blow: 'before', strikes: isSend }, expiring());
}

type Death = {
  readonly number: string;
  readonly blow: Blow;
  readonly strikes: (call: GateCall) => boolean;
};

const isCreation = ({ action }: GateCall): boolean => action === 'PutItem';
/** Of the first wake: nothing else is sent before the prepay. */
const isSend = ({ action }: GateCall): boolean => action === 'SendMessage';

/** A PUT whose function is killed at such a call. */
async function putAndDie(
  { stack, until }: FastStack,
  { number, blow, strikes }: Death,
  order: JsonObject = tea,
): Promise<void> {
  const { dynamodb, sqs } = stack.gates;
  const kills: Kills = startKills(stack, [dynamodb, sqs], (call) => {
    const isIt = call.caller === 'api' && isAbout(call, number) && strikes(call);
    return isIt && kills.count() === 0 ? blow : undefined;
  });
  const answer = await stack.putOrder(number, order);
  assert.equal(answer.status, 500, answer.text);
  await until(`${number} is struck`, () => kills.count() > 0);
  kills.end();
}

/** The function dies that places an order: around its write, its first wake, the prepay. */
export function runKillsOfPlacings(running: () => FastStack): void {
  async function ends(number: string, status: 'PAID' | 'CLOSED'): Promise<void> {
    const { until, recordOf, idsOf, pkOf } = running();
    const type = `order.${status.toLowerCase()}`;
    const record = await until(`${number} is ${status}`, async () => {
      const seen = await recordOf(number);
      return seen['status'] === status && seen['outbox'] === undefined && seen;
    });
    assert.deepEqual(record['eventCounts'], { [type]: 1 });
    await until(`the event of ${number}`, () => idsOf(number).length > 0);
    assert.deepEqual(idsOf(number), [`${pkOf(number)}/${type}/1`]);
  }

  // Not all at once: each kill costs a cold start.
  describe('a placing whose function is killed', { concurrency: 2 }, () => {
    for (const [number, when, blow, strikes, again] of [
      ['PUT-AGAIN-1', 'before its record is written', 'before', isCreation, 201],
      ['PUT-AGAIN-2', 'once its record stands', 'after', isCreation, 200],
      ['PUT-AGAIN-3', 'before its first wake is sent', 'before', isSend, 200],
      ['PUT-AGAIN-4', 'between prepay and write-back', 'before', isWriteBack, 200],
      ['PUT-AGAIN-5', 'once the link is written back', 'after', isWriteBack, 200],
    ] as const) {
      it(`${when}, is repeated by the same PUT: the same order, paid and announced`, async () => {
        const { stack, atWechat, pay } = running();
        await putAndDie(running(), { number, blow, strikes });
        const first = await atWechat(number);
        assert.equal(first !== undefined, strikes === isWriteBack);
        const answer = await stack.putOrder(number, tea);
        assert.equal(answer.status, again, answer.text);
        assert.match(String(answer.body['code_url']), /^weixin:/);
        const placed = await atWechat(number);
        assert.deepEqual(timesOf(placed), timesOf(first ?? placed));
        await pay(number);
        await ends(number, 'PAID');
      });
    }

    for (const notice of ['normal', 'lost']) {
      it(`between prepay and write-back, is paid with a ${notice} notice: announced`, async () => {
        const number = `PUT-PAID-${notice}`;
        await putAndDie(running(), { number, blow: 'before', strikes: isWriteBack });
        assert.equal((await running().recordOf(number))['status'], 'CREATED');
        await running().pay(number, { notice });
        await ends(number, 'PAID');
      });
    }

    it('between prepay and write-back, is never repeated nor paid: closed on both sides', async () => {
      await ends(leftPlaced, 'CLOSED');
      assert.equal((await running().atWechat(leftPlaced))?.['trade_state'], 'CLOSED');
      const late = await running().stack.control('pay', { out_trade_no: leftPlaced });
      assert.equal(late.status, 409, late.text);
    });

    it('before its first wake is sent, is never repeated: the sweep ends it', async () => {
      await ends(leftUnplaced, 'CLOSED');
      assert.equal(await running().atWechat(leftUnplaced), undefined);
    });
  });
}

function timesOf(order: JsonObject | undefined): readonly unknown[] {
  return [order?.['placed_at'], order?.['time_expire']];
}
