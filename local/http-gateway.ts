import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { clearTimeout as clearRealTimeout, setTimeout as setRealTimeout } from 'node:timers';
import type { RoutePlan } from './deployment.ts';
import type { Invocation } from './environment.ts';
import { readBody } from './http-body.ts';
import {
  decodedPath,
  eventOfRequest,
  type HttpResponse,
  jsonResponse,
  responseOfAnswer,
} from './http-event.ts';
import { matchRoute } from './http-routes.ts';
import { closeServer, listenOnLoopback } from './listen.ts';

export type HttpGateway = {
  readonly origin: string;
  /** Until then every request is answered 404. */
  readonly serve: (routes: readonly RoutePlan[], invoke: Invoke) => void;
  readonly stop: () => Promise<void>;
};

export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;

/** Bounds of HTTP APIs: body, request line and headers, and the wait for a function in real time. */
const bodyLimitBytes = 10 * 1024 * 1024;
const headLimitBytes = 10_240;
const waitLimitMs = 30_000;
/** Lambda takes no larger event. */
const eventLimitBytes = 6 * 1024 * 1024;

/** Takes requests and hands them to functions as an HTTP API with payload format 2.0 does. */
export async function startHttpGateway(preferredPort?: number): Promise<HttpGateway> {
  let routes: readonly RoutePlan[] = [];
  let invoke: Invoke = () => Promise.reject(new Error('Nothing is served yet'));
  const server = createServer({ maxHeaderSize: headLimitBytes }, (request, response) => {
    answer(request, routes, invoke)
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  });
  const origin = await listenOnLoopback(server, preferredPort);
  return {
    origin,
    serve: (given, handler) => {
      routes = given;
      invoke = handler;
    },
    stop: () => closeServer(server),
  };
}

async function answer(
  request: IncomingMessage,
  routes: readonly RoutePlan[],
  invoke: Invoke,
): Promise<HttpResponse> {
  const { method = '', url: target = '/' } = request;
  const body = await readBody(request, bodyLimitBytes);
  if (body === undefined) {
    const { status, headers, body: text } = problem(413, 'Request Entity Too Large');
    return { status, headers: { ...headers, connection: 'close' }, body: text };
  }
  const path = decodedPath(target);
  if (path === undefined) {
    return problem(400, 'Bad Request');
  }
  const match = matchRoute(routes, method, path);
  if (match === undefined) {
    return problem(404, 'Not Found');
  }
  const event = eventOfRequest(
    {
      method,
      target,
      headers: request.headersDistinct,
      body,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      nowMs: Date.now(),
    },
    match,
  );
  if (Buffer.byteLength(JSON.stringify(event)) > eventLimitBytes) {
    return problem(413, 'Request Entity Too Large');
  }
  const invocation = await withinLimit(invoke(match.route.functionName, event));
  if (invocation === undefined) {
    return problem(503, 'Service Unavailable');
  }
  const response = invocation.ok ? responseOfAnswer(invocation.payload) : undefined;
  return response ?? problem(500, 'Internal Server Error');
}

async function withinLimit(invocation: Promise<Invocation>): Promise<Invocation | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setRealTimeout(() => resolve(undefined), waitLimitMs);
  const result = await Promise.race([invocation, late]);
  clearRealTimeout(timer);
  return result;
}

function problem(status: number, message: string): HttpResponse {
  return jsonResponse(status, { message });
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, value);
  }
  response.statusCode = status;
  response.end(status === 204 ? undefined : body);
}
