import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrder } from '#app/create-order.ts';
import type { Account } from '#core/account.ts';
import { isAccountName, isMchid, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { account, hint, newOrder, outTradeNo, valid } from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { eventTypesOf, look, standing } from './looking.ts';

const mchid = valid('1900000009', isMchid);

test('an order is never judged by the order of another account', async () => {
  const other: Account = { ...account, name: valid('other', isAccountName), mchid };
  const bed = createTestBed([account, other]);
  await createOrder(bed, account, newOrder());
  bed.world.plan('query', {
    type: 'state',
    state: 'SUCCESS',
    mchid,
    appid: account.appids[0],
    out_trade_no: outTradeNo,
    payment: {
      transaction_id: valid('4200OTHER', isTransactionId),
      amountFen: valid(8800, isFen),
      currency: 'CNY',
    },
  });
  await look(bed, hint({ account: other.name, reason: 'request' }));
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['AWAITING', []]);
});

test('an order is not closed because its account was given another mchid', async () => {
  const accounts = [account];
  const bed = createTestBed(accounts);
  bed.world.plan('prepay', { type: 'unknown', code: 'TIMEOUT' });
  await createOrder(bed, account, newOrder());
  accounts[0] = { ...account, mchid };
  bed.clock.advance(3 * 3_600_000);
  await look(bed, hint({ reason: 'request' }));
  bed.clock.advance(90_000);
  await look(bed, hint({ reason: 'request' }));
  assert.deepEqual([standing(bed).status, eventTypesOf(bed)], ['CREATED', []]);
});
