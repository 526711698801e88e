import { type FieldRule, type FieldRules, fieldRefusal } from '../field-rules.ts';
import { canonicalText, isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Refusal } from '../refusals.ts';

type Known =
  | {
      readonly ok: true;
      readonly fields: JsonObject;
      /** One text for all fields that are known, to compare a repeated call by. */
      readonly fingerprint: string;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Checks a body of PayScore; fields that are not known are let be, as if they were not there. */
export const knownFields = (rules: FieldRules, body: JsonObject): Known => {
  const fields = pickObject(rules, body);
  const refusal = fieldRefusal(rules, fields);
  return refusal === undefined
    ? { ok: true, fields, fingerprint: canonicalText(fields) }
    : { ok: false, refusal };
};

const pickObject = (rules: FieldRules, value: JsonObject): JsonObject => {
  const known = Object.entries(value).flatMap(([name, member]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    return rule === undefined ? [] : [[name, pick(rule, member)] as const];
  });
  return Object.fromEntries(known);
};

const pick = (rule: FieldRule, value: JsonValue): JsonValue => {
  if (rule.kind === 'object' && isJsonObject(value)) return pickObject(rule.fields, value);
  if (rule.kind === 'list' && Array.isArray(value)) return value.map((item) => pick(rule.of, item));
  return value;
};
