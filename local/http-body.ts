import type { IncomingMessage } from 'node:http';

/** A sender that is told 413 while it still sends would see a broken connection: take the rest first. */
const discardLimitBytes = 64 * 1024 * 1024;

/**
 * The raw bytes of a body; undefined when there are more than `limitBytes`: then answer with
 * `Connection: close`. Rejects when the sender breaks off.
 */
export async function readBody(
  message: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size <= limitBytes) {
      chunks.push(chunk);
    } else if (size > discardLimitBytes) {
      break;
    } else {
      chunks.length = 0;
    }
  }
  return size > limitBytes ? undefined : Buffer.concat(chunks);
}
