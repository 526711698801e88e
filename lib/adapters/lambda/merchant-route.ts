import type { Method, Route } from '@middy/http-router';
import type { Context } from 'aws-lambda';
import type { Account } from '#core/account.ts';
import type { Accounts } from '#core/ports.ts';
import { maySee, type Principal, type Scope } from '#core/principal.ts';
import type { Answer } from '#core/refusal.ts';
import { isAccountName } from '#core/values/ids.ts';
import { type HttpAnswer, type HttpEvent, jsonAnswer, pathParameter, rawBody } from './http.ts';
import type { PathNumber } from './path-number.ts';
import { problemAnswer, problemOfRefusal } from './problem.ts';
import type { Read } from './request-reading.ts';

/** A job's result with the status it is answered with. */
export type Shown = { readonly statusCode: number; readonly body: object };

/** What every route asks for before its own job. */
export type Gate = {
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
  readonly accounts: Accounts;
  readonly bodyLimitBytes: number;
};

export type ApiRoute = Route<HttpEvent, HttpAnswer>;

/** One request, and how our logs name it. */
export type Asked = { readonly event: HttpEvent; readonly requestId: string };
type Subject<N> = { readonly account: Account; readonly number: N };
/** What a route does once the caller, the account and the number are known to be right. */
export type Handle<N, J> = (jobs: J, subject: Subject<N>, asked: Asked) => Promise<HttpAnswer>;

/**
 * Makes routes. Each request is authenticated first, then its scope checked, then its account looked up: an
 * account of another tenant answers as one that does not exist. Only then is anything of the request read.
 */
export function routesOn<J extends Gate>(jobs: J) {
  return <N>(path: string, number: PathNumber<N>) =>
    (method: Method, scope: Scope, handle: Handle<N, J>): ApiRoute => ({
      method,
      path,
      handler: (event: HttpEvent, { awsRequestId: requestId }: Context) =>
        answerRoute(jobs, { scope, number, handle }, { event, requestId }),
    });
}

async function answerRoute<N, J extends Gate>(
  jobs: J,
  route: {
    readonly scope: Scope;
    readonly number: PathNumber<N>;
    readonly handle: Handle<N, J>;
  },
  asked: Asked,
): Promise<HttpAnswer> {
  const { event, requestId } = asked;
  const principal = await jobs.authenticate(event.headers['authorization']);
  if (!principal.scopes.has(route.scope)) {
    return problemAnswer('scope_missing', { requestId });
  }
  const accountName = pathParameter(event, 'account');
  const account = isAccountName(accountName) ? await jobs.accounts.get(accountName) : undefined;
  if (account === undefined || !maySee(principal, account)) {
    return problemAnswer('account_unknown', { requestId });
  }
  const { name, read } = route.number;
  const number = read(pathParameter(event, name));
  if (!number.ok) {
    const errors = [{ pointer: `/${name}`, detail: number.error }];
    return problemAnswer('request_invalid', { requestId, errors });
  }
  return route.handle(jobs, { account, number: number.value }, asked);
}

/** Reads the body of a request and does what it asks for; a body that is not right is answered here. */
export async function answerBody<T>(
  { bodyLimitBytes }: Gate,
  asked: Asked,
  read: (body: Uint8Array) => Read<T>,
  act: (request: T) => Promise<Answer<Shown>>,
): Promise<HttpAnswer> {
  const { event, requestId } = asked;
  const body = rawBody(event, bodyLimitBytes);
  if (body === undefined) {
    return problemAnswer('body_too_large', { requestId });
  }
  const request = read(body);
  return request.ok
    ? show(await act(request.value), asked)
    : problemAnswer('request_invalid', { requestId, errors: request.errors });
}

/** WeChat is asked first for `refresh=true`, and for nothing else. */
export function isRefresh({ event }: Asked): boolean {
  return event.queryStringParameters?.['refresh'] === 'true';
}

export function show(answer: Answer<Shown>, { requestId }: Asked): HttpAnswer {
  return answer.ok
    ? jsonAnswer(answer.value.statusCode, answer.value.body)
    : problemOfRefusal(answer.refusal, requestId);
}
