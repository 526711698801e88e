import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { tradeTypes } from '#core/subjects/order/order.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { isAppid, isOpenid, isReference } from '#core/values/ids.ts';
import { parseObject } from '#core/values/json.ts';
import { isFen } from '#core/values/money.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import { type Instant, parseRfc3339 } from '#core/values/time.ts';
import type { FieldProblem } from './problem.ts';

const highestTotalFen = 2_147_483_647;
/** WeChat takes characters of up to three UTF-8 bytes only (4012081709). */
const beyondThreeBytes = /[\u{10000}-\u{10ffff}]/u;
/** U+FFFD is what is left of bytes that were no UTF-8 once the gateway made text of them. */
const control = /[\p{Cc}\u{fffd}]/u;
const isPlain = (text: string): boolean =>
  !beyondThreeBytes.test(text) && !control.test(text) && text.isWellFormed();

const instantText = z.string().transform((text, context): Instant => {
  const parsed = parseRfc3339(text);
  if (!parsed.ok) {
    context.addIssue({ code: 'custom', message: 'rfc3339' });
    return z.NEVER;
  }
  return parsed.value;
});

/** The body of `PUT /v1/{account}/orders/{out_trade_no}`; the limits are WeChat's (4012791856). */
const orderRequest = z
  .strictObject({
    trade_type: z.enum(tradeTypes),
    description: z.string().min(1).max(127).refine(isPlain),
    amount: z.strictObject({
      total: z.int().min(1).max(highestTotalFen).refine(isFen),
      currency: z.literal('CNY'),
    }),
    payer: z.strictObject({ openid: z.string().refine(isOpenid) }).optional(),
    appid: z.string().refine(isAppid).optional(),
    time_expire: instantText.optional(),
    attach: z.string().min(1).max(128).refine(isPlain).optional(),
    reference: z.string().refine(isReference).optional(),
  })
  .refine((body) => (body.trade_type === 'JSAPI') === (body.payer !== undefined), {
    path: ['payer'],
    message: 'payer',
  });

/** A new order as a merchant asks for it, without what the path and the deployment add. */
export type OrderRequest = Omit<NewOrder, 'out_trade_no' | 'notify_url' | 'requestId'>;

export type ReadOrder =
  | { readonly ok: true; readonly value: OrderRequest }
  | { readonly ok: false; readonly errors: readonly FieldProblem[] };

const mostProblems = 20;

/** Reads a request's body; every field at fault is named. The body's hash is over the bytes as received. */
export function readOrderRequest(body: Uint8Array): ReadOrder {
  const parsed = parseObject(isUtf8(body) ? Buffer.from(body).toString('utf8') : '');
  if (!parsed.ok) {
    return { ok: false, errors: [{ pointer: '', detail: 'must be a JSON object' }] };
  }
  const read = orderRequest.safeParse(parsed.value);
  if (!read.success) {
    const problems = read.error.issues.flatMap(problemsOf);
    const isFirst = ({ pointer }: FieldProblem, index: number): boolean =>
      problems.findIndex((other) => other.pointer === pointer) === index;
    return { ok: false, errors: problems.filter(isFirst).slice(0, mostProblems) };
  }
  const { amount, payer, time_expire, description, trade_type, attach, ...rest } = read.data;
  return {
    ok: true,
    value: withoutUndefined({
      ...rest,
      trade_type,
      description,
      attach,
      amountFen: amount.total,
      openid: payer?.openid,
      expiresAt: time_expire,
      bodySha256: createHash('sha256').update(body).digest('base64url'),
    }),
  };
}

/** What a caller reads for each kind of fault: a closed list, nothing that they sent. */
const details: Readonly<Record<string, string>> = {
  invalid_type: 'is missing or has the wrong type',
  invalid_value: 'is not one of the allowed values',
  too_small: 'is too small or too short',
  too_big: 'is too large or too long',
  unrecognized_keys: 'is not a field of this request',
  rfc3339: 'must be a time with zone as in RFC 3339',
  payer: 'must be given for JSAPI and only for JSAPI',
};

function problemsOf(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const pointer = pointerOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const detail = details['unrecognized_keys'] ?? '';
    return issue.keys.map((key) => ({ pointer: `${pointer}${pointerOf([key])}`, detail }));
  }
  const detail =
    (issue.code === 'custom' ? details[issue.message] : details[issue.code]) ??
    'is not well-formed';
  return [{ pointer, detail }];
}

function pointerOf(path: readonly PropertyKey[]): string {
  const escaped = (part: PropertyKey): string =>
    String(part).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
  return path.map((part) => `/${escaped(part)}`).join('');
}
