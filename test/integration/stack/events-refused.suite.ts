import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { JsonObject } from '../../../local/json.ts';
import { isSentTo } from './calls.ts';
import { type FastStack, tea } from './fast-stack.ts';

const outageMs = 60 * 60_000;
const refusals = [
  { status: 400, code: 'AccessDeniedException' },
  { status: 503, code: 'ServiceUnavailable' },
];
const paid = ['EVENTS-PAID-1', 'EVENTS-PAID-2', 'EVENTS-PAID-3'];
const closed = 'EVENTS-CLOSED';
/** Paid after its close, so that it owes two events, one after the other. */
const paidLate = 'EVENTS-LATE';
const all = [...paid, closed, paidLate];

/** The queue of the events refuses every send for an hour. */
export function runEventsRefused(running: () => FastStack): void {
  describe('while the events queue refuses for an hour', () => {
    let refusedSends = 0;
    const recordsMeanwhile = new Map<string, JsonObject>();

    before(async () => {
      const { stack, until, pay, recordOf, eventsOf } = running();
      const endsAt = Date.now() + outageMs;
      const heal = stack.gates.sqs.addRule((call) =>
        isSentTo(call, stack.dev.queues.events)
          ? refusals[refusedSends++ % refusals.length]
          : undefined,
      );
      for (const number of all) {
        assert.equal((await stack.putOrder(number, tea)).status, 201);
      }
      for (const number of paid) {
        await pay(number);
      }
      for (const number of [closed, paidLate]) {
        assert.equal((await stack.closeOrder(number)).status, 202);
        await until(`${number} is closed`, async () => {
          return (await recordOf(number))['status'] === 'CLOSED';
        });
      }
      await pay(paidLate, { force: true });
      await until('the hour is over', () => Date.now() > endsAt);
      for (const number of all) {
        recordsMeanwhile.set(number, await recordOf(number));
        assert.deepEqual(eventsOf(number), []);
      }
      heal();
    });

    for (const number of all) {
      const status = paid.includes(number) ? 'PAID' : 'CLOSED';
      it(`${number} is ${status} and owes its event`, () => {
        const record = recordsMeanwhile.get(number);
        assert.equal(record?.['status'], status);
        const [first] = record['outbox'] as readonly JsonObject[];
        assert.equal(first?.['event'], `order.${status.toLowerCase()}`);
        assert.equal(typeof record['dueAt'], 'number', 'somebody is going to look');
        assert.ok(refusedSends >= all.length, `${refusedSends} sends were refused`);
      });
    }

    for (const [number, types] of [
      ...paid.map((name) => [name, ['order.paid']] as const),
      [closed, ['order.closed']],
      [paidLate, ['order.closed', 'order.paid_late']],
    ] as const) {
      it(`is over, the events of ${number} come once per id, in their order`, async () => {
        const { until, eventsOf, idsOf, pkOf, recordOf } = running();
        await until(`the events of ${number}`, () => idsOf(number).length >= types.length);
        await until(`${number} owes nothing`, async () => !(await recordOf(number))['outbox']);
        assert.deepEqual(
          idsOf(number),
          types.map((type) => `${pkOf(number)}/${type}/1`),
        );
        const sequences = eventsOf(number).map(({ event }) => String(event['sequence']));
        assert.deepEqual(sequences, sequences.toSorted());
      });
    }
  });
}
