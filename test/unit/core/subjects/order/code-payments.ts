import assert from 'node:assert/strict';
import type { Account } from '#core/account.ts';
import type { StoredRecord } from '#core/record.ts';
import { type NewOrder, newOrderRecord } from '#core/subjects/order/place.ts';
import { isAuthCode } from '#core/values/ids.ts';
import type { Json } from '#core/values/json.ts';
import { account, checked, createdAt, moment, newOrder, reference } from '../../fixtures.ts';

/** The shop of the fixtures, with credentials of both kinds: links by APIv3, codes by APIv2. */
export const shop: Account = {
  ...account,
  credentials: {
    ...account.credentials,
    v2: {
      apiKey: 'fedcba9876543210fedcba9876543210',
      signType: 'HMAC-SHA256',
      certificate: { p12: 'not used by core' },
    },
  },
};

/** 88.00 yuan by the code that the payer shows. */
export const newCode: NewOrder = {
  out_trade_no: newOrder.out_trade_no,
  trade_type: 'MICROPAY',
  description: 'Two tickets',
  amountFen: newOrder.amountFen,
  auth_code: checked(isAuthCode, '134567890123456789'),
  reference,
  notify_url: newOrder.notify_url,
  bodySha256: newOrder.bodySha256,
  requestId: newOrder.requestId,
  details: {},
};

/** Written at 04:00:00, so it can be reversed from 04:00:25 on, and is at 04:00:45. */
export const reversalAt = moment('2026-11-21T04:00:45Z');
export const dayAfter = moment('2026-11-22T04:00:45Z');

/** A code payment's record, then changed as a test wants it. */
export function codeRecord(
  changes: Partial<Omit<StoredRecord, 'data' | 'key'>> = {},
  data: Readonly<Record<string, Json>> = {},
): StoredRecord {
  const created = newOrderRecord(newCode, shop, createdAt);
  assert.ok(created.ok);
  return { ...created.value, ...changes, data: { ...created.value.data, ...data } };
}

/** One that is being reversed since its time was over. */
export function reversingRecord(
  changes: Partial<Omit<StoredRecord, 'data' | 'key'>> = {},
  data: Readonly<Record<string, Json>> = {},
): StoredRecord {
  return codeRecord(changes, { reversedAt: reversalAt, ...data });
}
