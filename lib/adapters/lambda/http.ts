import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export type HttpEvent = APIGatewayProxyEventV2;
export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/**
 * The body exactly as it arrived: HTTP API hands text over as UTF-8 and everything else as base64
 * (payload format 2.0). Undefined when it is larger than `limitBytes`.
 */
export function rawBody(event: HttpEvent, limitBytes: number): Buffer | undefined {
  const body = event.body ?? '';
  // Four base64 characters hold three bytes: too long a text is not decoded at all.
  if (body.length > Math.ceil(limitBytes / 3) * 4 + 4) {
    return undefined;
  }
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  return bytes.length > limitBytes ? undefined : bytes;
}

/** A path parameter, decoded; undefined when it is missing or not valid percent-encoding. */
export function pathParameter(event: HttpEvent, name: string): string | undefined {
  const value = event.pathParameters?.[name];
  if (value === undefined) {
    return undefined;
  }
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

export function jsonAnswer(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
