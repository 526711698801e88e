import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { JsonObject } from '../../../local/json.ts';
import { isAbout, isSentTo } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

const outageMs = 8 * 60_000;
const refusals = [
  { status: 400, code: 'ProvisionedThroughputExceededException' },
  { status: 500, code: 'InternalServerError' },
];

const told = 'TABLE-TOLD';
const tripled = 'TABLE-TRIPLED';
const untold = 'TABLE-UNTOLD';
/** Its notice meets two outages: the hints are refused as well. */
const unheard = 'TABLE-UNHEARD';
const unpaid = 'TABLE-UNPAID';
const placedMeanwhile = 'TABLE-NEW';
const settled = [
  [told, 'PAID'],
  [tripled, 'PAID'],
  [untold, 'PAID'],
  [unheard, 'PAID'],
  [unpaid, 'CLOSED'],
  [placedMeanwhile, 'PAID'],
] as const;

function firstStatus({ statuses }: JsonObject): unknown {
  return Array.isArray(statuses) ? statuses[0] : undefined;
}

/** The table throttles and fails every call of the functions for a while. */
export function runTableRefused(running: () => FastStack): void {
  describe('while the table refuses', () => {
    let refusedCalls = 0;
    const answersMeanwhile: number[] = [];
    let eventsMeanwhile = 0;
    let unhandledNotice = '';
    const hintsTaken = new Map<string, number>();

    before(async () => {
      const { stack, until, pay, eventsOf, atWechat } = running();
      const expiring = () => new Date(Date.now() + outageMs).toISOString();
      for (const number of [told, tripled, untold, unheard]) {
        assert.equal((await stack.putOrder(number, tea)).status, 201);
      }
      const placed = await stack.putOrder(unpaid, { ...tea, time_expire: expiring() });
      assert.equal(placed.status, 201, placed.text);

      // A cold start takes minutes of this fast time: too long for a notice.
      await stack.control('notice', { out_trade_no: unpaid, kind: 'probe' });
      const heal = stack.gates.dynamodb.addRule(({ environment }) => {
        // The test itself still reads.
        return environment === undefined ? undefined : refusals[refusedCalls++ % refusals.length];
      });
      const endsAt = Date.now() + outageMs;
      let deaf = 4;
      stack.gates.sqs.addRule((call) => {
        if (!isSentTo(call, stack.dev.queues.hints) || call.caller !== 'notify') {
          return undefined;
        }
        if (isAbout(call, unheard) && deaf > 0) {
          deaf -= 1;
          return { status: 400, code: 'AccessDeniedException' };
        }
        const number = settled.map(([name]) => name).find((name) => isAbout(call, name)) ?? '';
        hintsTaken.set(number, (hintsTaken.get(number) ?? 0) + 1);
        return 'pass';
      });
      await pay(told);
      await pay(tripled, { notice: 'tripled' });
      await pay(untold, { notice: 'lost' });
      await pay(unheard);
      unhandledNotice = await until('a notice that nobody handles is taken', async () => {
        const unhandled = { out_trade_no: untold, kind: 'unknown-event' };
        const { body } = await stack.control('notice', unhandled);
        return firstStatus(body) === 204 && String(body['notice_id']);
      });
      answersMeanwhile.push(
        (await stack.putOrder(placedMeanwhile, tea)).status,
        (await stack.getOrder(told)).status,
        (await stack.closeOrder(unpaid)).status,
      );
      await until('the outage is over', () => Date.now() > endsAt);
      eventsMeanwhile = settled.flatMap(([number]) => eventsOf(number)).length;
      heal();

      assert.equal(await atWechat(placedMeanwhile), undefined);
      assert.equal((await stack.putOrder(placedMeanwhile, tea)).status, 201);
      await pay(placedMeanwhile);
    });

    it('each call of the API is answered 503, and nothing is announced', () => {
      assert.deepEqual(answersMeanwhile, [503, 503, 503]);
      assert.equal(eventsMeanwhile, 0);
      assert.ok(refusedCalls >= 20, `${refusedCalls} calls were refused`);
    });

    for (const [number, status] of settled) {
      it(`is over, ${number} ends ${status} and is announced once per id`, async () => {
        const { until, recordOf, eventsOf, idsOf, pkOf, atWechat } = running();
        const type = `order.${status.toLowerCase()}`;
        const record = await until(`${number} is ${status}`, async () => {
          const seen = await recordOf(number);
          return seen['status'] === status && seen['outbox'] === undefined && seen;
        });
        assert.deepEqual(record['eventCounts'], { [type]: 1 });
        await until(`the event of ${number}`, () => eventsOf(number).length > 0);
        assert.deepEqual(idsOf(number), [`${pkOf(number)}/${type}/1`]);
        const there = (await atWechat(number))?.['trade_state'];
        assert.equal(there, status === 'PAID' ? 'SUCCESS' : 'CLOSED');
      });
    }

    it('no notice is acknowledged without its hint in the queue', async () => {
      const { statusesOf, until } = running();
      for (const [number, sends] of [
        [told, 1],
        [tripled, 3],
        [unheard, 2],
        [placedMeanwhile, 1],
      ] as const) {
        const statuses = await until(`the notices of ${number} are answered`, async () => {
          const seen = await statusesOf(number);
          return seen.length >= sends && seen.includes(204) && seen;
        });
        const acknowledged = statuses.filter((status) => status < 300).length;
        assert.ok(acknowledged <= (hintsTaken.get(number) ?? 0), `${number}: ${statuses}`);
      }
      const answers = await statusesOf(unheard);
      assert.ok(answers.includes(500), `${answers}: what was not queued was not acknowledged`);
    });

    it('is over, what only a message told is announced as well', async () => {
      const { stack, until, allEvents } = running();
      const pk = `notice#${stack.dev.account.mchid}#${unhandledNotice}`;
      await until('its event', () => allEvents().some(({ subject }) => subject === pk));
    });

    it('no message is given up', async () => {
      const { calm, stack } = running();
      await calm();
      const { hintsDeadLetters, timersDeadLetters } = await stack.depths();
      assert.deepEqual([hintsDeadLetters?.visible, timersDeadLetters?.visible], [0, 0]);
    });
  });
}
