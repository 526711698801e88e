import type { Context } from 'aws-lambda';
import { type ErrorCode, isAppError } from '#core/errors.ts';
import type { NoticeProblem, RawNotice } from '#core/notices.ts';
import type { Result } from '#core/result.ts';
import type { Telemetry } from '#core/telemetry.ts';
import { type AccountName, isAccountName } from '#core/values/ids.ts';
import { type HttpAnswer, type HttpEvent, jsonAnswer, pathParameter, rawBody } from './http.ts';
import { answering, flushing, handlerOf } from './stack.ts';

/** How a notice is written and so how it is answered: APIv3 in JSON, APIv2 in XML. */
export type NoticeFormat = 'json' | 'xml';

export type NoticeJobs = {
  /** Takes a callback for an account; ok only once its hint is durable. */
  readonly receive: (
    name: AccountName,
    raw: RawNotice,
  ) => Promise<Result<void, NoticeProblem | 'account_unknown'>>;
  readonly bodyLimitBytes: Readonly<Record<NoticeFormat, number>>;
  readonly telemetry: Telemetry & { flush(): void };
};

/**
 * `POST /notify/{account}`: WeChat's callback, answered in its own format. It hears that it need not send
 * again (204, or 200 with `SUCCESS` in XML) only once the hint is durable, else 4xx or 5xx with `FAIL`:
 * APIv3 tells failures by their status (4012791861), APIv2 by their text, and takes no other status than
 * 200 for success. The reasons are a closed list; nothing of an error goes out.
 */
export function createNoticeEndpoint(
  jobs: NoticeJobs,
): (event: HttpEvent, context: Context) => Promise<HttpAnswer> {
  const { telemetry } = jobs;
  return handlerOf(
    (event: HttpEvent) => answerNotice(jobs, event),
    flushing(telemetry),
    answering((error: unknown, event: HttpEvent): HttpAnswer => {
      telemetry.log('error', 'notice not received', { code: failureCodeOf(error) });
      return failAnswer(formatOf(event), 500, 'try again later');
    }),
  );
}

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

async function answerNotice(
  { receive, bodyLimitBytes, telemetry }: NoticeJobs,
  event: HttpEvent,
): Promise<HttpAnswer> {
  const format = formatOf(event);
  const refuse = (reason: keyof typeof refusals): HttpAnswer =>
    failAnswer(format, ...refusals[reason]);
  const name = pathParameter(event, 'account');
  if (!isAccountName(name)) {
    telemetry.count('notice_refused', 'account_unknown');
    return refuse('account_unknown');
  }
  const body = rawBody(event, bodyLimitBytes[format]);
  if (body === undefined) {
    telemetry.count('notice_refused', 'too_large');
    return refuse('too_large');
  }
  const received = await receive(name, { headers: headersOf(event), body });
  return received.ok ? acceptedAnswers[format] : refuse(received.error);
}

const peekedCharacters = 64;

/**
 * Told by the first character that is no white space, not by a header, which nobody signed: what is no XML
 * is answered as JSON. Looks at the beginning only, which is there however large the body is.
 */
function formatOf({ body = '', isBase64Encoded }: HttpEvent): NoticeFormat {
  const beginning = body.slice(0, peekedCharacters);
  const text = isBase64Encoded ? Buffer.from(beginning, 'base64').toString('latin1') : beginning;
  return /^[ \t\r\n]*</.test(text) ? 'xml' : 'json';
}

const acceptedAnswers: Readonly<Record<NoticeFormat, HttpAnswer>> = {
  json: { statusCode: 204 },
  xml: xmlAnswer(200, 'SUCCESS', 'OK'),
};

function failAnswer(format: NoticeFormat, statusCode: number, message: string): HttpAnswer {
  return format === 'xml'
    ? xmlAnswer(statusCode, 'FAIL', message)
    : jsonAnswer(statusCode, { code: 'FAIL', message });
}

/** Both texts are our own, without a character that XML would have to escape. */
function xmlAnswer(statusCode: number, return_code: string, return_msg: string): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' },
    body:
      `<xml><return_code><![CDATA[${return_code}]]></return_code>` +
      `<return_msg><![CDATA[${return_msg}]]></return_msg></xml>`,
  };
}

function failureCodeOf(error: unknown): ErrorCode {
  return isAppError(error) ? error.code : 'internal';
}

function headersOf(event: HttpEvent): RawNotice['headers'] {
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(headers);
}
