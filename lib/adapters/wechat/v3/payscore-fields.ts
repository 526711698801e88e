import type { WechatWord } from '#core/payscore/evidence.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { type Fields, fieldsOf, isObject, isText } from '#core/values/json.ts';
import { type Instant, parseBeijingDigits } from '#core/values/time.ts';
import { instantIn } from './answers.ts';

const numberFields = new Set([
  'total_amount',
  'paid_amount',
  'plan_detail_no',
  'seq',
  'actual_price',
]);

/**
 * Fields as WeChat's own samples print them: what is absent may be empty text (or null), and a number may be
 * decimal text.
 */
export function fieldsIn(source: unknown): Fields {
  if (!isObject(source)) {
    return fieldsOf(source);
  }
  const present = Object.entries(source).filter(([, value]) => !isAbsent(value));
  return fieldsOf(
    Object.fromEntries(
      present.map(([name, value]) => [name, numberFields.has(name) ? numberIn(value) : value]),
    ),
  );
}

/** Not there, or as WeChat's samples print what is not there. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** The number that a decimal text stands for; any other value as it is. */
function numberIn(value: unknown): unknown {
  return isText(value) && /^(?:0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
}

/** A time in either of WeChat's two formats; undefined when it is absent or cannot be read. */
export function timeIn(value: unknown): Instant | undefined {
  const digits = isText(value) ? parseBeijingDigits(value) : undefined;
  return digits?.ok ? digits.value : instantIn(value);
}

/** Every entry as it was read, or what is wrong with the first one that cannot be. */
export function allOf<Entry>(
  list: readonly unknown[],
  read: (entry: unknown) => Result<Entry>,
): Result<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const entry of list) {
    const one = read(entry);
    if (!one.ok) {
      return fail(one.error);
    }
    entries.push(one.value);
  }
  return ok(entries);
}

/** A state as WeChat spells them, listed or not. */
export function isWord(value: unknown): value is WechatWord {
  return isText(value) && /^[0-9A-Z_]{1,64}$/.test(value);
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
