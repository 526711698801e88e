import type { FieldProblem } from '#adapters/lambda/problem.ts';
import type { ErrorCode } from '#core/errors.ts';
import type { JsonObject } from '#core/values/json.ts';
import {
  type ApiOperation,
  commonCodes,
  type GoodAnswer,
  type NumberName,
} from './api-operation.ts';
import {
  furtherExamples,
  problemCodes,
  problemExample,
  problemSchemaName,
  refusalExample,
  statusOf,
} from './problems.ts';
import { refTo } from './request-schemas.ts';

const gatewayMessages: Readonly<Record<string, string>> = {
  400: 'Bad Request',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const meanings: Readonly<Record<string, string>> = {
  400: 'The request breaks a rule.',
  401: 'The token is missing or not valid.',
  403: 'The token lacks the scope.',
  404: 'There is no such thing, or not for you.',
  405: 'Another method was used on this path; `Allow` names those that it knows.',
  409: 'It conflicts with what is there.',
  413: 'The body is too large.',
  422: 'WeChat refused it.',
  429: 'Too many requests at once: come back later.',
  500: 'Something failed on our side.',
  503: 'Something is out of reach at the moment: repeat the same request.',
};

/** Of these one example is enough. */
const exampleOf: Readonly<Record<string, readonly ErrorCode[]>> = {
  404: [
    'account_unknown',
    'order_unknown',
    'refund_unknown',
    'plan_unknown',
    'sign_plan_unknown',
    'service_order_unknown',
  ],
  500: ['record_undecodable'],
  503: ['store_unavailable', 'wechat_unavailable'],
};

/** Answers that are the same for each operation, by their names in `components`. */
const sharedNames: Readonly<Record<string, string>> = {
  401: 'TokenInvalid',
  403: 'ScopeMissing',
  405: 'MethodNotAllowed',
  429: 'TooManyRequests',
};

export function sharedResponses(): JsonObject {
  return Object.fromEntries(
    Object.entries(sharedNames).map(([status, name]) => [
      name,
      problemResponse(
        status,
        commonCodes.filter((code) => statusOf(code) === Number(status)),
      ),
    ]),
  );
}

export const responseHeaders: JsonObject = {
  CacheControl: {
    description: 'Nobody may keep it.',
    schema: { type: 'string', const: 'no-store' },
  },
  Allow: {
    description: 'The methods of this path.',
    schema: { type: 'string' },
    example: 'GET, PUT',
  },
  RetryAfter: {
    description: 'Seconds to wait.',
    schema: { type: 'integer', minimum: 1 },
    example: 2,
  },
  WwwAuthenticate: {
    description: 'What is asked for.',
    schema: { type: 'string', const: 'Bearer' },
  },
};

/** Every answer of an operation, by its status. */
export function responsesOf(operation: ApiOperation): JsonObject {
  const codes = problemCodes.filter(
    (code) => commonCodes.includes(code) || operation.codes.includes(code),
  );
  const statuses = new Set([
    ...codes.map((code) => String(statusOf(code))),
    ...Object.keys(gatewayMessages),
  ]);
  const problems = [...statuses].sort().map((status) => {
    const name = sharedNames[status];
    const own = codes.filter((code) => String(statusOf(code)) === status);
    const response = problemResponse(status, own, operation);
    return [status, name === undefined ? response : { $ref: `#/components/responses/${name}` }];
  });
  const good = Object.entries(operation.answers).map(([status, answer]) => [
    status,
    goodResponse(answer),
  ]);
  return Object.fromEntries([...good, ...problems]);
}

function goodResponse({ description, schemas, examples }: GoodAnswer): JsonObject {
  const refs = schemas.map((name) => ({ $ref: refTo(name) }));
  return {
    description,
    headers: { 'Cache-Control': headerRef('CacheControl') },
    content: {
      'application/json': {
        schema: refs.length === 1 ? (refs[0] ?? {}) : { oneOf: refs },
        examples: Object.fromEntries(
          Object.entries(examples).map(([name, value]) => [name, { value }]),
        ),
      },
    },
  };
}

function problemResponse(
  status: string,
  codes: readonly ErrorCode[],
  operation?: ApiOperation,
): JsonObject {
  const message = gatewayMessages[status];
  return {
    description: meanings[status] ?? '',
    ...(codes.length > 0 && { headers: headersOf(status) }),
    content: {
      ...(codes.length > 0 && {
        'application/problem+json': {
          schema: problemSchemaOf(codes),
          examples: Object.fromEntries(
            codes
              .filter((code) => exampleOf[status]?.includes(code) ?? true)
              .flatMap((code) => [
                [code, { value: exampleFor(code, operation) }],
                ...furtherOf(code, operation),
              ]),
          ),
        },
      }),
      ...(message !== undefined && {
        'application/json': {
          schema: { $ref: refTo('GatewayMessage') },
          example: { message },
        },
      }),
    },
  };
}

/** What a till is refused with is nothing for the others. */
function furtherOf(code: ErrorCode, operation: ApiOperation | undefined) {
  const further = operation?.tag === 'Orders' ? furtherExamples[code] : undefined;
  return Object.entries(further ?? {}).map(
    ([name, more]) => [name, { value: problemExample(code, more).body }] as const,
  );
}

/** Where there is no body, only the number can be wrong. */
function exampleFor(code: ErrorCode, operation: ApiOperation | undefined): JsonObject {
  const pointer = operation?.pointers?.[code];
  if (pointer !== undefined) {
    return refusalExample(code, pointer);
  }
  const { wechatCode } = operation ?? {};
  if (code === 'wechat_refused' && wechatCode !== undefined) {
    return problemExample(code, { wechatCode }).body;
  }
  if (code !== 'request_invalid' || operation === undefined) {
    return problemExample(code).body;
  }
  const errors = [operation.body?.fault ?? numberFaults[operation.number]];
  return problemExample(code, { errors }).body;
}

const ofPayscore = 'must be 1 to 32 of 0-9 A-Z a-z _ - *';
const ofRefund = 'must be 1 to 64 of 0-9 A-Z a-z _ - | * @';

const numberFaults: Readonly<Record<NumberName, FieldProblem>> = {
  OutTradeNo: { pointer: '/out_trade_no', detail: 'must be 6 to 32 of 0-9 A-Z a-z _ - | *' },
  OutRefundNo: { pointer: '/out_refund_no', detail: ofRefund },
  NewOutRefundNo: { pointer: '/out_refund_no', detail: ofRefund },
  MerchantPlanNo: { pointer: '/merchant_plan_no', detail: ofPayscore },
  MerchantSignPlanNo: { pointer: '/merchant_sign_plan_no', detail: ofPayscore },
  OutOrderNo: { pointer: '/out_order_no', detail: ofPayscore },
};

function problemSchemaOf(codes: readonly ErrorCode[]): JsonObject {
  const refs = codes.map((code) => refTo(problemSchemaName(code)));
  const [only] = refs;
  return refs.length === 1 && only !== undefined
    ? { $ref: only }
    : {
        oneOf: refs.map(($ref) => ({ $ref })),
        discriminator: {
          propertyName: 'code',
          mapping: Object.fromEntries(codes.map((code, index) => [code, refs[index] ?? ''])),
        },
      };
}

function headersOf(status: string): JsonObject {
  return {
    'Cache-Control': headerRef('CacheControl'),
    ...(status === '401' && { 'WWW-Authenticate': headerRef('WwwAuthenticate') }),
    ...(status === '405' && { Allow: headerRef('Allow') }),
    ...(status === '503' && { 'Retry-After': headerRef('RetryAfter') }),
  };
}

function headerRef(name: string): JsonObject {
  return { $ref: `#/components/headers/${name}` };
}
