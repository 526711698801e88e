import assert from 'node:assert/strict';
import { applyChange } from '#core/commit.ts';
import { refundStates } from '#core/evidence.ts';
import type { StoredRecord } from '#core/record.ts';
import { startRefund } from '#core/subjects/order/refunds.ts';
import { adoptedRefundRecord, refundRecord } from '#core/subjects/refund/start.ts';
import type { JsonObject } from '#core/values/json.ts';
import { type Instant, minuteMs, plus } from '#core/values/time.ts';
import { at } from '../support/clock.ts';
import { account, bodySha256, hint, outTradeNo, storedOrder } from '../support/order-builder.ts';
import { orderOf } from './order-steps.ts';
import { facts, outRefundNo } from './refund-answers.ts';

/** A record as it is before the first look. */
export type Start = { readonly name: string; readonly record: StoredRecord };

const from = at('2026-11-21T05:00:00Z');

/** Every record that no look made: started by its order, or made elsewhere and adopted as it stood. */
export function makeStarts(): readonly Start[] {
  const sooner = { out_refund_no: 'R-1000', refundFen: 100, status: 'PROCESSING' };
  return [
    { name: 'started at once', record: started([]) },
    { name: 'the second part', record: started([{ ...sooner, startAt: from }]) },
    ...refundStates.map((state) => ({
      name: `made elsewhere, ${state}`,
      record: adopted(state, plus(from, minuteMs)),
    })),
  ];
}

/** As its order's outbox begins it. */
function started(refunds: readonly JsonObject[]): StoredRecord {
  const order = storedOrder('PAID', { data: { refunds } });
  const { refundFen } = facts;
  const notify_url = 'https://pay.example.com/notify/shop';
  const request = { out_refund_no: outRefundNo, of: { out_trade_no: outTradeNo }, refundFen };
  const change = startRefund(orderOf(order), { ...request, notify_url, bodySha256 }, from);
  assert.ok(change.ok);
  const [entry] = applyChange(order, change.value, { now: from, because: 'request' }).outbox;
  assert.ok(entry?.type === 'start');
  return refundRecord(order, entry);
}

function adopted(state: (typeof refundStates)[number], now: Instant): StoredRecord {
  const subject = { kind: 'refund', mchid: account.mchid, number: outRefundNo } as const;
  const evidence = { type: 'state', state, out_refund_no: outRefundNo, facts } as const;
  const record = adoptedRefundRecord(hint({ subject }), evidence, now);
  assert.ok(record !== undefined);
  return { ...record, outbox: [] };
}
