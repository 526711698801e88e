import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A bare status stands for an empty body, 0 for no answer at all; `unfinished`: the body never comes to its end. */
export type ReceiverAnswer =
  | number
  | { readonly status: number; readonly body: string; readonly unfinished?: true };

type Receiver = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Resolves when this many notices have come; rejects when they don't. */
  readonly arrived: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const DEADLINE_MS = 20_000;

/** A merchant's callback on loopback; gives the answers in turn, the last one for ever. */
export const startReceiver = async (...answers: readonly ReceiverAnswer[]): Promise<Receiver> => {
  const received: Received[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[Math.min(received.length, answers.length - 1)] ?? 204;
      received.push({
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      give(response, answer);
      for (const waiter of waiting) if (received.length >= waiter.count) waiter.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    received,
    arrived: (count) =>
      new Promise((resolve, reject) => {
        if (received.length >= count) {
          resolve();
          return;
        }
        const giveUp = () => reject(new Error(`${received.length} of ${count} notices came`));
        const deadline = setTimeout(giveUp, DEADLINE_MS);
        waiting.push({
          count,
          resolve: () => {
            clearTimeout(deadline);
            resolve();
          },
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const give = (response: ServerResponse, answer: ReceiverAnswer): void => {
  if (answer === 0) return;
  if (typeof answer === 'number') {
    response.writeHead(answer).end();
    return;
  }
  response.writeHead(answer.status);
  if (answer.unfinished) response.write(answer.body);
  else response.end(answer.body);
};
