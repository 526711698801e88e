import { request as openRequest } from 'node:http';
import type { Answered, Asked } from './judge.ts';

export type Sent = Asked & {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

const patienceMs = 60_000;

/** One request, just as it is given: no header, no encoding, no method is anybody's default. */
export function send(origin: string, { method, target, headers, body }: Sent): Promise<Answered> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body ?? '');
    const outgoing = openRequest(
      {
        hostname,
        port,
        method,
        path: target,
        headers: { ...headers, ...(body !== undefined && { 'content-length': bytes.length }) },
        timeout: patienceMs,
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
            ),
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('There was no answer.')));
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}
