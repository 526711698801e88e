import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Receiver = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Resolves when this many notices have come; rejects when they don't. */
  readonly arrived: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const DEADLINE_MS = 20_000;

/** A merchant's callback on loopback; answers the given statuses in turn, the last one for ever, 0 never. */
export const startReceiver = async (...statuses: readonly number[]): Promise<Receiver> => {
  const received: Received[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 204;
      received.push({
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      if (status !== 0) response.writeHead(status).end();
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
