import type { Account } from '#core/account.ts';
import type { RecordStore, WriteOutcome } from '#core/ports.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { decodeOrder, isCodePayment, type Order, planOf } from '#core/subjects/order/order.ts';
import { type NewOrder, newOrderRecord, placingOf } from '#core/subjects/order/place.ts';
import { closableAtOf, closeAtOf, firstWake } from '#core/timing.ts';
import { type Instant, latest } from '#core/values/time.ts';
import { type ChargePorts, chargeCode } from './charge-code.ts';
import { answerOf, type PlacedOrder, placeOrder, sameLife } from './place-order.ts';
import { type ReplacePorts, replaceOlder } from './replace-order.ts';
import { writeRecord } from './write-record.ts';

export type CreateOrderPorts = ChargePorts & ReplacePorts;

const tryLimit = 3;

/**
 * Places an order at WeChat, or answers for one that was placed before: the same request any number of
 * times is one order. The record is written first, then the first wake sent, then WeChat asked, so that
 * whatever dies on the way is found and ended by the loop. Ends in the ports' `AppError`s.
 */
export async function createOrder(
  ports: CreateOrderPorts,
  account: Account,
  request: NewOrder,
): Promise<Answer<PlacedOrder>> {
  const key: SubjectKey = { kind: 'order', mchid: account.mchid, number: request.out_trade_no };
  const fresh = newOrderRecord(request, account, ports.clock.now());
  if (!fresh.ok) {
    // A repeat of an old request is judged by its record, not by today's clock.
    const standing = await ports.store.load(key);
    return standing === undefined || standing.status === 'REFUSED'
      ? refuse('request_invalid', { pointer: `/${fresh.error}` })
      : repeatOrder(ports, account, request, standing);
  }
  const { isNew, record } = await writeRecord(ports.store, fresh.value);
  if (!isNew) {
    return repeatOrder(ports, account, request, record);
  }
  const decoded = decodeOrder(record);
  if (!decoded.ok) {
    return refuse('record_undecodable');
  }
  const order = decoded.value;
  ports.telemetry.count('order_created');
  await beginChain(ports, record, order);
  if ((await replace(ports, account, request, order)) === 'closing') {
    return refuse('order_closing');
  }
  const placement = { account, request, record, order, isFirst: true } as const;
  return isCodePayment(order) ? chargeCode(ports, placement) : placeOrder(ports, placement);
}

async function replace(
  ports: CreateOrderPorts,
  account: Account,
  { out_trade_no }: NewOrder,
  { terms }: Order,
): Promise<'placed' | 'closing'> {
  if (terms?.reference === undefined) {
    return 'placed';
  }
  const me = { account: account.name, mchid: account.mchid, out_trade_no };
  return await replaceOlder(ports, account, terms.reference, me);
}

async function beginChain(
  ports: CreateOrderPorts,
  record: StoredRecord,
  order: Order,
): Promise<void> {
  const { account, key: subject } = record;
  const wake = firstWake(planOf(order), { account, subject });
  try {
    await ports.timers.send(wake, wake.slot - order.createdAt);
  } catch {
    // The record's dueAt stands: the sweep begins where the chain did not.
    ports.telemetry.log('warn', 'first wake not sent', { account, subject: subjectId(subject) });
  }
}

async function repeatOrder(
  ports: CreateOrderPorts,
  account: Account,
  request: NewOrder,
  standing: StoredRecord,
): Promise<Answer<PlacedOrder>> {
  let record: StoredRecord | undefined = standing;
  for (let round = 0; round < tryLimit && record !== undefined; round += 1) {
    const decoded = decodeOrder(record);
    if (!decoded.ok) {
      return refuse('record_undecodable');
    }
    const order = decoded.value;
    const now = ports.clock.now();
    const placing = placingOf(order, request.bodySha256, now);
    if (placing.type === 'answer') {
      const asItStands = { account, request, order, created: false };
      return answerOf(ports.gateway, asItStands, placing.handOut);
    }
    if (placing.type !== 'place') {
      return refuse(`order_${placing.type}`);
    }
    if ((await noteAttempt(ports.store, record, order, now)) === 'done') {
      if ((await replace(ports, account, request, order)) === 'closing') {
        return refuse('order_closing');
      }
      return placeOrder(ports, { account, request, record, order, isFirst: false });
    }
    record = await ports.store.load(record.key);
  }
  return refuse('store_unavailable');
}

/** Before WeChat is asked again: from now on a refusal proves nothing, and the close has to wait. */
function noteAttempt(
  store: RecordStore,
  record: StoredRecord,
  order: Order,
  now: Instant,
): Promise<WriteOutcome> {
  const closeAt = latest(order.closeAt, closeAtOf(planOf(order).expiresAt, now));
  const closableAt = order.closableAt === undefined ? {} : { closableAt: closableAtOf(now) };
  return store.amend({
    key: record.key,
    statusIn: ['CREATED', 'AWAITING'],
    absent: ['closeReason'],
    equals: sameLife(record),
    patch: { set: { attempts: order.attempts + 1, closeAt, ...closableAt }, unset: ['unplaced'] },
  });
}
