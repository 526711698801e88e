import { type FieldsOf, isListOf, isShape, isText, optional } from './check.ts';
import { type FieldProblem, isApiErrorCode, WechatpayError } from './errors.ts';
import type { JsonObject } from './json.ts';

/** Problem details (RFC 9457) as the API answers them. */
type Problem = {
  readonly code: string;
  readonly title: string;
  readonly instance?: string;
  readonly wechat_code?: string;
  readonly errors?: readonly FieldProblem[];
};

const problem: FieldsOf<Problem> = {
  code: isText,
  title: isText,
  instance: optional(isText),
  wechat_code: optional(isText),
  errors: optional(isListOf(isShape<FieldProblem>({ pointer: isText, detail: isText }))),
};
const isProblem = isShape(problem);
const requestPrefix = 'urn:request:';

/** The error that an answer outside 2xx stands for; `call` names the request in its message. */
export function errorOfAnswer(
  call: string,
  status: number,
  body: JsonObject | undefined,
): WechatpayError {
  if (!isProblem(body) || !isApiErrorCode(body.code)) {
    return unexpectedAnswer(call, status);
  }
  const { code, title, instance, wechat_code, errors } = body;
  return new WechatpayError(code, `${call}: ${code} (${status}). ${title}`, {
    status,
    ...(errors !== undefined && { errors }),
    ...(wechat_code !== undefined && { wechatCode: wechat_code }),
    ...(instance?.startsWith(requestPrefix) && { requestId: instance.slice(requestPrefix.length) }),
  });
}

/** Something else answered, or a release of the API that this one does not understand. */
export function unexpectedAnswer(call: string, status: number): WechatpayError {
  const message = `${call}: an answer ${status} that is not one of the API.`;
  return new WechatpayError('answer_unexpected', message, { status });
}
