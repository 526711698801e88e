import { z } from 'zod';
import { isObject, type Json, type JsonObject, parseObject } from '#core/values/json.ts';
import { answerSchemas } from './answer-schemas.ts';
import type { ApiOperation } from './api-operation.ts';
import { eventSchemas } from './event-schemas.ts';
import { patterns } from './limits.ts';
import { operations } from './operations.ts';
import { problemSchemas } from './problems.ts';
import { introduction, refreshWords } from './prose.ts';
import { refTo, requestSchemas } from './request-schemas.ts';
import { responseHeaders, responsesOf, sharedResponses } from './responses.ts';
import type { Sources } from './sources.ts';
import { webhookHeaders, webhooksOf } from './webhooks.ts';

/** The merchant API as OpenAPI 3.1. */
export function documentOf(sources: Sources): JsonObject {
  return {
    openapi: '3.1.1',
    info: { title: 'wechatpay-serverless', version: sources.version, description: introduction },
    servers: [
      {
        url: 'https://{api}',
        description: 'Your stack.',
        variables: {
          api: {
            default: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
            description: 'The output `ApiUrl` of the stack.',
          },
        },
      },
      {
        url: 'http://127.0.0.1:8780',
        description: 'The stack on this machine, as npm start starts it.',
      },
    ],
    tags: [
      { name: 'Orders', description: 'What a payer is to pay.' },
      { name: 'Refunds', description: 'What goes back.' },
      {
        name: 'PayScore',
        description:
          'A plan of services that a user signs once, and that WeChat charges one by one. `docs/payscore.md` tells it as a story.',
      },
      { name: 'Events', description: 'What you are told.' },
    ],
    paths: pathsOf(operations),
    webhooks: webhooksOf(sources),
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'RS256, PS256, ES256 or EdDSA. The words beside it in an operation are the `scope` that it asks for.',
        },
      },
      parameters: { ...pathParameters, ...webhookHeaders },
      headers: responseHeaders,
      responses: sharedResponses(),
      schemas: {
        ...requestSchemas(),
        ...componentsOf({ ...answerSchemas, ...eventSchemas, ...problemSchemas(sources.problems) }),
      },
    },
  };
}

function pathsOf(all: readonly ApiOperation[]): JsonObject {
  const paths = [...new Set(all.map(({ path }) => path))];
  return Object.fromEntries(
    paths.map((path) => [
      path,
      Object.fromEntries(
        all
          .filter((operation) => operation.path === path)
          .map((operation) => [operation.method, operationOf(operation)]),
      ),
    ]),
  );
}

function operationOf(operation: ApiOperation): JsonObject {
  const { id, tag, summary, description, scope, number, isRefreshing, body } = operation;
  const parameters = ['Account', number, ...(isRefreshing === true ? ['Refresh'] : [])];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description} Scope: \`${scope}\`.`,
    security: [{ bearer: [scope] }],
    parameters: parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: refTo(body.schema) },
            examples: Object.fromEntries(
              Object.entries(body.examples).map(([name, value]) => [name, { value }]),
            ),
          },
        },
      },
    }),
    responses: responsesOf(operation),
  };
}

const payscoreNo = '1 to 32 of `0-9 A-Z a-z _ - *`';

const pathParameters: JsonObject = {
  Account: inPath('account', "The account's name.", patterns.accountName, 'dev'),
  OutTradeNo: inPath(
    'out_trade_no',
    "The order's number, yours: 6 to 32 of `0-9 A-Z a-z _ - | *`.",
    patterns.outTradeNo,
    'A-1001',
  ),
  OutRefundNo: inPath(
    'out_refund_no',
    "The refund's number, yours: 1 to 64 of `0-9 A-Z a-z _ - | * @`.",
    patterns.outRefundNo,
    'R-1001',
  ),
  NewOutRefundNo: inPath(
    'out_refund_no',
    "The refund's number, yours: 6 to 64 of `0-9 A-Z a-z _ - | * @`. Numbers that begin with `back-` are reserved for automatic refunds.",
    patterns.newOutRefundNo,
    'R-1001',
  ),
  MerchantPlanNo: inPath(
    'merchant_plan_no',
    `The plan's number, yours: ${payscoreNo}.`,
    patterns.payscoreNo,
    'lessons-2026',
  ),
  MerchantSignPlanNo: inPath(
    'merchant_sign_plan_no',
    `The sign plan's number, yours: ${payscoreNo}.`,
    patterns.payscoreNo,
    'sign-1001',
  ),
  OutOrderNo: inPath(
    'out_order_no',
    `The service order's number, that of its detail: ${payscoreNo}.`,
    patterns.payscoreNo,
    'lesson-1001-1',
  ),
  Refresh: {
    name: 'refresh',
    in: 'query',
    required: false,
    description: refreshWords,
    schema: { type: 'boolean', default: false },
    example: true,
  },
};

function inPath(name: string, description: string, pattern: string, example: string): JsonObject {
  return {
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', pattern },
    example,
  };
}

/** Schemas of ours as components. They stay open: later releases may add fields. */
function componentsOf(schemas: Readonly<Record<string, z.ZodType>>): JsonObject {
  const named = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) {
    named.add(schema, { id });
  }
  const made = parseObject(JSON.stringify(z.toJSONSchema(named, { io: 'input', uri: refTo })));
  const components = made.ok ? made.value['schemas'] : undefined;
  if (!isObject(components)) {
    throw new Error('The schemas are no JSON object.');
  }
  return Object.fromEntries(
    Object.entries(components).map(([id, schema]) => [id, withoutNames(schema)]),
  );
}

/** A component is named by its place. */
function withoutNames(schema: Json): Json {
  if (!isObject(schema)) {
    return schema;
  }
  const { $schema: _, $id: __, ...rest } = schema;
  return rest;
}
