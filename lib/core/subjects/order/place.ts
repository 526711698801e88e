import type { Account } from '../../account.ts';
import type { PrepayDetails } from '../../ports.ts';
import type { StoredRecord } from '../../record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { closeAtOf, firstDueAt } from '../../timing.ts';
import type { Appid, Openid, OutTradeNo, Reference } from '../../values/ids.ts';
import type { Fen } from '../../values/money.ts';
import { dayMs, hourMs, type Instant, minuteMs, plus, wholeSecond } from '../../values/time.ts';
import { isWaiting, type Order, type TradeType } from './order.ts';

/** What a merchant asks for; checked at the edge for shape and length. */
export type NewOrder = {
  readonly out_trade_no: OutTradeNo;
  readonly trade_type: TradeType;
  readonly description: string;
  readonly amountFen: Fen;
  readonly appid?: Appid;
  readonly openid?: Openid;
  readonly expiresAt?: Instant;
  readonly details: PrepayDetails;
  readonly reference?: Reference;
  readonly notify_url: string;
  readonly bodySha256: string;
  /** Of the one request: tells a write that met itself from another's. */
  readonly requestId: string;
};

const defaultLifeMs = 2 * hourMs;
const shortestLifeMs = 2 * minuteMs;
/** WeChat closes an unpaid order after 7 days by itself (4012791870). */
const longestLifeMs = 7 * dayMs;
/** Two function timeouts: a placing begun by then has ended before anybody starts to close. */
const placingFenceMs = minuteMs;
/** A `prepay_id` and a `code_url` live for 2 hours, an `h5_url` for 5 minutes: renewed a little before. */
const linkLifeMs = 110 * minuteMs;
const h5LinkLifeMs = 4 * minuteMs;

/**
 * The record of a new order, with everything fixed that a placing derives (appid, expiry), so that a
 * renewal is identical. Fails with the name of the field that the account or the time rules out.
 */
export function newOrderRecord(
  order: NewOrder,
  account: Account,
  now: Instant,
): Result<StoredRecord, 'appid' | 'time_expire'> {
  const appid = order.appid ?? account.appids[0];
  if (!account.appids.includes(appid)) {
    return fail('appid');
  }
  const expiresAt = wholeSecond(order.expiresAt ?? plus(now, defaultLifeMs));
  if (expiresAt < now + shortestLifeMs || expiresAt > now + longestLifeMs) {
    return fail('time_expire');
  }
  const closeAt = closeAtOf(expiresAt, now);
  return ok({
    key: { kind: 'order', mchid: account.mchid, number: order.out_trade_no },
    account: account.name,
    status: 'CREATED',
    version: 1,
    data: {
      createdAt: now,
      closeAt,
      attempts: 1,
      trade_type: order.trade_type,
      amountFen: order.amountFen,
      currency: 'CNY',
      appid,
      notify_url: order.notify_url,
      bodySha256: order.bodySha256,
      requestId: order.requestId,
      expiresAt,
      ...(order.openid !== undefined && { openid: order.openid }),
      ...(order.reference !== undefined && { reference: order.reference }),
    },
    history: [],
    historyCount: 0,
    outbox: [],
    eventCounts: {},
    dueAt: firstDueAt({ createdAt: now, expiresAt, closeAt }),
    leases: 0,
    unknownLooks: 0,
  });
}

/**
 * What a PUT finds to do on an order that exists.
 * - `conflict`: the number belongs to another request.
 * - `place`: place it (again), with the stored terms.
 * - `answer`: nothing to place; hand out the link if `link` says so.
 * - `expired`, `closing`: no link may be handed out any more.
 */
export type Placing =
  | { readonly type: 'conflict' }
  | { readonly type: 'answer'; readonly handOut: boolean }
  | { readonly type: 'place' }
  | { readonly type: 'expired' }
  | { readonly type: 'closing' };

export function placingOf(order: Order, bodySha256: string, now: Instant): Placing {
  if (order.terms?.bodySha256 !== bodySha256) {
    return { type: 'conflict' };
  }
  if (!isWaiting(order)) {
    return { type: 'answer', handOut: false };
  }
  if (order.closeReason !== undefined) {
    return { type: 'closing' };
  }
  const { linkAt } = order;
  const lifeMs = order.terms.trade_type === 'H5' ? h5LinkLifeMs : linkLifeMs;
  const isLinkFresh = order.link !== undefined && linkAt !== undefined && now < linkAt + lifeMs;
  if (isLinkFresh && now < order.terms.expiresAt) {
    return { type: 'answer', handOut: true };
  }
  return now > order.terms.expiresAt - placingFenceMs ? { type: 'expired' } : { type: 'place' };
}
