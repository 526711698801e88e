import type { FieldRule, FieldRules, StringRule } from '../field-rules.ts';

const INTEGER_MAX = 2_147_483_647;

/** Fen; 0 is allowed. */
export const FEN: FieldRule = { kind: 'integer', min: 0, max: INTEGER_MAX };

/** How many: 1 at least. */
export const COUNT: FieldRule = { kind: 'integer', min: 1, max: INTEGER_MAX };

/** A merchant's own number of a plan, a sign plan or one of its details: the last is the number of a service order. */
export const MERCHANT_NO: StringRule = {
  kind: 'string',
  maxLength: 32,
  pattern: /^[0-9A-Za-z_\-*]+$/,
};

/** A text of at most so many characters. */
export const textOf = (maxLength: number): StringRule => ({ kind: 'string', maxLength });

/** The same field, which must be there. */
export const required = <R extends FieldRule>(rule: R): R & { readonly required: true } => ({
  ...rule,
  required: true,
});

/** What every call says about the caller. */
export const CALLER: FieldRules = {
  service_id: required(textOf(32)),
  appid: required(textOf(32)),
};

export const OPENID = textOf(128);

export type CallerFields = { readonly service_id: string; readonly appid: string };
