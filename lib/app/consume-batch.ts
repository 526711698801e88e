import { isAppError } from '#core/errors.ts';
import { decodeEvent, type MerchantEvent } from '#core/events.ts';
import { decodeMessage, type Message } from '#core/messages.ts';
import type { Inbox, Received } from '#core/ports.ts';
import { subjectId } from '#core/record.ts';
import type { Result } from '#core/result.ts';
import type { Telemetry } from '#core/telemetry.ts';
import { retryPauseMs } from '#core/timing.ts';
import type { Ending } from './ending.ts';

/** What lies in a queue, and what in it belongs together. */
export type Mail<M> = {
  readonly read: (body: string) => Result<M, 'undecodable' | 'unknown-type' | 'unknown-version'>;
  /** Of one group one message is handled after another. */
  readonly groupOf: (received: Received, message: M | undefined) => string;
  /** A FIFO queue's order: after one that stays in the queue, the rest of its group stays too. */
  readonly isInOrder: boolean;
};

/** `hints` and `timers`: each message by itself, those of one subject not at once. */
export const lookMail: Mail<Message> = {
  read: decodeMessage,
  groupOf: ({ messageId }, message) =>
    message === undefined ? messageId : subjectId(message.subject),
  isInOrder: false,
};

/** `webhooks.fifo` and its set-aside queue: events, those of one subject in their order. */
export const eventMail: Mail<MerchantEvent> = {
  read: decodeEvent,
  groupOf: ({ messageId, groupId }) => groupId ?? messageId,
  isInOrder: true,
};

export type BatchPorts<M> = {
  readonly mail: Mail<M>;
  readonly inbox: Inbox;
  readonly telemetry: Telemetry;
  readonly handle: (message: M, received: Received) => Promise<Ending>;
  /** In [0, 1), to spread the retries. */
  readonly jitter: () => number;
};

/**
 * Handles a batch: groups concurrently, the messages of one group one after another, an identical
 * message once. Answers the ids of the messages that stay in the queue; all others are done or parked.
 * Never throws: whatever fails is retried.
 */
export async function consumeBatch<M>(
  ports: BatchPorts<M>,
  batch: readonly Received[],
): Promise<readonly string[]> {
  const { read, groupOf } = ports.mail;
  const letters = batch.map((received) => ({ received, decoded: read(received.body) }));
  const groups = Map.groupBy(letters, ({ received, decoded }) =>
    groupOf(received, decoded.ok ? decoded.value : undefined),
  );
  const kept = await Promise.all([...groups.values()].map((group) => consumeGroup(ports, group)));
  return kept.flat();
}

type Letter<M> = {
  readonly received: Received;
  readonly decoded: ReturnType<Mail<M>['read']>;
};

async function consumeGroup<M>(
  ports: BatchPorts<M>,
  group: readonly Letter<M>[],
): Promise<readonly string[]> {
  const kept: string[] = [];
  const endings = new Map<string, Ending>();
  let blocking: Ending | undefined;
  for (const letter of group) {
    const { body, messageId } = letter.received;
    const ending = blocking ?? endings.get(body) ?? (await endingOf(ports, letter));
    endings.set(body, ending);
    if (!(await finish(ports, letter.received, ending))) {
      kept.push(messageId);
      blocking = ports.mail.isInOrder ? behind(ending) : undefined;
    }
  }
  return kept;
}

/** The rest of a group comes back with the one that blocks it, not before and not much later. */
function behind(ending: Ending): Ending {
  return ending.type === 'retry' ? ending : { type: 'retry', reason: 'queue_unavailable' };
}

async function endingOf<M>(
  ports: BatchPorts<M>,
  { received, decoded }: Letter<M>,
): Promise<Ending> {
  if (!decoded.ok) {
    return decoded.error === 'unknown-version'
      ? { type: 'retry', reason: decoded.error }
      : { type: 'parked', reason: decoded.error };
  }
  try {
    return await ports.handle(decoded.value, received);
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
async function finish<M>(
  ports: BatchPorts<M>,
  message: Received,
  ending: Ending,
): Promise<boolean> {
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
      await ports.inbox.park(message, ending.detail ?? ending.reason);
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
