import type { Account } from './account.ts';
import type { Hint, UnhandledNotice } from './messages.ts';
import type { Kind, SubjectKey } from './record.ts';
import { fail, ok, type Result } from './result.ts';
import { isMerchantSignPlanNo, isOutOrderNo, isOutRefundNo, isOutTradeNo } from './values/ids.ts';
import type { Json, JsonObject } from './values/json.ts';
import type { Instant } from './values/time.ts';

/** A callback exactly as it arrived. Header names are lower case; a repeated one is joined with commas. */
export type RawNotice = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/**
 * A notice that was signed by WeChat, recently, and opened with the account's key. One of APIv2 has no
 * clock, and one about a refund no signature: a hint all the same.
 */
export type Notice = {
  readonly id: string;
  readonly event_type: string;
  readonly createdAt: Instant;
  /** The decrypted resource. */
  readonly resource: JsonObject;
};

/**
 * Why a notice is refused. `probe` is WeChat's own test that we do verify (4013071196): it fails like
 * any bad signature and is only counted apart.
 */
export const noticeProblems = [
  'header_missing',
  'header_doubled',
  'clock',
  'unknown_serial',
  'signature',
  'probe',
  'body',
  'ciphertext',
  'mchid',
] as const;
export type NoticeProblem = (typeof noticeProblems)[number];

const maxNumberLength = 64;

/**
 * The message that an opened notice becomes: a hint about the order or the refund it names, or, for every
 * kind of notice we do not handle, a note to keep and announce. Refused when it is about another merchant.
 */
export function messageOf(
  notice: Notice,
  account: Account,
): Result<Hint | UnhandledNotice, 'mchid' | 'body'> {
  // A combined payment has the same event name and names its merchant otherwise (4013421231).
  const mchid = notice.resource['mchid'] ?? notice.resource['combine_mchid'];
  const named = subjectOf(notice);
  if (mchid !== account.mchid && (named !== undefined || mchid !== undefined)) {
    return fail('mchid');
  }
  if (named !== undefined) {
    const { kind, number, says } = named;
    return ok({
      type: 'hint',
      account: account.name,
      subject: { kind, mchid: account.mchid, number },
      reason: 'notice',
      ...(typeof says === 'string' && { says: says.slice(0, 32) }),
    });
  }
  if (notice.id.length > maxNumberLength) {
    return fail('body');
  }
  return ok({
    type: 'unhandled-notice',
    account: account.name,
    subject: { kind: 'notice', mchid: account.mchid, number: notice.id },
    event_type: notice.event_type,
    createdAt: notice.createdAt,
  });
}

type Named = Pick<SubjectKey, 'kind' | 'number'> & { readonly says: Json | undefined };

function subjectOf({ event_type, resource }: Notice): Named | undefined {
  const { out_trade_no, out_refund_no, combine_out_trade_no } = resource;
  if (refundEvents.has(event_type)) {
    // The notice calls it otherwise than the query (4013071196).
    const says = resource['refund_status'];
    return isOutRefundNo(out_refund_no)
      ? { kind: 'refund', number: out_refund_no, says }
      : undefined;
  }
  const payscore = payscoreEvents.get(event_type);
  if (payscore !== undefined) {
    const { kind, numbered, isNumber, says } = payscore;
    const number = resource[numbered];
    return isNumber(number) ? { kind, number, says } : undefined;
  }
  const isPayment = event_type === 'TRANSACTION.SUCCESS' && combine_out_trade_no === undefined;
  return isPayment && isOutTradeNo(out_trade_no)
    ? { kind: 'order', number: out_trade_no, says: resource['trade_state'] }
    : undefined;
}

const refundEvents: ReadonlySet<string> = new Set([
  'REFUND.SUCCESS',
  'REFUND.ABNORMAL',
  'REFUND.CLOSED',
]);

type PayscoreNotice = {
  readonly kind: Kind;
  readonly numbered: string;
  readonly isNumber: (value: unknown) => value is string;
  readonly says: string;
};

/**
 * What a PayScore notice says is read from its name: the states inside have been seen to contradict it
 * (4012286193, 4012286184).
 */
const payscoreEvents: ReadonlyMap<string, PayscoreNotice> = new Map([
  ['PAYSCORE.USER_SIGN_PLAN', signPlanNotice('SIGNED')],
  ['PAYSCORE.USER_CANCEL_SIGN_PLAN', signPlanNotice('SIGN_PLAN_CANCEL')],
  ['PAYSCORE.USER_CONFIRM', serviceOrderNotice('DOING')],
  ['PAYSCORE.USER_PAID', serviceOrderNotice('DONE')],
]);

function signPlanNotice(says: string): PayscoreNotice {
  const numbered = 'merchant_sign_plan_no';
  return { kind: 'sign-plan', numbered, isNumber: isMerchantSignPlanNo, says };
}

function serviceOrderNotice(says: string): PayscoreNotice {
  return { kind: 'service-order', numbered: 'out_order_no', isNumber: isOutOrderNo, says };
}

/** States after which what an earlier notice said no longer matters. REFUND says that it was paid, too. */
const statesBeyond: Readonly<Record<Kind, readonly string[]>> = {
  order: ['REFUND'],
  refund: ['SUCCESS', 'CLOSED'],
  plan: ['STOP'],
  'sign-plan': ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE'],
  // REVOKED is not beyond paid: a charge may still have gone through.
  'service-order': ['DONE', 'EXPIRED'],
  notice: [],
};

/** Whether a notice said what our query does not say, yet. */
export function isNoticeAhead(kind: Kind, says: string | undefined, answer: string): boolean {
  return says !== undefined && says !== answer && !statesBeyond[kind].includes(answer);
}
