import type { ErrorCode } from './errors.ts';

/** Why a merchant's request was not done. */
export type Refusal = {
  readonly code: ErrorCode;
  /** JSON pointer to the field at fault, where one is. */
  readonly pointer?: string;
  /** WeChat's own code, where WeChat refused. */
  readonly wechatCode?: string;
};

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export function refuse(
  code: ErrorCode,
  details: Omit<Refusal, 'code'> = {},
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, ...details } };
}
