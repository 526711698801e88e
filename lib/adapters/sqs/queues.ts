import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { AppError } from '#core/errors.ts';
import { encodeMessage, type Wake } from '#core/messages.ts';
import type { EventQueue, HintQueue, TimerQueue } from '#core/ports.ts';

export type QueueOptions = { readonly client: SQSClient; readonly queueUrl: string };

/** What SQS allows (its quotas page); asserted here because emulators let more pass. */
const longestDelaySeconds = 900;
const largestMessageBytes = 1_048_576;
const largestBatch = 10;
const longestDeduplicationId = 128;

/** `hints`, a standard queue. */
export function createHintQueue(options: QueueOptions): HintQueue {
  return { send: (message) => send(options, { body: encodeMessage(message) }) };
}

/** `timers`, a standard queue with a delay per message. */
export function createTimerQueue(options: QueueOptions): TimerQueue {
  return {
    send: (wake, delayMs) => send(options, { body: encodeMessage(wake), delayMs }),
    sendBatch: (wakes) => sendBatch(options, wakes),
  };
}

/** `events.fifo`: one group a subject, deduplicated by the event's id for five minutes. */
export function createEventQueue(options: QueueOptions): EventQueue {
  return {
    send: (event) =>
      send(options, {
        body: JSON.stringify(event),
        fifo: { MessageGroupId: event.subject, MessageDeduplicationId: event.id },
      }),
  };
}

type Outgoing = {
  readonly body: string;
  readonly delayMs?: number;
  readonly fifo?: { readonly MessageGroupId: string; readonly MessageDeduplicationId: string };
};

async function send({ client, queueUrl }: QueueOptions, message: Outgoing): Promise<void> {
  const { body, delayMs, fifo } = message;
  if ((fifo?.MessageDeduplicationId.length ?? 0) > longestDeduplicationId) {
    throw new AppError('message_too_large', 'An event id is longer than 128 characters.');
  }
  const command = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: checked(body),
    ...(delayMs !== undefined && { DelaySeconds: delaySeconds(delayMs) }),
    ...fifo,
  });
  try {
    await client.send(command);
  } catch (cause) {
    throw unavailable(cause);
  }
}

async function sendBatch(
  { client, queueUrl }: QueueOptions,
  wakes: readonly Wake[],
): Promise<readonly Wake[]> {
  if (wakes.length === 0 || wakes.length > largestBatch) {
    throw new RangeError(`A batch holds 1 to ${largestBatch} messages, not ${wakes.length}.`);
  }
  const Entries: SendMessageBatchRequestEntry[] = wakes.map((wake, index) => ({
    Id: String(index),
    MessageBody: checked(encodeMessage(wake)),
  }));
  try {
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    // A batch is answered 200 even when entries failed; what is not named as sent was not sent.
    const taken = new Set((answer.Successful ?? []).map((entry) => entry.Id));
    return wakes.filter((_, index) => !taken.has(String(index)));
  } catch (cause) {
    throw unavailable(cause);
  }
}

function delaySeconds(delayMs: number): number {
  const seconds = Math.max(0, Math.ceil(delayMs / 1000));
  if (seconds > longestDelaySeconds) {
    throw new RangeError(`SQS delays by ${longestDelaySeconds} s at most, not ${seconds}.`);
  }
  return seconds;
}

/** SQS takes neither U+FFFE nor U+FFFF (SendMessage); in JSON they may as well be written so. */
function checked(json: string): string {
  const body = json.replaceAll(/[\ufffe\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
  if (Buffer.byteLength(body) > largestMessageBytes) {
    throw new AppError('message_too_large', 'A message is larger than 1 MiB.');
  }
  return body;
}

function unavailable(cause: unknown): AppError {
  const name = cause instanceof Error ? cause.name : 'unknown';
  return new AppError('queue_unavailable', `The queue did not take the message: ${name}.`, {
    cause,
  });
}
