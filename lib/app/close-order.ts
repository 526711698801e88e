import type { WriteOutcome } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import {
  decodeOrder,
  isWaiting,
  type Order,
  type OrderStatus,
} from '#core/subjects/order/order.ts';
import { earliest, latest, minuteMs, plus } from '#core/values/time.ts';
import { type HintPorts, sendRequestHint } from './request-look.ts';

export type CloseAnswer = { readonly status: OrderStatus };

const tryLimit = 3;
/** Should the hint be lost, the sweep finds the order by then. */
const lookWithinMs = 2 * minuteMs;

/**
 * Asks for an unpaid order to be closed: writes that it is to be closed now, then has the loop look.
 * Nothing is closed here; the order stays as it is until WeChat agrees. Repeating is safe. Refuses with
 * `order_unknown`, or `order_settled` when it was paid or is with a person.
 */
export async function closeOrder(ports: HintPorts, key: SubjectKey): Promise<Answer<CloseAnswer>> {
  for (let round = 0; round < tryLimit; round += 1) {
    const record = await ports.store.load(key);
    if (record === undefined) {
      return refuse('order_unknown');
    }
    const decoded = decodeOrder(record);
    if (!decoded.ok) {
      return refuse('record_undecodable');
    }
    const order = decoded.value;
    if (!isWaiting(order)) {
      return order.status === 'CLOSED'
        ? { ok: true, value: { status: 'CLOSED' } }
        : refuse('order_settled');
    }
    if ((await requestClose(ports, record, order, 'requested')) === 'done') {
      await sendRequestHint(ports, record);
      return { ok: true, value: { status: order.status } };
    }
  }
  return refuse('store_unavailable');
}

/**
 * Writes that a waiting order is to be closed as soon as WeChat allows it, mostly now; `done` also when
 * that was written before.
 */
export function requestClose(
  ports: Pick<HintPorts, 'store' | 'clock'>,
  record: StoredRecord,
  order: Order,
  closeReason: 'requested' | 'replaced',
): WriteOutcome | Promise<WriteOutcome> {
  const now = ports.clock.now();
  if (order.closeReason !== undefined || order.closeAt <= now) {
    return 'done';
  }
  const closeAt = earliest(order.closeAt, latest(now, order.closableAt ?? now));
  return ports.store.amend({
    key: record.key,
    statusIn: ['CREATED', 'AWAITING'],
    absent: ['closeReason'],
    patch: { set: { closeAt, closeReason } },
    dueAt: closeAt > now ? closeAt : plus(now, lookWithinMs),
  });
}
