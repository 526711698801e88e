import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isObject, type JsonObject, parseObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import type { FieldProblem } from './problem.ts';

/** A request's body as read, or every field at fault in it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly FieldProblem[] };

const highestNumber = 2_147_483_647;
/** WeChat takes characters of up to three UTF-8 bytes only (4012081709). */
const beyondThreeBytes = /[\u{10000}-\u{10ffff}]/u;
/**
 * U+FFFD is what is left of bytes that were no UTF-8 once the gateway made text of them. U+FFFE and U+FFFF
 * are in no message that SQS takes (SendMessage): an event with one could never be sent.
 */
const control = /[\p{Cc}\u{fffd}-\u{ffff}]/u;
/** What WeChat takes in a text: no control characters, none of four UTF-8 bytes, no half of a surrogate pair. */
export const isPlain = (text: string): boolean =>
  !beyondThreeBytes.test(text) && !control.test(text) && text.isWellFormed();

const anyPlainText = z.string().min(1).refine(isPlain, 'plain');

/** A text of one to `maxLength` characters that WeChat takes. */
export const plainText = (maxLength: number) => anyPlainText.max(maxLength);

/** A text of one to `maxBytes` UTF-8 bytes that WeChat takes. */
export const plainBytes = (maxBytes: number) =>
  anyPlainText.refine((text) => Buffer.byteLength(text) <= maxBytes, 'too_big');

export const wholeNumber = (min: number) => z.int().min(min).max(highestNumber);
/** Money in fen. */
export const fen = (min: number) => wholeNumber(min).refine(isFen);
export const currency = z.literal('CNY');

/** What a caller reads for each kind of fault: a closed list, nothing that they sent. */
const details: Readonly<Record<string, string>> = {
  invalid_type: 'is missing or has the wrong type',
  invalid_value: 'is missing or not one of the allowed values',
  too_small: 'is too small or too short',
  too_big: 'is too large or too long',
  unrecognized_keys: 'is not a field of this request',
  plain: 'has a character that is not allowed',
  rfc3339: 'must be a time with zone as in RFC 3339',
  moment: 'must be a time with zone as in RFC 3339, or 14 digits in Beijing time',
  ip: 'must be an IPv4 or IPv6 address',
  names: 'must have names that differ',
};

const mostProblems = 20;

/**
 * Reads a request's body; every field at fault is named once, 20 of them at most. `moreProblems` finds
 * what no field shows by itself, in a body that may be of any shape.
 */
export function readRequest<T>(
  body: Uint8Array,
  request: z.ZodType<T>,
  moreProblems: (body: JsonObject) => readonly FieldProblem[] = () => [],
): Read<T> {
  const parsed = parseObject(textOf(body));
  return parsed.ok ? readObject(parsed.value, request, moreProblems(parsed.value)) : notAnObject;
}

/**
 * As `readRequest`, and each number must be written as a whole one: `100`, neither `1e2` nor `100.0`. Other
 * writings are read as no number at all, so that their field is at fault.
 */
export function readWrittenRequest<T>(body: Uint8Array, request: z.ZodType<T>): Read<T> {
  const parsed = parseWritten(textOf(body));
  return isObject(parsed) ? readObject(parsed, request, []) : notAnObject;
}

const notAnObject = {
  ok: false,
  errors: [{ pointer: '', detail: 'must be a JSON object' }],
} as const;

function textOf(body: Uint8Array): string {
  return isUtf8(body) ? Buffer.from(body).toString('utf8') : '';
}

function readObject<T>(
  body: JsonObject,
  request: z.ZodType<T>,
  more: readonly FieldProblem[],
): Read<T> {
  const read = request.safeParse(body);
  const errors = firstOfEach([...(read.error?.issues.flatMap(problemsOf) ?? []), ...more]);
  return read.success && errors.length === 0
    ? { ok: true, value: read.data }
    : { ok: false, errors };
}

const wholeNumberText = /^(?:0|-?[1-9][0-9]*)$/;

function parseWritten(text: string): unknown {
  try {
    return JSON.parse(text, (_name, value: unknown, ...[source]: readonly unknown[]) =>
      typeof value !== 'number' || isWrittenWhole(source) ? value : Number.NaN,
    );
  } catch {
    return undefined;
  }
}

/** The reviver is told how a number was written (`JSON.parse` source text access). */
function isWrittenWhole(context: unknown): boolean {
  return isObject(context) && wholeNumberText.test(String(context['source']));
}

/** Over the bytes as received, base64url: what tells a repeat from another request. */
export function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}

function firstOfEach(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  const first = new Map<string, FieldProblem>();
  for (const problem of problems) {
    if (first.size < mostProblems && !first.has(problem.pointer)) {
      first.set(problem.pointer, problem);
    }
  }
  return [...first.values()];
}

function problemsOf(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const pointer = pointerOf(issue.path);
  const kind = issue.code === 'custom' ? issue.message : issue.code;
  const detail = details[kind] ?? 'is not well-formed';
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ pointer: `${pointer}${pointerOf([key])}`, detail }))
    : [{ pointer, detail }];
}

function pointerOf(path: readonly PropertyKey[]): string {
  const escaped = (part: PropertyKey): string =>
    String(part).slice(0, 64).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
  return path.map((part) => `/${escaped(part)}`).join('');
}
