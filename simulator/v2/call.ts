import { type FieldRules, findViolation } from '../field-rules.ts';
import type { MerchantAccount } from '../merchant-account.ts';
import type { V2Operation } from '../routes.ts';
import type { SignType } from './signing.ts';
import type { Fields } from './xml.ts';

/** What an authenticated merchant asks for through APIv2. */
export type V2Call = {
  readonly operation: V2Operation;
  readonly account: MerchantAccount;
  readonly appid: string;
  /** How the call was signed; its answer is too. */
  readonly signType: SignType;
  /** Every field that is not empty, the unknown ones too. */
  readonly fields: Fields;
  /** Answer a query as if the payment had not happened, or the refund not ended, yet. */
  readonly stale: boolean;
};

/** Why a call was refused: in `return_msg` when nothing can be signed, else in `err_code` and `err_code_des`. */
export type V2Refusal = { readonly code: string; readonly message: string };

export type V2Reply =
  | { readonly ok: true; readonly values: V2Values }
  | { readonly ok: false; readonly refusal: V2Refusal };

/** What an answer says beside the fields that all have; undefined ones are left out. */
export type V2Values = Readonly<Record<string, string | number | undefined>>;

export const v2Done = (values: V2Values): V2Reply => ({ ok: true, values });

export const v2Refuse = (
  code: string,
  message: string,
): { readonly ok: false; readonly refusal: V2Refusal } => ({
  ok: false,
  refusal: { code, message },
});

type Checked =
  | { readonly ok: true; readonly given: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly refusal: V2Refusal };

const COMMON: FieldRules = {
  nonce_str: { kind: 'string', required: true, maxLength: 32 },
};

/** Only these three calls list the code. */
const BY_TRANSACTION_ID: readonly V2Operation[] = ['v2-reverse', 'v2-refund', 'v2-refundquery'];

/** The fields that the rules know, checked: LACK_PARAMS, PARAM_ERROR or INVALID_TRANSACTIONID. A field that they don't know is let be. */
export const checkFields = (call: V2Call, rules: FieldRules): Checked => {
  const all = { ...COMMON, ...rules };
  const given = Object.fromEntries([...call.fields].filter(([name]) => Object.hasOwn(all, name)));
  const violation = findViolation(all, given, '');
  if (violation === undefined) return { ok: true, given };
  const name = violation.field.slice(1);
  const message = `${name}: ${violation.issue}`;
  if (!Object.hasOwn(given, name)) return v2Refuse('LACK_PARAMS', message);
  return name === 'transaction_id' && BY_TRANSACTION_ID.includes(call.operation)
    ? v2Refuse('INVALID_TRANSACTIONID', message)
    : v2Refuse('PARAM_ERROR', message);
};

const OF_ONE_CALL: readonly string[] = ['nonce_str', 'sign'];

/** One text for all parameters that two calls must share to be the same. */
export const fingerprintOf = (fields: Fields, ...apart: readonly string[]): string => {
  const left = [...fields].filter(([name]) => ![...OF_ONE_CALL, ...apart].includes(name));
  return `v2 ${JSON.stringify(left.sort(([one], [other]) => (one < other ? -1 : 1)))}`;
};
