import type { Change } from '../../decision.ts';
import { commandChange, isRepeat } from '../../payscore/pending.ts';
import { sumOf } from '../../payscore/rules.ts';
import { type Answer, type Refusal, refuse } from '../../refusal.ts';
import type { JsonObject } from '../../values/json.ts';
import { withoutUndefined } from '../../values/optional.ts';
import { formatBeijingDigits, type Instant, minuteMs, plus } from '../../values/time.ts';
import type { ServiceOrder, ServiceOrderStatus } from './service-order.ts';
import { type TimeRange, timeRangeJson } from './start.ts';

/** One line of what is charged, or taken off; amounts in fen. */
export type Payment = {
  readonly name: string;
  readonly amount: number;
  readonly description?: string;
  readonly count?: number;
};

export type Charge = {
  readonly post_payments: readonly Payment[];
  readonly post_discounts?: readonly Payment[];
  readonly total_amount: number;
};

/** What a merchant may ask of a service order; checked at the edge for shape and length. */
export type ServiceOrderRequest =
  | (Charge & {
      readonly name: 'complete';
      readonly timeRange?: TimeRange;
      readonly location?: JsonObject;
      readonly profit_sharing?: boolean;
      readonly goods_tag?: string;
    })
  | (Charge & { readonly name: 'modify'; readonly reason: string })
  | { readonly name: 'cancel'; readonly reason: string }
  | { readonly name: 'sync'; readonly paidAt: Instant }
  | { readonly name: 'pay' };

/** Until which statuses each may be asked for (reference: the table of the three states). */
const allowedIn: Readonly<Record<ServiceOrderRequest['name'], readonly ServiceOrderStatus[]>> = {
  complete: ['DOING'],
  cancel: ['DOING', 'COMPLETED'],
  modify: ['COMPLETED'],
  sync: ['COMPLETED'],
  pay: ['COMPLETED'],
};

/** WeChat's clock may be ahead of ours, and asks that a paid time is at most a minute ahead of its own. */
const syncAheadMs = minuteMs;

/**
 * The change that writes a command with its exact body into the record, before anybody sends it; undefined
 * when this very request stands there already, or was done. Refuses with `service_order_state`,
 * `command_pending`, or the rule that it breaks.
 */
export function noteCommand(
  order: ServiceOrder,
  request: ServiceOrderRequest,
  asked: { readonly sha256: string; readonly now: Instant },
): Answer<Change | undefined> {
  const { sha256, now } = asked;
  const { name } = request;
  const repeats = isRepeat(order, { name, sha256 });
  // Every request to charge again is the same: one that was done must not stand in the way of the next.
  if (repeats === 'pending' || (repeats === 'ended' && name !== 'pay')) {
    return { ok: true, value: undefined };
  }
  if (order.pending !== undefined) {
    return refuse('command_pending');
  }
  if (!allowedIn[name].includes(order.status)) {
    return refuse('service_order_state');
  }
  const refusal = brokenRule(order, request, now);
  if (refusal !== undefined) {
    return { ok: false, refusal };
  }
  const body = bodyOf(order, request);
  return { ok: true, value: commandChange(name, body, asked) };
}

function brokenRule(
  order: ServiceOrder,
  request: ServiceOrderRequest,
  now: Instant,
): Refusal | undefined {
  switch (request.name) {
    case 'complete':
      return brokenCharge(order, request) ?? brokenTimes(order, request.timeRange, now);
    case 'modify':
      return brokenCharge(order, request) ?? notLower(order, request);
    case 'sync': {
      const isEarly = order.completedAt !== undefined && request.paidAt < order.completedAt;
      const isAhead = request.paidAt > plus(now, syncAheadMs);
      return isEarly || isAhead ? { code: 'time_range_wrong', pointer: '/paid_time' } : undefined;
    }
    case 'cancel':
    case 'pay':
      return undefined;
  }
}

/** What is charged is the sum of its lines, and never more than was signed. */
function brokenCharge({ priceFen }: ServiceOrder, charge: Charge): Refusal | undefined {
  const { post_payments, post_discounts = [], total_amount } = charge;
  const total =
    sumOf(post_payments.map(({ amount }) => amount)) -
    sumOf(post_discounts.map(({ amount }) => amount));
  if (total !== total_amount) {
    return { code: 'sum_wrong', pointer: '/total_amount' };
  }
  return priceFen !== undefined && total_amount > priceFen
    ? { code: 'amount_exceeds', pointer: '/total_amount' }
    : undefined;
}

function notLower({ totalFen }: ServiceOrder, { total_amount }: Charge): Refusal | undefined {
  return totalFen !== undefined && total_amount >= totalFen
    ? { code: 'amount_not_lower', pointer: '/total_amount' }
    : undefined;
}

/** An end must be known, after its start, and over (payscore, complete). */
function brokenTimes(
  order: ServiceOrder,
  range: TimeRange = {},
  now: Instant,
): Refusal | undefined {
  const startAt = range.startAt ?? order.startTime;
  const endAt = range.endAt ?? order.endTime;
  const isTooEarly =
    startAt !== undefined && order.startTime !== undefined && startAt < order.startTime;
  if (isTooEarly) {
    return { code: 'time_range_wrong', pointer: '/time_range/start_time' };
  }
  const isMissing = endAt === undefined;
  const isWrong = isMissing || (startAt !== undefined && endAt <= startAt);
  const isAhead = range.endAt !== undefined && range.endAt > now;
  return isWrong || isAhead
    ? { code: 'time_range_wrong', pointer: '/time_range/end_time' }
    : undefined;
}

/** The same request gives the same bytes; WeChat compares every field of a repeat. */
function bodyOf(order: ServiceOrder, request: ServiceOrderRequest): string {
  const { appid, service_id } = order;
  switch (request.name) {
    case 'complete': {
      const { timeRange } = request;
      return JSON.stringify({
        appid,
        service_id,
        post_payments: request.post_payments.map(paymentJson),
        post_discounts: request.post_discounts?.map(paymentJson),
        total_amount: request.total_amount,
        time_range: timeRange && timeRangeJson(timeRange),
        location: request.location,
        profit_sharing: request.profit_sharing ?? false,
        goods_tag: request.goods_tag,
      });
    }
    case 'modify':
      return JSON.stringify({
        appid,
        service_id,
        post_payments: request.post_payments.map(paymentJson),
        post_discounts: request.post_discounts?.map(paymentJson),
        total_amount: request.total_amount,
        reason: request.reason,
      });
    case 'cancel':
      return JSON.stringify({ appid, service_id, reason: request.reason });
    case 'sync':
      return JSON.stringify({
        appid,
        service_id,
        type: 'Order_Paid',
        detail: { paid_time: formatBeijingDigits(request.paidAt) },
      });
    case 'pay':
      return JSON.stringify({ appid, service_id });
  }
}

function paymentJson({ name, amount, description, count }: Payment): JsonObject {
  return withoutUndefined({ name, amount, description, count });
}
