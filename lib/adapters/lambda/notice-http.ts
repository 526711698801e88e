import { type ErrorCode, isAppError } from '#core/errors.ts';
import type { NoticeProblem, RawNotice } from '#core/notices.ts';
import { type HttpAnswer, type HttpEvent, jsonAnswer, rawBody } from './http.ts';

/**
 * What WeChat is answered (4012791861): 204 once the hint is durable and it need not send again, else
 * 4xx or 5xx with `{"code":"FAIL"}`. The messages are a closed list; nothing of an error goes out.
 */
export const acceptedAnswer: HttpAnswer = { statusCode: 204 };

const refusals: Readonly<
  Record<NoticeProblem | 'account_unknown' | 'too_large', readonly [number, string]>
> = {
  too_large: [413, 'body too large'],
  account_unknown: [404, 'unknown account'],
  header_missing: [400, 'signature header missing'],
  header_doubled: [400, 'signature header repeated'],
  unknown_serial: [401, 'unknown serial'],
  clock: [401, 'timestamp too far off'],
  signature: [401, 'signature does not match'],
  probe: [401, 'signature does not match'],
  body: [400, 'body is not a notification'],
  ciphertext: [400, 'resource does not open'],
  mchid: [403, 'foreign mchid'],
};

export function refusedAnswer(reason: keyof typeof refusals): HttpAnswer {
  const [status, message] = refusals[reason];
  return jsonAnswer(status, { code: 'FAIL', message });
}

/** Something of ours failed: WeChat must send again. */
export function failedAnswer(): HttpAnswer {
  return jsonAnswer(500, { code: 'FAIL', message: 'try again later' });
}

export function failureCodeOf(error: unknown): ErrorCode {
  return isAppError(error) ? error.code : 'internal';
}

/** The callback as it came, or undefined when its body is larger than `limitBytes`. */
export function rawNoticeOf(event: HttpEvent, limitBytes: number): RawNotice | undefined {
  const body = rawBody(event, limitBytes);
  if (body === undefined) {
    return undefined;
  }
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(headers), body };
}
