import { encodeMessage } from '#core/messages.ts';
import type { StoredRecord } from '#core/record.ts';
import { newOrderRecord } from '#core/subjects/order/place.ts';
import { instant, secondMs } from '#core/values/time.ts';
import { newOrder } from '../../test/support/order-builder.ts';
import { openShop, type Shop, transactionOf } from '../shop.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';

/** An order that was just paid, and the hint about it. */
export type PaidWorld = {
  readonly endpoints: Endpoints;
  /** The event of `confirm`, as JSON. */
  readonly hintEvent: string;
};

export async function openPaidWorld(): Promise<PaidWorld> {
  const shop = await openShop();
  const record = awaitingOrder(shop);
  const order = { outTradeNo: record.key.number, amountFen: 8800, paidAtMs: Date.now() };
  const transaction = transactionOf(shop, order);
  const endpoints = await startEndpoints({ shop, record, transaction });
  const body = encodeMessage({
    type: 'hint',
    account: shop.account.name,
    subject: record.key,
    reason: 'notice',
    says: 'SUCCESS',
  });
  const attributes = { ApproximateReceiveCount: '1' };
  const message = { messageId: 'm-1', receiptHandle: 'r-1', body, attributes };
  return { endpoints, hintEvent: JSON.stringify({ Records: [message] }) };
}

/** In this order a first look at a paid order calls the outside. */
const expectedCalls = [
  'GetSecretValue',
  'GetItem',
  'query',
  'UpdateItem',
  'SendMessage',
  'UpdateItem',
].join(' ');

/** Gives the bundle of `confirm` its first hint; rejects unless it did all it has to. */
export function firstInvocation(
  { endpoints, hintEvent }: PaidWorld,
  load: (event: string) => Promise<void>,
): () => Promise<void> {
  return async () => {
    endpoints.takeCalls();
    await load(hintEvent);
    const calls = endpoints.takeCalls().join(' ');
    if (calls !== expectedCalls) {
      throw new Error(`confirm called ${calls}, not ${expectedCalls}.`);
    }
  };
}

function awaitingOrder({ account }: Shop): StoredRecord {
  const createdAt = instant(Date.now() - 10 * secondMs);
  const made = newOrderRecord(newOrder(), account, createdAt);
  if (!made.ok) {
    throw new Error(`The order cannot be made: ${made.error}.`);
  }
  const link = { link: 'weixin://wxpay/bizpayurl?pr=A-1001-1', linkAt: createdAt };
  return { ...made.value, status: 'AWAITING', data: { ...made.value.data, ...link } };
}
