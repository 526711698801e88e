import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import { readBody } from './http-body.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import { closeServer, listenOnLoopback } from './listen.ts';

/** One call of an AWS API, as it passes through a gate. */
export type GateCall = {
  /** The access key id it is signed with: the name of the function, or who else calls. */
  readonly caller: string;
  /** Which execution environment of the function calls; nobody else has one. */
  readonly environment?: string;
  /** E.g. `SendMessage`. */
  readonly action: string;
  readonly body: JsonObject;
};

/**
 * - `pass`: nothing happens to it.
 * - `drop`: the caller's connection breaks, the call never arrives.
 * - `drop-answer`: the call is carried out, then the connection breaks.
 * - `afterwards`: the call is carried out, then this happens, then the connection breaks.
 * - a refusal: the call never arrives, the caller gets this error.
 */
export type Verdict =
  | 'pass'
  | 'drop'
  | 'drop-answer'
  | { readonly afterwards: () => unknown }
  | { readonly status: number; readonly code: string };

/** Undefined leaves the call to the next rule. A rule that waits holds the call. */
export type GateRule = (call: GateCall) => Verdict | undefined | Promise<Verdict | undefined>;

export type Gate = {
  readonly origin: string;
  /** The newest rule is asked first. Answers the function that removes it. */
  readonly addRule: (rule: GateRule) => () => void;
  /** Calls so far, by `<caller> <action>`. */
  readonly counts: () => ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
};

const bodyLimitBytes = 16 * 1024 * 1024;

/** Stands in front of an emulator: knows who calls what, and can hold, refuse or lose a call. */
export async function startGate(target: string, preferredPort?: number): Promise<Gate> {
  const agent = new Agent({ keepAlive: true });
  const rules: GateRule[] = [];
  const counts = new Map<string, number>();
  const underWay = new Set<Promise<Reply>>();
  const judge = async (call: GateCall): Promise<Verdict> => {
    const key = `${call.caller} ${call.action}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const rule of rules.toReversed()) {
      const verdict = await rule(call);
      if (verdict !== undefined) {
        return verdict;
      }
    }
    return 'pass';
  };
  const server = createServer((request, response) => {
    pass({ request, response, judge, target, agent, underWay }).catch(() => response.destroy());
  });
  const origin = await listenOnLoopback(server, preferredPort);
  return {
    origin,
    addRule: (rule) => {
      rules.push(rule);
      return () => {
        const index = rules.indexOf(rule);
        if (index >= 0) {
          rules.splice(index, 1);
        }
      };
    },
    counts: () => new Map(counts),
    stop: async () => {
      await closeServer(server);
      // The emulator behind must not be closed in the middle of a call.
      await Promise.allSettled(underWay);
      agent.destroy();
    },
  };
}

type Refusal = Extract<Verdict, { readonly status: number }>;

function isRefusal(verdict: Verdict): verdict is Refusal {
  return typeof verdict === 'object' && 'status' in verdict;
}

type Passage = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly judge: (call: GateCall) => Promise<Verdict>;
  readonly target: string;
  readonly agent: Agent;
  readonly underWay: Set<Promise<Reply>>;
};

type Reply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

async function pass(passage: Passage): Promise<void> {
  const { request, response, judge } = passage;
  const body = await readBody(request, bodyLimitBytes);
  if (body === undefined) {
    response.writeHead(413, { Connection: 'close' }).end();
    return;
  }
  const environment = environmentOf(request);
  const verdict = await judge({
    caller: callerOf(request),
    ...(environment !== undefined && { environment }),
    action: actionOf(request),
    body: parseJsonObject(body.toString('utf8')) ?? {},
  });
  if (verdict === 'drop') {
    response.destroy();
  } else if (isRefusal(verdict)) {
    const { status, code } = verdict;
    const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
    response.writeHead(status, { 'Content-Type': type, 'x-amzn-ErrorType': code });
    response.end(JSON.stringify({ __type: code, message: `The gate answered ${code}` }));
  } else {
    await forward(passage, body, verdict);
  }
}

async function forward(
  passage: Passage,
  body: Buffer,
  verdict: Exclude<Verdict, Refusal | 'drop'>,
): Promise<void> {
  const { response, underWay } = passage;
  const exchanging = exchange(passage, body);
  underWay.add(exchanging);
  const reply = await exchanging.finally(() => underWay.delete(exchanging));
  if (verdict === 'pass') {
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
    return;
  }
  if (verdict !== 'drop-answer') {
    await verdict.afterwards();
  }
  response.destroy();
}

async function exchange(
  { request, response, target, agent }: Passage,
  body: Buffer,
): Promise<Reply> {
  const { 'transfer-encoding': _chunks, ...headers } = request.headers;
  const onward = openRequest(new URL(request.url ?? '/', target), {
    method: request.method ?? 'POST',
    headers: { ...headers, host: new URL(target).host, 'content-length': body.length },
    agent,
  });
  if (actionOf(request) === 'ReceiveMessage') {
    // A caller that is gone must not keep its place in a long poll. Any other call that was sent arrives.
    response.once('close', () => onward.destroy());
  }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    onward.once('response', resolve);
    onward.once('error', reject);
    onward.end(body);
  });
  const answerBody = (await readBody(answer, Number.POSITIVE_INFINITY)) ?? Buffer.alloc(0);
  const { 'transfer-encoding': _chunked, ...answerHeaders } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: answerHeaders, body: answerBody };
}

function callerOf(request: IncomingMessage): string {
  return /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'unknown';
}

/** An environment is known by its session token; other callers have none. */
function environmentOf(request: IncomingMessage): string | undefined {
  return [request.headers['x-amz-security-token'] ?? []].flat()[0];
}

function actionOf(request: IncomingMessage): string {
  const [target] = [request.headers['x-amz-target'] ?? []].flat();
  return target?.split('.').at(-1) ?? `${request.method} ${request.url}`;
}
