import type { Account } from '#core/account.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { startRefund } from '#core/subjects/order/refunds.ts';
import { refundView } from '#core/subjects/refund/describe.ts';
import { decodeRefund } from '#core/subjects/refund/refund.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import type { JsonObject } from '#core/values/json.ts';
import { type CarryOutPorts, commitChange } from './carry-out.ts';
import { readyOrder } from './ready-order.ts';

export type CreatedRefund = { readonly created: boolean; readonly view: JsonObject };

const tryLimit = 4;

/**
 * Starts a refund of an order, or answers for one that was started before: the same request any number
 * of times is one refund. It is noted in the order's record first, which checks the sum; the record of
 * the refund follows from that, and the loop applies for it. Refuses with `order_unknown`, `order_unpaid`,
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
  const orderKey: SubjectKey = { kind: 'order', mchid, number: request.out_trade_no };
  let created = false;
  for (let round = 0; round <= tryLimit; round += 1) {
    const standing = await ports.store.load(key);
    if (standing !== undefined) {
      return answerFor(standing, request, created);
    }
    if (round === tryLimit) {
      break;
    }
    const ready = await readyOrder(ports, orderKey);
    if (ready === 'unknown') {
      return refuse('order_unknown');
    }
    if (ready === undefined) {
      continue;
    }
    const { record, order } = ready;
    if (order.refunds.some((note) => note.out_refund_no === request.out_refund_no)) {
      continue;
    }
    const change = startRefund(order, request, ports.clock.now());
    if (!change.ok) {
      return refuse(change.error, change.error === 'refund_exceeds' ? atAmount : {});
    }
    created = (await commitChange(ports, record, change.value, 'request')) === 'done';
  }
  return refuse('store_unavailable');
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
