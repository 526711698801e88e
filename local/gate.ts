import {
  Agent,
  createServer,
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
  /** E.g. `SendMessage`. */
  readonly action: string;
  readonly body: JsonObject;
};

/**
 * - `pass`: nothing happens to it.
 * - `drop`: the caller's connection breaks, the call never arrives.
 * - `drop-answer`: the call is carried out, then the connection breaks.
 * - a refusal: the call never arrives, the caller gets this error.
 */
export type Verdict =
  | 'pass'
  | 'drop'
  | 'drop-answer'
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
    pass({ request, response, judge, target, agent }).catch(() => response.destroy());
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
      agent.destroy();
    },
  };
}

type Passage = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly judge: (call: GateCall) => Promise<Verdict>;
  readonly target: string;
  readonly agent: Agent;
};

async function pass(passage: Passage): Promise<void> {
  const { request, response, judge } = passage;
  const body = await readBody(request, bodyLimitBytes);
  if (body === undefined) {
    response.writeHead(413, { Connection: 'close' }).end();
    return;
  }
  const verdict = await judge({
    caller: callerOf(request),
    action: actionOf(request),
    body: parseJsonObject(body.toString('utf8')) ?? {},
  });
  if (verdict === 'drop') {
    response.destroy();
  } else if (typeof verdict === 'object') {
    const { status, code } = verdict;
    const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
    response.writeHead(status, { 'Content-Type': type, 'x-amzn-ErrorType': code });
    response.end(JSON.stringify({ __type: code, message: `The gate answered ${code}` }));
  } else {
    await forward(passage, body, verdict);
  }
}

async function forward(
  { request, response, target, agent }: Passage,
  body: Buffer,
  verdict: 'pass' | 'drop-answer',
): Promise<void> {
  const { 'transfer-encoding': _chunks, ...headers } = request.headers;
  const onward = openRequest(new URL(request.url ?? '/', target), {
    method: request.method ?? 'POST',
    headers: { ...headers, host: new URL(target).host, 'content-length': body.length },
    agent,
  });
  // A caller that is gone, perhaps killed, must not keep its place in a long poll.
  response.once('close', () => onward.destroy());
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    onward.once('response', resolve);
    onward.once('error', reject);
    onward.end(body);
  });
  const answerBody = (await readBody(answer, Number.POSITIVE_INFINITY)) ?? Buffer.alloc(0);
  if (verdict === 'drop-answer') {
    response.destroy();
    return;
  }
  const { 'transfer-encoding': _chunked, ...answerHeaders } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, answerHeaders);
  response.end(answerBody);
}

function callerOf(request: IncomingMessage): string {
  return /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'unknown';
}

function actionOf(request: IncomingMessage): string {
  const [target] = [request.headers['x-amz-target'] ?? []].flat();
  return target?.split('.').at(-1) ?? `${request.method} ${request.url}`;
}
