import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { isObject, type JsonObject, parseJsonObject } from './json.ts';
import { closeServer, listenOnLoopback } from './listen.ts';

/** One attempt as it arrived. */
export type Attempt = {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the CloudEvents message. */
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: JsonObject;
  /** What it was answered. */
  readonly answer: WebhookAnswer;
  /** In the stack's time. */
  readonly receivedAtMs: number;
};

/** A status, or a connection that breaks without one. */
export type WebhookAnswer = number | 'break';

export type WebhookReceiver = {
  readonly url: string;
  /** In the order in which they came, repeats included. */
  readonly attempts: () => readonly Attempt[];
  /** What was answered 2xx. */
  readonly taken: () => readonly Attempt[];
  /** Decides from now on; 204 until then. */
  readonly answerWith: (answer: (attempt: Omit<Attempt, 'answer'>) => WebhookAnswer) => void;
  readonly stop: () => Promise<void>;
};

/** Stands for the merchant's endpoint: remembers each attempt and answers as it is told. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const attempts: Attempt[] = [];
  let decide: (attempt: Omit<Attempt, 'answer'>) => WebhookAnswer = () => 204;
  const server = createServer(async (request, response) => {
    const seen = attemptOf(request.headers, await textOf(request));
    const answer = decide(seen);
    attempts.push({ ...seen, answer });
    if (answer === 'break') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer).end();
  });
  const origin = await listenOnLoopback(server);
  return {
    url: `${origin}/events`,
    attempts: () => [...attempts],
    taken: () => attempts.filter(({ answer }) => isTaken(answer)),
    answerWith: (answer) => {
      decide = answer;
    },
    stop: () => closeServer(server),
  };
}

function isTaken(answer: WebhookAnswer): boolean {
  return answer !== 'break' && answer >= 200 && answer < 300;
}

function attemptOf(headers: IncomingHttpHeaders, body: string): Omit<Attempt, 'answer'> {
  const event = parseJsonObject(body) ?? {};
  const text = (name: string): string => String(event[name] ?? '');
  const { data } = event;
  return {
    headers,
    body,
    id: text('id'),
    type: text('type'),
    subject: text('subject'),
    data: isObject(data) ? data : {},
    receivedAtMs: Date.now(),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
