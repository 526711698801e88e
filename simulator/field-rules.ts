import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { paramError, type Refusal } from './refusals.ts';

type Required = { readonly required?: true };
export type StringRule = Required & {
  readonly kind: 'string';
  /** Characters; 1 when absent: an empty string is not the same as an absent field. */
  readonly minLength?: number;
  readonly maxLength: number;
  /** UTF-8 bytes; no limit of its own when absent. */
  readonly maxBytes?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
};
export type FieldRule =
  | StringRule
  | (Required & { readonly kind: 'integer'; readonly min: number; readonly max: number })
  | (Required & { readonly kind: 'boolean' })
  | (Required & { readonly kind: 'object'; readonly fields: FieldRules })
  | (Required & { readonly kind: 'list'; readonly maxItems: number; readonly of: FieldRule });
export type FieldRules = { readonly [name: string]: FieldRule };

/** The first broken rule: `field` is a JSON pointer below the given root. */
type Violation = { readonly field: string; readonly issue: string };

const UNKNOWN_FIELD = 'this field is not known here';
const UNKNOWN_FIELD_NUMBER = 270924358;

/** The PARAM_ERROR for a body that breaks the rules, an unknown field under its own number (document 4020634199); undefined when all is well. */
export const fieldRefusal = (rules: FieldRules, body: JsonObject): Refusal | undefined => {
  const violation = findViolation(rules, body, '/body');
  if (violation === undefined) return undefined;
  const number = violation.issue === UNKNOWN_FIELD ? UNKNOWN_FIELD_NUMBER : undefined;
  return paramError(violation.field, violation.issue, number);
};

/** Checks names, types and lengths; an unknown name and a `null` are violations. */
export const findViolation = (
  rules: FieldRules,
  value: JsonObject,
  root: string,
): Violation | undefined => {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    return { field: `${root}/${unknown}`, issue: UNKNOWN_FIELD };
  }
  for (const [name, rule] of Object.entries(rules)) {
    const violation = memberViolation(rule, value[name], `${root}/${name}`);
    if (violation !== undefined) return violation;
  }
  return undefined;
};

const memberViolation = (
  rule: FieldRule,
  value: JsonValue | undefined,
  field: string,
): Violation | undefined => {
  if (value === undefined) {
    return rule.required ? { field, issue: 'this field is required' } : undefined;
  }
  return valueViolation(rule, value, field);
};

const valueViolation = (
  rule: FieldRule,
  value: JsonValue,
  field: string,
): Violation | undefined => {
  switch (rule.kind) {
    case 'string': {
      const issue = typeof value === 'string' ? stringIssue(rule, value) : 'must be a string';
      return issue === undefined ? undefined : { field, issue };
    }
    case 'integer': {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
        return { field, issue: 'must be an integer' };
      }
      if (value < rule.min) return { field, issue: `below minimum ${rule.min}` };
      return value > rule.max ? { field, issue: `above maximum ${rule.max}` } : undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { field, issue: 'must be true or false' };
    case 'object':
      if (!isJsonObject(value)) return { field, issue: 'must be an object' };
      return findViolation(rule.fields, value, field);
    case 'list':
      return listViolation(rule, value, field);
  }
};

const ASTRAL = /[\u{10000}-\u{10ffff}]/u;

const stringIssue = (rule: StringRule, text: string): string | undefined => {
  if (!text.isWellFormed() || ASTRAL.test(text)) {
    return 'only characters of up to three UTF-8 bytes are allowed';
  }
  const minLength = rule.minLength ?? 1;
  if (text.length < minLength) return `shorter than ${minLength} characters`;
  if (text.length > rule.maxLength) return `longer than ${rule.maxLength} characters`;
  if (rule.maxBytes !== undefined && Buffer.byteLength(text, 'utf8') > rule.maxBytes) {
    return `longer than ${rule.maxBytes} bytes`;
  }
  if (rule.oneOf !== undefined && !rule.oneOf.includes(text)) {
    return `must be one of ${rule.oneOf.join(', ')}`;
  }
  if (rule.pattern !== undefined && !rule.pattern.test(text)) return 'has a character not allowed';
  return undefined;
};

const listViolation = (
  rule: Extract<FieldRule, { kind: 'list' }>,
  value: JsonValue,
  field: string,
): Violation | undefined => {
  if (!Array.isArray(value)) return { field, issue: 'must be a list' };
  if (value.length > rule.maxItems) return { field, issue: `more than ${rule.maxItems} items` };
  for (const [index, item] of value.entries()) {
    const violation = valueViolation(rule.of, item, `${field}/${index}`);
    if (violation !== undefined) return violation;
  }
  return undefined;
};
