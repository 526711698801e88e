import { hash } from 'node:crypto';
import type { Account, V2Credentials } from '#core/account.ts';
import type { Notice } from '#core/notices.ts';
import type { NoticeReader } from '#core/ports.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { openRefundNotice } from './refund-notice.ts';
import { isSignedBy } from './signing.ts';
import { fenIn, textIn } from './values.ts';
import { type Fields, readXml } from './xml.ts';

/** What a notice tells, under APIv3's names, and WeChat's number of it where it has one. */
type Told = Pick<Notice, 'event_type' | 'resource'> & { readonly number: string | undefined };

/**
 * Reads APIv2 notices in a fixed order: size, XML, `return_code`, then the signature and whose it is. The
 * notice of a refund has no signature: whose it is, then decryption. The first thing that is wrong is the
 * problem it answers. Without a clock in them they can be replayed, and a refund's put together anew: they are
 * hints, and no amount or state in them is used for more than how soon to look again.
 */
export function createNoticeReader(): NoticeReader {
  return {
    read: (account, { body }, now) => {
      const fields = readXml(body);
      // With FAIL nothing is signed, so nothing is WeChat's.
      if (fields === undefined || fields.get('return_code') !== 'SUCCESS') {
        return fail('body');
      }
      const credentials = account.credentials.v2;
      if (credentials === undefined) {
        return fail('unknown_serial');
      }
      const req_info = textIn(fields, 'req_info');
      const told =
        req_info === undefined
          ? readSigned(account, credentials, fields)
          : readRefund(account, credentials, fields, req_info);
      if (!told.ok) {
        return told;
      }
      const { event_type, resource, number } = told.value;
      return ok({ id: number ?? idOf(fields), event_type, createdAt: now, resource });
    },
  };
}

/** A payment where it names an order; whatever else is signed, such as a contract, is of a kind of its own. */
function readSigned(
  account: Account,
  credentials: V2Credentials,
  fields: Fields,
): Result<Told, 'signature' | 'mchid' | 'body'> {
  if (!isSignedBy(fields, credentials)) {
    return fail('signature');
  }
  const { mchid } = account;
  const out_trade_no = textIn(fields, 'out_trade_no');
  const isPayment = out_trade_no !== undefined;
  if (!isOurs(account, fields, isPayment)) {
    return fail('mchid');
  }
  if (!isPayment) {
    return ok({ event_type: 'V2.UNKNOWN', resource: { mchid }, number: undefined });
  }
  if (!isFenOrAbsent(fields, 'total_fee')) {
    return fail('body');
  }
  const trade_state = textIn(fields, 'trade_state') ?? 'SUCCESS';
  const isSuccess = fields.get('result_code') === 'SUCCESS';
  return ok({
    event_type: 'TRANSACTION.SUCCESS',
    resource: isSuccess ? { mchid, out_trade_no, trade_state } : { mchid, out_trade_no },
    number: numberIn(fields, 'transaction_id'),
  });
}

function readRefund(
  account: Account,
  credentials: V2Credentials,
  fields: Fields,
  req_info: string,
): Result<Told, 'mchid' | 'ciphertext' | 'body'> {
  if (!isOurs(account, fields, true)) {
    return fail('mchid');
  }
  const opened = openRefundNotice(credentials, req_info);
  if (!opened.ok) {
    return opened;
  }
  const refund = opened.value;
  if (!isFenOrAbsent(refund, 'refund_fee') || !isFenOrAbsent(refund, 'total_fee')) {
    return fail('body');
  }
  const out_refund_no = textIn(refund, 'out_refund_no');
  const refund_status = refundStates.get(refund.get('refund_status') ?? '');
  return ok({
    // A status that nobody knows says nothing, but somebody should look.
    event_type: `REFUND.${refund_status ?? 'ABNORMAL'}`,
    resource: {
      mchid: account.mchid,
      ...(out_refund_no !== undefined && { out_refund_no }),
      ...(refund_status !== undefined && { refund_status }),
    },
    number: numberIn(refund, 'refund_id'),
  });
}

/** WeChat's `refund_status`, and what APIv3 and our evidence call it. */
const refundStates: ReadonlyMap<string, string> = new Map([
  ['SUCCESS', 'SUCCESS'],
  ['CHANGE', 'ABNORMAL'],
  ['REFUNDCLOSE', 'CLOSED'],
]);

/** Of this merchant and one of its apps. The notice of a contract names no app. */
function isOurs({ mchid, appids }: Account, fields: Fields, namesApp: boolean): boolean {
  const named = textIn(fields, 'appid');
  return (
    fields.get('mch_id') === mchid &&
    (named === undefined ? !namesApp : appids.some((appid) => appid === named))
  );
}

/** A total that is no plain number of fen is none of WeChat's: whoever signed it has our key, not our trust. */
function isFenOrAbsent(fields: Fields, name: string): boolean {
  return textIn(fields, name) === undefined || fenIn(fields, name) !== undefined;
}

function numberIn(fields: Fields, name: string): string | undefined {
  const text = fields.get(name) ?? '';
  return /^[0-9A-Za-z]{1,32}$/.test(text) ? text : undefined;
}

/** APIv2 gives a notice no id. The same however often it is sent, though each send may be signed anew. */
function idOf(fields: Fields): string {
  const told = [...fields].filter(([name]) => name !== 'nonce_str' && name !== 'sign').sort();
  return `V2-${hash('sha256', JSON.stringify(told), 'base64url')}`;
}
