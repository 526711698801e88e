import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { RouteMatch } from './http-routes.ts';
import { isObject } from './json.ts';
import { accountId } from './places.ts';

export type HttpRequest = {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly target: string;
  /** Each value of each header, by lower-cased name. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly nowMs: number;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
};

/** The path of a target, decoded as HTTP API decodes it; undefined when it can't be. */
export function decodedPath(target: string): string | undefined {
  try {
    return decodeURIComponent(target.split('?')[0] ?? '');
  } catch {
    return undefined;
  }
}

/**
 * The event that an HTTP API makes of a request, payload format 2.0: header names lower-cased and
 * repeated headers joined with a comma, cookies apart, bodies of other than text types in base64
 * (AWS, http-api-develop-integrations-lambda).
 */
export function eventOfRequest(
  request: HttpRequest,
  { route, pathParameters }: RouteMatch,
): APIGatewayProxyEventV2 {
  const { method, target, body, sourceIp, nowMs } = request;
  const path = decodedPath(target) ?? '';
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  const { cookie, ...others } = request.headers;
  const headers = joined(others);
  const isText = isTextType(headers['content-type']);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined
      ? {}
      : { cookies: cookie.flatMap((line) => line.split(';').map((part) => part.trim())) }),
    headers: { ...headers, 'x-forwarded-for': sourceIp, 'x-forwarded-proto': 'http' },
    ...(query === '' ? {} : { queryStringParameters: joined(groupedQuery(query)) }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters: { ...pathParameters } }),
    requestContext: {
      accountId,
      apiId: 'local',
      domainName: headers['host'] ?? '',
      domainPrefix: 'local',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: '$default',
      time: new Date(nowMs).toISOString(),
      timeEpoch: nowMs,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/**
 * What an HTTP API makes of a function's answer, payload format 2.0: an object with a `statusCode` is
 * a response, anything else a 200 with itself as JSON. Undefined when it can't be sent.
 */
export function responseOfAnswer(answer: unknown): HttpResponse | undefined {
  if (!isObject(answer) || answer['statusCode'] === undefined) {
    return jsonResponse(200, answer);
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded } = answer;
  const status = Number(statusCode);
  const isWellFormed =
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    isObject(headers) &&
    Array.isArray(cookies) &&
    typeof body === 'string';
  if (!isWellFormed) {
    return undefined;
  }
  const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const named: Record<string, string> = Object.fromEntries(given);
  return {
    status,
    headers: {
      ...(bytes.length === 0 ? {} : { 'content-type': 'text/plain;charset=utf-8' }),
      ...named,
      ...(cookies.length === 0 ? {} : { 'set-cookie': cookies.map(String) }),
    },
    body: bytes,
  };
}

export function jsonResponse(status: number, value: unknown): HttpResponse {
  const body = Buffer.from(JSON.stringify(value) ?? 'null');
  return { status, headers: { 'content-type': 'application/json' }, body };
}

const textTypes = /^(text\/.+|application\/(.+\+)?(json|xml)|application\/javascript)$/;

function isTextType(contentType: string | undefined): boolean {
  return textTypes.test(contentType?.split(';')[0]?.trim().toLowerCase() ?? '');
}

function joined(
  values: Readonly<Record<string, readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, (list ?? []).join(',')]),
  );
}

function groupedQuery(query: string): Readonly<Record<string, readonly string[]>> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}
