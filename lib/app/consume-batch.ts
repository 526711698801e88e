import { isAppError } from '#core/errors.ts';
import { decodeMessage, type Message } from '#core/messages.ts';
import type { Inbox, Received, Telemetry } from '#core/ports.ts';
import { subjectId } from '#core/record.ts';
import { retryPauseMs } from '#core/timing.ts';
import type { Ending } from './ending.ts';

export type BatchPorts = {
  readonly inbox: Inbox;
  readonly telemetry: Telemetry;
  readonly handle: (
    message: Message,
    delivery: { readonly receiveCount: number },
  ) => Promise<Ending>;
  /** In [0, 1), to spread the retries. */
  readonly jitter: () => number;
};

/**
 * Handles a batch: subjects concurrently, the messages of one subject one after another, an identical
 * message once. Answers the ids of the messages that stay in the queue; all others are done or parked.
 * Never throws: whatever fails is retried.
 */
export async function consumeBatch(
  ports: BatchPorts,
  batch: readonly Received[],
): Promise<readonly string[]> {
  const letters = batch.map((received) => ({ received, decoded: decodeMessage(received.body) }));
  const groups = Map.groupBy(letters, groupOf);
  const kept = await Promise.all([...groups.values()].map((group) => consumeGroup(ports, group)));
  return kept.flat();
}

type Letter = {
  readonly received: Received;
  readonly decoded: ReturnType<typeof decodeMessage>;
};

function groupOf({ received, decoded }: Letter): string {
  return decoded.ok ? subjectId(decoded.value.subject) : received.messageId;
}

async function consumeGroup(
  ports: BatchPorts,
  group: readonly Letter[],
): Promise<readonly string[]> {
  const kept: string[] = [];
  const endings = new Map<string, Ending>();
  for (const letter of group) {
    const { body, messageId } = letter.received;
    const ending = endings.get(body) ?? (await endingOf(ports, letter));
    endings.set(body, ending);
    if (!(await finish(ports, letter.received, ending))) {
      kept.push(messageId);
    }
  }
  return kept;
}

async function endingOf(ports: BatchPorts, { received, decoded }: Letter): Promise<Ending> {
  if (!decoded.ok) {
    return decoded.error === 'unknown-version'
      ? { type: 'retry', reason: decoded.error }
      : { type: 'parked', reason: decoded.error };
  }
  try {
    return await ports.handle(decoded.value, { receiveCount: received.receiveCount });
  } catch (error) {
    const reason = isAppError(error) ? error.code : 'internal';
    if (reason === 'internal') {
      const code = error instanceof Error ? error.name : typeof error;
      ports.telemetry.log('error', 'unexpected error', { code, requestId: received.messageId });
    }
    return { type: reason === 'record_undecodable' ? 'parked' : 'retry', reason };
  }
}

/** Whether the message may be acknowledged. */
async function finish(ports: BatchPorts, message: Received, ending: Ending): Promise<boolean> {
  if (ending.type === 'done') {
    return true;
  }
  const { messageId, receiveCount } = message;
  const metric = ending.type === 'retry' ? 'message_retried' : 'message_parked';
  ports.telemetry.count(metric, ending.reason);
  ports.telemetry.log('warn', metric, {
    reason: ending.reason,
    receiveCount,
    requestId: messageId,
  });
  try {
    if (ending.type === 'parked') {
      await ports.inbox.park(message, ending.reason);
      return true;
    }
    await ports.inbox.postpone(
      message,
      ending.afterMs ?? retryPauseMs(receiveCount, ports.jitter()),
    );
  } catch {
    // Not parked, or not postponed: it comes back when its visibility ends.
  }
  return false;
}
