import { textOf } from './json.ts';

export type Fetch = typeof globalThis.fetch;

/** One request as it is sent, any number of times. */
export type Outgoing = {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly body?: Uint8Array<ArrayBuffer>;
};

/** How one try ended. `text` is undefined when the body is no UTF-8. */
export type Exchanged =
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly text: string | undefined;
    }
  | { readonly type: 'too_large'; readonly status: number }
  | { readonly type: 'timeout' }
  /** `reason` is the short code of the runtime, such as `ECONNREFUSED`, where it has one. */
  | { readonly type: 'network'; readonly reason: string | undefined };

/** An order shows 32 rows of history and 50 refunds at most: a tenth of this. */
const mostAnswerBytes = 262_144;

/** Sends a request once and reads its answer, until `signal` ends it. Every outcome is a value. */
export async function exchange(
  fetch: Fetch,
  request: Outgoing,
  authorization: string,
  signal: AbortSignal,
): Promise<Exchanged> {
  try {
    return await within(signal, send(fetch, request, authorization, signal));
  } catch (error) {
    return signal.aborted ? { type: 'timeout' } : { type: 'network', reason: reasonOf(error) };
  }
}

/** The result of `work`, unless `signal` aborts before it is there; then it rejects. */
export function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error('There is no time left.'));
    if (signal.aborted) {
      end();
    }
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject);
  });
}

async function send(
  fetch: Fetch,
  { method, url, body }: Outgoing,
  authorization: string,
  signal: AbortSignal,
): Promise<Exchanged> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      authorization,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
    signal,
    // The API never redirects, and nobody else may have the token.
    redirect: 'manual',
  });
  const { status, headers } = response;
  const bytes = await bytesOf(response);
  return bytes === undefined
    ? { type: 'too_large', status }
    : {
        type: 'answer',
        status,
        retryAfter: headers.get('retry-after') ?? undefined,
        text: textOf(bytes),
      };
}

async function bytesOf({ body }: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  let size = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > mostAnswerBytes) {
      reader?.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(part.value);
  }
  return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Only a code: the message of a foreign error may quote the request, and so the token. */
function reasonOf(error: unknown): string | undefined {
  return codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined);
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,39}$/.test(code) ? code : undefined;
}
