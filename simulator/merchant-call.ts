import { findViolation, type StringRule } from './field-rules.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import type { MerchantAccount } from './merchant-account.ts';
import { invalidRequest, paramError, type Refusal } from './refusals.ts';
import type { V3Operation } from './routes.ts';

/** What an authenticated merchant asks for. */
export type MerchantCall = {
  readonly operation: V3Operation;
  readonly account: MerchantAccount;
  /** The path parameter as on the wire. */
  readonly number: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Answer a query as if the payment had not happened, or the refund not ended, yet. */
  readonly stale: boolean;
};

/** `body` undefined: 204 without a body. */
export type Reply =
  | { readonly ok: true; readonly body: JsonObject | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

export const refuse = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal,
});

export const done = (body: JsonObject | undefined): Reply => ({ ok: true, body });

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** The call's body as a JSON object. */
export const readBody = (call: MerchantCall): Read<JsonObject> => {
  if (!/^application\/json\s*(;|$)/i.test(call.contentType)) {
    return refuse(invalidRequest('Content-Type must be application/json'));
  }
  const parsed = parseJsonObject(call.body);
  return parsed.ok ? parsed : refuse(paramError('/body', parsed.issue));
};

/** The number in the call's path, decoded; refused under its field's name. */
export const readNumber = (call: MerchantCall, name: string, rule: StringRule): Read<string> => {
  const value = decodePathPart(call.number);
  if (value === undefined) return refuse(paramError('/path', 'not percent-encoded UTF-8'));
  const violation = findViolation({ [name]: rule }, { [name]: value }, '/path');
  return violation === undefined
    ? { ok: true, value }
    : refuse(paramError(violation.field, violation.issue));
};

const decodePathPart = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
