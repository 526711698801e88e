import assert from 'node:assert/strict';
import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import type { Account } from '#core/account.ts';
import type { PrepayOutcome } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { newOrderRecord } from '#core/subjects/order/place.ts';
import { isReference } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { type Instant, minuteMs, secondMs } from '#core/values/time.ts';
import {
  account,
  createdAt,
  hint,
  jsapiOrder,
  newOrder,
  orderKey,
  storedOrder,
  valid,
} from '../support/order-builder.ts';
import { createTestBed, type TestBed } from '../support/test-bed.ts';
import { answers } from './order-answers.ts';

/** A record as it is before the first look, and since when. */
export type Start = {
  readonly name: string;
  readonly record: StoredRecord;
  readonly from: Instant;
};

const unanswered: PrepayOutcome = { type: 'unknown', code: 'TIMEOUT' };
const taken: PrepayOutcome = { type: 'look', code: 'OUT_TRADE_NO_USED' };
const refused: PrepayOutcome = { type: 'refused', code: 'PARAM_ERROR' };

const codeAccount: Account = {
  ...account,
  credentials: {
    v2: {
      apiKey: '(not used by core)',
      signType: 'HMAC-SHA256',
      certificate: { p12: '(not used by core)' },
    },
  },
};

/**
 * Every record that no look made, written by the jobs of the API and by the loop's adoption. Before
 * `closeAt` no look changes a waiting order, so what the API does between looks is among these too. And
 * one that WeChat's rules leave no way to: a number has one payment at most.
 */
export async function makeStarts(): Promise<readonly Start[]> {
  const request = jsapiOrder();
  const reference = valid('shop-4711', isReference);
  const oneOfMany = jsapiOrder({ reference });
  return [
    await startOf('CREATED', (bed) => place(bed, request, unanswered)),
    await startOf('AWAITING, with a reference', (bed) => place(bed, oneOfMany)),
    await startOf('never placed by us', (bed) => place(bed, request, taken)),
    await startOf('REFUSED, with a reference', (bed) => place(bed, oneOfMany, refused)),
    await startOf('CREATED, close asked for', (bed) => placeAndClose(bed, request, unanswered)),
    await startOf('AWAITING, any payer, close asked for', (bed) => placeAndClose(bed, newOrder())),
    await startOf('CLOSED, another payment of it went back', (bed) => {
      const note = { out_refund_no: 'R-1', refundFen: 8800, startAt: createdAt, status: 'SUCCESS' };
      const data = { reference, transaction_id: '4200A1000', paidFen: 8800, refunds: [note] };
      bed.store.put(storedOrder('CLOSED', { data }));
      return Promise.resolve();
    }),
    await startOf('a code payment, with a reference', (bed) => putCode(bed, { reference })),
    await startOf('a code payment, AWAITING, close asked for', async (bed) => {
      await putCode(bed, {}, { status: 'AWAITING' });
      bed.clock.advance(10 * secondMs);
      assert.ok((await closeOrder(bed, orderKey)).ok);
    }),
    await startOf('a code payment, never placed by us', (bed) => putCode(bed, { unplaced: true })),
    await startOf('a code payment, REFUSED', (bed) => putCode(bed, {}, { status: 'REFUSED' })),
    await startOf('UNMATCHED, paid', (bed) => adopt(bed, 'SUCCESS')),
    await startOf('UNMATCHED, paid back', (bed) => adopt(bed, 'REFUND')),
  ];
}

async function startOf(name: string, make: (bed: TestBed) => Promise<void>): Promise<Start> {
  const bed = createTestBed();
  await make(bed);
  const record = bed.store.peek(orderKey);
  assert.ok(record !== undefined, name);
  return { name, record: { ...record, outbox: [] }, from: bed.clock.now() };
}

type NewOrder = ReturnType<typeof newOrder>;

async function place(bed: TestBed, request: NewOrder, outcome?: PrepayOutcome): Promise<void> {
  bed.world.plan('prepay', outcome ?? 'honest');
  await createOrder(bed, account, request);
}

async function placeAndClose(
  bed: TestBed,
  request: NewOrder,
  outcome?: PrepayOutcome,
): Promise<void> {
  await place(bed, request, outcome);
  bed.clock.advance(5 * minuteMs);
  assert.ok((await closeOrder(bed, orderKey)).ok);
}

/** As its PUT leaves it when the code was charged, or WeChat refused that. */
function putCode(
  bed: TestBed,
  data: JsonObject,
  changes: Partial<StoredRecord> = {},
): Promise<void> {
  const { openid: _, ...request } = jsapiOrder({ trade_type: 'MICROPAY' });
  const made = newOrderRecord(request, codeAccount, createdAt);
  assert.ok(made.ok);
  const record = { ...made.value, ...changes };
  bed.store.put({ ...record, data: { ...record.data, ...data } });
  return Promise.resolve();
}

async function adopt(bed: TestBed, name: string): Promise<void> {
  const answer = answers.find((one) => one.name === name);
  assert.ok(answer !== undefined);
  bed.world.plan('query', answer.evidence);
  const look = { account, now: () => bed.clock.now(), hasTime: () => true };
  const record = await bed.kinds.order.adopt(hint(), look);
  assert.ok(record !== undefined);
  await bed.store.create(record);
}
