import type { Account, V2Credentials } from '#core/account.ts';
import type { Appid } from '#core/values/ids.ts';
import { createNonce } from '../stamp.ts';
import { secureContextOf } from './certificate.ts';
import { faultIn } from './return-messages.ts';
import { isSignedBy, signatureOf } from './signing.ts';
import type { Transport, TransportAnswer } from './transport.ts';
import { textIn } from './values.ts';
import { type Fields, readXml, writeXml } from './xml.ts';

/** One call: where to, and what it says. */
export type Call = {
  readonly target: string;
  /** The account's first one where absent. */
  readonly appid?: Appid;
  /** A field without a value is left out. */
  readonly fields: Readonly<Record<string, string | undefined>>;
};

/**
 * What a call brought.
 * - `success`: signed by WeChat, with result SUCCESS. - `failure`: signed too, with its `err_code`.
 * - `fault`: unsigned, and our account or request is at fault. - `unknown`: no answer, or one that is not
 * WeChat's; it may have been carried out. - `unsent`: the account has no credentials that can be used.
 */
export type CallAnswer =
  | { readonly type: 'success'; readonly fields: Fields }
  | { readonly type: 'failure'; readonly code: string; readonly fields: Fields }
  | { readonly type: 'fault'; readonly code: string }
  | { readonly type: 'unknown'; readonly code: string }
  | { readonly type: 'unsent'; readonly code: 'KEY_INVALID' };

export type Client = {
  call(account: Account, call: Call): Promise<CallAnswer>;
};

export type ClientOptions = { readonly transport: Transport; readonly userAgent: string };

const failureCodes = { timeout: 'TIMEOUT', network: 'NETWORK', 'too-large': 'TOO_LARGE' } as const;

const malformed = { type: 'unknown', code: 'MALFORMED' } as const;
const unsent = { type: 'unsent', code: 'KEY_INVALID' } as const;

/**
 * Signs each call once, sends it, and believes an answer only when WeChat signed it for this merchant
 * (4011985891). Calls below `/secapi/` show the merchant's certificate, no other call does.
 */
export function createClient({ transport, userAgent }: ClientOptions): Client {
  if (!/^[\x20-\x7e]{1,256}$/.test(userAgent)) {
    throw new TypeError('The user agent must be printable text.');
  }
  const headers = { 'content-type': 'text/xml; charset=utf-8', 'user-agent': userAgent };
  return {
    call: async (account, call) => {
      const credentials = account.credentials.v2;
      const isCertified = call.target.startsWith('/secapi/');
      const secureContext = isCertified ? secureContextOf(account) : undefined;
      if (credentials === undefined || (isCertified && secureContext === undefined)) {
        return unsent;
      }
      const body = bodyOf(account, credentials, call);
      const request = { method: 'POST', target: call.target, headers, body } as const;
      const answer = await transport.send(request, secureContext);
      return readAnswer(account, credentials, answer);
    },
  };
}

/**
 * The default way to sign goes without saying, another is named and so is signed itself. White space around
 * a value is cut: some trim it before they check a signature and some do not.
 */
function bodyOf(account: Account, { apiKey, signType }: V2Credentials, call: Call): string {
  const given = Object.entries({
    appid: call.appid ?? account.appids[0],
    mch_id: account.mchid,
    nonce_str: createNonce(),
    sign_type: signType === 'MD5' ? undefined : signType,
    ...call.fields,
  });
  const fields = new Map<string, string>();
  for (const [name, value = ''] of given) {
    const text = value.trim();
    if (text !== '') {
      fields.set(name, text);
    }
  }
  return writeXml(fields.set('sign', signatureOf(fields, apiKey, signType)));
}

/** In the order in which an answer may be believed: transport, communication, signature, identity, result. */
function readAnswer(
  account: Account,
  credentials: V2Credentials,
  answer: TransportAnswer,
): CallAnswer {
  if (answer.type === 'failure') {
    return { type: 'unknown', code: failureCodes[answer.failure] };
  }
  if (answer.status !== 200) {
    return { type: 'unknown', code: `HTTP_${answer.status}` };
  }
  const fields = readXml(answer.body);
  const return_code = fields?.get('return_code');
  if (fields === undefined || (return_code !== 'SUCCESS' && return_code !== 'FAIL')) {
    return malformed;
  }
  if (return_code === 'FAIL') {
    const code = faultIn(fields.get('return_msg'));
    return code === undefined ? { type: 'unknown', code: 'RETURN_FAIL' } : { type: 'fault', code };
  }
  return readSigned(account, credentials, fields);
}

function readSigned(account: Account, credentials: V2Credentials, fields: Fields): CallAnswer {
  if (!isSignedBy(fields, credentials)) {
    return { type: 'unknown', code: textIn(fields, 'sign') ? 'BAD_SIGNATURE' : 'UNSIGNED' };
  }
  const isOurs =
    account.appids.some((appid) => appid === fields.get('appid')) &&
    fields.get('mch_id') === account.mchid;
  if (!isOurs) {
    return { type: 'unknown', code: 'OTHER_MERCHANT' };
  }
  switch (fields.get('result_code')) {
    case 'SUCCESS':
      return { type: 'success', fields };
    case 'FAIL': {
      const code = fields.get('err_code') ?? '';
      return /^[A-Z0-9_]{1,48}$/.test(code) ? { type: 'failure', code, fields } : malformed;
    }
    default:
      return malformed;
  }
}
