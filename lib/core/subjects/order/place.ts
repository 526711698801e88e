import type { Account } from '../../account.ts';
import type { PrepayDetails } from '../../ports.ts';
import type { StoredRecord } from '../../record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { closableAtOf, closeAtOf, firstDueAt, reversalAtOf, reversibleAtOf } from '../../timing.ts';
import type { Appid, AuthCode, Openid, OutTradeNo, Reference } from '../../values/ids.ts';
import type { Fen } from '../../values/money.ts';
import { dayMs, hourMs, type Instant, minuteMs, plus, wholeSecond } from '../../values/time.ts';
import { isCodePayment, isWaiting, type Order, type OrderTerms, type TradeType } from './order.ts';

/** What a merchant asks for; checked at the edge for shape and length. */
export type NewOrder = {
  readonly out_trade_no: OutTradeNo;
  readonly trade_type: TradeType;
  readonly description: string;
  readonly amountFen: Fen;
  readonly appid?: Appid;
  readonly openid?: Openid;
  /** Of a MICROPAY order, and of no other; not kept. */
  readonly auth_code?: AuthCode;
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
 * renewal is identical. Fails with the name of the field that the account or the time rules out:
 * `trade_type` when it is a code payment, and the account has no credentials for APIv2.
 */
export function newOrderRecord(
  order: NewOrder,
  account: Account,
  now: Instant,
): Result<StoredRecord, 'appid' | 'time_expire' | 'trade_type'> {
  const appid = order.appid ?? account.appids[0];
  if (!account.appids.includes(appid)) {
    return fail('appid');
  }
  if (order.trade_type === 'MICROPAY' && account.credentials.v2 === undefined) {
    return fail('trade_type');
  }
  const read =
    order.trade_type === 'MICROPAY' ? atTheTill(order, now) : byLink(order, account, now);
  if (!read.ok) {
    return read;
  }
  const times = read.value;
  return ok({
    key: { kind: 'order', mchid: account.mchid, number: order.out_trade_no },
    account: account.name,
    status: 'CREATED',
    version: 1,
    data: {
      createdAt: now,
      ...times,
      attempts: 1,
      trade_type: order.trade_type,
      amountFen: order.amountFen,
      currency: 'CNY',
      appid,
      notify_url: order.notify_url,
      bodySha256: order.bodySha256,
      requestId: order.requestId,
      ...(order.openid !== undefined && { openid: order.openid }),
      ...(order.reference !== undefined && { reference: order.reference }),
    },
    history: [],
    historyCount: 0,
    outbox: [],
    eventCounts: {},
    dueAt: firstDueAt({ createdAt: now, ...times }),
    leases: 0,
    unknownLooks: 0,
  });
}

type Times = Pick<Order, 'closeAt'> &
  Pick<OrderTerms, 'expiresAt'> & { readonly closableAt?: Instant };

function byLink(order: NewOrder, { api }: Account, now: Instant): Result<Times, 'time_expire'> {
  const expiresAt = wholeSecond(order.expiresAt ?? plus(now, defaultLifeMs));
  return expiresAt < now + shortestLifeMs || expiresAt > now + longestLifeMs
    ? fail('time_expire')
    : ok({
        expiresAt,
        closeAt: closeAtOf(expiresAt, now),
        ...(api === 'v2' && { closableAt: closableAtOf(now) }),
      });
}

/** The payer stands there: how long is not the merchant's to choose. */
function atTheTill(order: NewOrder, now: Instant): Result<Times, 'time_expire'> {
  const closeAt = reversalAtOf(now);
  return order.expiresAt === undefined
    ? ok({ expiresAt: closeAt, closeAt, closableAt: reversibleAtOf(now) })
    : fail('time_expire');
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
  if (isCodePayment(order)) {
    // A code is charged once: a second try would hide what became of the first.
    return { type: 'answer', handOut: false };
  }
  const { linkAt } = order;
  const lifeMs = order.terms.trade_type === 'H5' ? h5LinkLifeMs : linkLifeMs;
  const isLinkFresh = order.link !== undefined && linkAt !== undefined && now < linkAt + lifeMs;
  if (isLinkFresh && now < order.terms.expiresAt) {
    return { type: 'answer', handOut: true };
  }
  return now > order.terms.expiresAt - placingFenceMs ? { type: 'expired' } : { type: 'place' };
}
