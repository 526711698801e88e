import type { Account } from '#core/account.ts';
import type { Change } from '#core/decision.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import type { Result } from '#core/result.ts';
import { decodeOrder, type Order } from '#core/subjects/order/order.ts';
import { type RefundProblem, startRefund } from '#core/subjects/order/refunds.ts';
import { refundView } from '#core/subjects/refund/describe.ts';
import { decodeRefund } from '#core/subjects/refund/refund.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { startServiceRefund } from '#core/subjects/service-order/refunds.ts';
import {
  decodeServiceOrder,
  type ServiceOrder,
} from '#core/subjects/service-order/service-order.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';
import { type CarryOutPorts, commitChange, openRecord, withoutDebts } from './carry-out.ts';

export type CreatedRefund = { readonly created: boolean; readonly view: JsonObject };

const tryLimit = 4;

/**
 * Starts a refund of an order, or answers for one that was started before: the same request any number
 * of times is one refund. It is noted in the order's record first, which checks the sum; the record of
 * the refund follows from that, and the loop applies for it. Refuses with `order_unknown`, `service_order_unknown`, `order_unpaid`,
 * `order_conflict` (a person's resolution is being carried out), `refund_conflict`, `refund_exceeds`,
 * `refund_limit` or `refund_too_late`; ends in the ports' `AppError`s.
 */
export async function createRefund(
  ports: CarryOutPorts,
  account: Account,
  request: NewRefund,
): Promise<Answer<CreatedRefund>> {
  const { mchid } = account;
  const key: SubjectKey = { kind: 'refund', mchid, number: request.out_refund_no };
  let created = false;
  for (let round = 0; round <= tryLimit; round += 1) {
    const standing = await ports.store.load(key);
    if (standing !== undefined) {
      return answerFor(standing, request, created);
    }
    if (round === tryLimit) {
      break;
    }
    const change = await changeFor(ports, account, request);
    if (change === undefined) {
      continue;
    }
    if (!change.ok) {
      return change;
    }
    const { record, change: noted } = change.value;
    created = (await commitChange(ports, record, noted, 'request')) === 'done';
  }
  return refuse('store_unavailable');
}

type Noted = { readonly record: StoredRecord; readonly change: Change };

/** The change of the record that it gives back of; undefined asks to look again. */
async function changeFor(
  ports: CarryOutPorts,
  { mchid }: Account,
  request: NewRefund,
): Promise<Answer<Noted> | undefined> {
  const { of, out_refund_no } = request;
  const isService = 'out_order_no' in of;
  const key: SubjectKey = isService
    ? { kind: 'service-order', mchid, number: of.out_order_no }
    : { kind: 'order', mchid, number: of.out_trade_no };
  const loaded = await ports.store.load(key);
  if (loaded === undefined) {
    return refuse(isService ? 'service_order_unknown' : 'order_unknown');
  }
  const record = await withoutDebts(ports, loaded, openRecord(ports, loaded));
  if (record === undefined) {
    return undefined;
  }
  const read = isService ? decodeServiceOrder(record) : decodeOrder(record);
  if (!read.ok) {
    return refuse('record_undecodable');
  }
  if (read.value.refunds.some((note) => note.out_refund_no === out_refund_no)) {
    return undefined;
  }
  const now = ports.clock.now();
  const change = startOf(read.value, request, now);
  if (change.ok) {
    return { ok: true, value: { record, change: change.value } };
  }
  return refuse(change.error, change.error === 'refund_exceeds' ? atAmount : {});
}

function startOf(
  paid: Order | ServiceOrder,
  request: NewRefund,
  now: Instant,
): Result<Change, RefundProblem> {
  return 'service_id' in paid
    ? startServiceRefund(paid, request, now)
    : startRefund(paid, request, now);
}

const atAmount = { pointer: '/amount/refund' };

function answerFor(
  standing: StoredRecord,
  request: NewRefund,
  created: boolean,
): Answer<CreatedRefund> {
  const decoded = decodeRefund(standing);
  if (!decoded.ok) {
    return refuse('record_undecodable');
  }
  return decoded.value.bodySha256 === request.bodySha256
    ? { ok: true, value: { created, view: refundView(standing, decoded.value) } }
    : refuse('refund_conflict');
}
