import { z } from 'zod';
import { type FieldProblem, problemAnswer, problemOfRefusal } from '#adapters/lambda/problem.ts';
import { type ErrorCode, errorCodes } from '#core/errors.ts';
import { type JsonObject, parseObject } from '#core/values/json.ts';
import { text } from './fields.ts';

/** What an answer with this code says besides the code. */
type Says = {
  readonly errors?: readonly FieldProblem[];
  readonly wechatCode?: string;
  /** Absent: it names its request. */
  readonly isWithoutRequest?: true;
};

const says: Readonly<Partial<Record<ErrorCode, Says>>> = {
  request_invalid: {
    errors: [{ pointer: '/amount/total', detail: 'is missing or has the wrong type' }],
  },
  refund_exceeds: {
    errors: [{ pointer: '/amount/refund', detail: 'is more than is left of what was paid' }],
  },
  wechat_refused: { wechatCode: 'NO_AUTH' },
  wechat_looking: { wechatCode: 'OUT_TRADE_NO_USED' },
  wechat_unavailable: { wechatCode: 'SYSTEM_ERROR' },
  route_unknown: { isWithoutRequest: true },
  method_not_allowed: { isWithoutRequest: true },
};

/** Which other codes name a field: always, or only where one is at fault. */
const namesField: Readonly<Partial<Record<ErrorCode, 'always' | 'sometimes'>>> = {
  wechat_refused: 'sometimes',
  service_unknown: 'always',
  plan_unknown: 'sometimes',
  plan_not_open: 'sometimes',
  plan_too_long: 'always',
  deductions_exceed: 'always',
  details_miscounted: 'always',
  detail_numbers_wrong: 'always',
  price_above_original: 'always',
  price_rises: 'always',
  sum_wrong: 'always',
  sign_plan_unknown: 'sometimes',
  amount_exceeds: 'always',
  amount_not_lower: 'always',
  time_range_wrong: 'always',
};

/** Other examples of a code, by their names. */
export const furtherExamples: Readonly<
  Partial<Record<ErrorCode, Readonly<Record<string, Pick<Says, 'wechatCode'>>>>>
> = {
  wechat_refused: {
    code_expired: { wechatCode: 'AUTHCODEEXPIRE' },
    not_enough: { wechatCode: 'NOTENOUGH' },
  },
};

const exampleRequest = '3f0c8a2e-5d1b-4f6a-9c3e-8a7b6c5d4e3f';

export const problemCodes = Object.keys(errorCodes).filter(
  (code): code is ErrorCode => code in errorCodes,
);

/** The answer that the API gives for a code: made by the API's own function. */
export function problemExample(
  code: ErrorCode,
  { errors = says[code]?.errors, wechatCode = says[code]?.wechatCode }: Says = {},
): { readonly status: number; readonly body: JsonObject } {
  const { isWithoutRequest } = says[code] ?? {};
  const { statusCode = 500, body } = problemAnswer(code, {
    ...(errors !== undefined && { errors }),
    ...(wechatCode !== undefined && { wechatCode }),
    ...(isWithoutRequest !== true && { requestId: exampleRequest }),
  });
  return { status: statusCode, body: problemIn(body) };
}

/** The answer that the API gives when a job refuses because of this field. */
export function refusalExample(code: ErrorCode, pointer: string): JsonObject {
  return problemIn(problemOfRefusal({ code, pointer }, exampleRequest).body);
}

function problemIn(body = ''): JsonObject {
  const read = parseObject(body);
  if (!read.ok) {
    throw new Error('The problem is no JSON object.');
  }
  return read.value;
}

export function statusOf(code: ErrorCode): number {
  return problemExample(code).status;
}

/** `order_conflict` as `OrderConflictProblem`. */
export function problemSchemaName(code: ErrorCode): string {
  const parts = code.split('_').map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`);
  return `${parts.join('')}Problem`;
}

const fieldProblems = z
  .array(
    z.object({
      pointer: text(
        'JSON pointer (RFC 6901) into the body; of a number in the path its name, as `/out_trade_no`.',
      ),
      detail: text('What is wrong there.'),
    }),
  )
  .min(1)
  .max(20)
  .meta({ description: 'The fields at fault, 20 at most.' });

/** The problem details (RFC 9457) of each code, with the meaning and the advice of `docs/errors.md`. */
export function problemSchemas(
  meanings: ReadonlyMap<string, string>,
): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    problemCodes.map((code) => [
      problemSchemaName(code),
      problemSchema(code).meta({ title: code, description: meanings.get(code) ?? '' }),
    ]),
  );
}

function problemSchema(code: ErrorCode) {
  const { type, title, status } = problemExample(code).body;
  const { errors, wechatCode, isWithoutRequest } = says[code] ?? {};
  return z.object({
    type: z.literal(String(type)),
    title: z.literal(String(title)),
    status: z.literal(Number(status)),
    code: z.literal(code),
    ...(isWithoutRequest !== true && {
      instance: z
        .string()
        .regex(/^urn:request:.+$/)
        .meta({ description: 'The request, as our logs name it.' }),
    }),
    ...(wechatCode !== undefined && {
      wechat_code: text("WeChat's own code, of the API that was asked."),
    }),
    ...(errors !== undefined && { errors: fieldProblems }),
    ...(namesField[code] === 'always' && { errors: fieldProblems }),
    ...(namesField[code] === 'sometimes' && { errors: fieldProblems.optional() }),
  });
}
