import type { Account } from './account.ts';
import type { Hint, UnhandledNotice } from './messages.ts';
import { fail, ok, type Result } from './result.ts';
import { isOutTradeNo } from './values/ids.ts';
import type { JsonObject } from './values/json.ts';
import type { Instant } from './values/time.ts';

/** A callback exactly as it arrived. Header names are lower case; a repeated one is joined with commas. */
export type RawNotice = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/** A notice that was signed by WeChat, recently, and opened with the account's key. */
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
 * The message that an opened notice becomes: a hint about the order it names, or, for every kind of
 * notice we do not handle, a note to keep and announce. Refused when it is about another merchant.
 */
export function messageOf(
  notice: Notice,
  account: Account,
): Result<Hint | UnhandledNotice, 'mchid' | 'body'> {
  const { out_trade_no, trade_state, combine_mchid, combine_out_trade_no } = notice.resource;
  // A combined payment has the same event name and names its merchant otherwise (4013421231).
  const mchid = notice.resource['mchid'] ?? combine_mchid;
  const isSingle =
    notice.event_type === 'TRANSACTION.SUCCESS' && combine_out_trade_no === undefined;
  const isPayment = isSingle && isOutTradeNo(out_trade_no);
  if (mchid !== account.mchid && (isPayment || mchid !== undefined)) {
    return fail('mchid');
  }
  if (isPayment) {
    return ok({
      type: 'hint',
      account: account.name,
      subject: { kind: 'order', mchid: account.mchid, number: out_trade_no },
      reason: 'notice',
      ...(typeof trade_state === 'string' && { says: trade_state.slice(0, 32) }),
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
