import { AppError } from '#core/errors.ts';
import type { MerchantEvent } from '#core/events.ts';
import {
  decodeMessage,
  encodeMessage,
  type Hint,
  type Message,
  type UnhandledNotice,
  type Wake,
} from '#core/messages.ts';
import type { Clock, EventQueue, HintQueue, TimerQueue } from '#core/ports.ts';
import { type Instant, minuteMs, plus } from '#core/values/time.ts';
import { type FaultSource, perform } from './faults.ts';

/** A message in a queue, in its wire form. */
export type Queued = {
  readonly id: string;
  readonly body: string;
  readonly sentAt: Instant;
  readonly availableAt: Instant;
};

export type MemoryQueue = {
  /** Everything that waits, delayed or not, in the order it was sent. */
  queued(): readonly Queued[];
  /** The same, decoded; a body that does not decode ends the test. */
  messages(): readonly Message[];
  /** Takes away what may be received now. */
  take(): readonly Queued[];
  /** How many messages were ever taken in. */
  sends(): number;
};

export type MemoryEvents = EventQueue & {
  /** What the receiver gets, duplicates within 5 minutes dropped, in order. */
  published(): readonly MerchantEvent[];
  /** How many sends there were, duplicates included. */
  sends(): number;
};

export type QueueOptions = { readonly clock: Clock; readonly faults?: FaultSource<'send'> };

/** Takes a message in, in its wire form; a delay is in milliseconds. */
export type Put<M extends Message = Message> = (body: string, delayMs: number, message: M) => void;

const largestBytes = 1_048_576;
const longestDelayMs = 15 * minuteMs;
const deduplicationMs = 5 * minuteMs;
/** What SQS allows in a group and in a deduplication id. */
const idPattern = /^[\x21-\x7e]{1,128}$/;

export function createMemoryHints(options: QueueOptions): HintQueue & MemoryQueue {
  const { put, queue } = createQueue(options);
  return { ...queue, ...hintsOver(put, options.faults) };
}

/** A client of the queue `hints`, with the faults that befall this client. */
export function hintsOver(
  put: Put<Hint | UnhandledNotice>,
  faults: FaultSource<'send'> | undefined,
): HintQueue {
  return { send: (hint) => sendOne(faults, () => put(sized(encodeMessage(hint)), 0, hint)) };
}

export function createMemoryTimers(options: QueueOptions): TimerQueue & MemoryQueue {
  const { put, queue } = createQueue(options);
  return { ...queue, ...timersOver(put, options.faults) };
}

/** A client of the queue `timers`, with the faults that befall this client. */
export function timersOver(put: Put<Wake>, faults: FaultSource<'send'> | undefined): TimerQueue {
  return {
    send: (wake, delayMs) => {
      const delaySeconds = Math.ceil(delayMs / 1000);
      if (delayMs < 0 || delayMs > longestDelayMs) {
        return Promise.reject(new RangeError(`A delay of ${delayMs} ms.`));
      }
      return sendOne(faults, () => put(sized(encodeMessage(wake)), delaySeconds * 1000, wake));
    },
    sendBatch: (wakes) =>
      sendBatch(faults, wakes, (wake) => put(sized(encodeMessage(wake)), 0, wake)),
  };
}

export function createMemoryEvents(options: QueueOptions): MemoryEvents {
  const published: MerchantEvent[] = [];
  const takenAt = new Map<string, Instant>();
  let sends = 0;
  const publish = (event: MerchantEvent): void => {
    sends += 1;
    const now = options.clock.now();
    const seen = takenAt.get(event.id);
    if (seen === undefined || now >= plus(seen, deduplicationMs)) {
      takenAt.set(event.id, now);
      published.push(JSON.parse(JSON.stringify(event)));
    }
  };
  return {
    published: () => published,
    sends: () => sends,
    ...eventsOver(publish, options.faults),
  };
}

/** A client of the queue `events.fifo`, with the faults that befall this client. */
export function eventsOver(
  publish: (event: MerchantEvent) => void,
  faults: FaultSource<'send'> | undefined,
): EventQueue {
  return {
    send: (event) => {
      if (!idPattern.test(event.id) || !idPattern.test(event.subject)) {
        return Promise.reject(tooLarge(`No id for SQS: ${event.id}`));
      }
      return sendOne(faults, () => {
        sized(JSON.stringify(event));
        publish(event);
      });
    },
  };
}

function createQueue({ clock }: QueueOptions): {
  readonly put: Put;
  readonly queue: MemoryQueue;
} {
  let waiting: readonly Queued[] = [];
  let sends = 0;
  const put: Put = (body, delayMs) => {
    assertDecodes(body);
    const now = clock.now();
    sends += 1;
    const message = { id: `m-${sends}`, body, sentAt: now, availableAt: plus(now, delayMs) };
    waiting = [...waiting, message];
  };
  const queue: MemoryQueue = {
    queued: () => waiting,
    messages: () => waiting.map(({ body }) => assertDecodes(body)),
    take: () => {
      const now = clock.now();
      const taken = waiting.filter(({ availableAt }) => availableAt <= now);
      waiting = waiting.filter(({ availableAt }) => availableAt > now);
      return taken;
    },
    sends: () => sends,
  };
  return { put, queue };
}

function sendOne(faults: FaultSource<'send'> | undefined, run: () => void): Promise<void> {
  return perform(faults, 'send', { run, failure: unavailable });
}

async function sendBatch(
  faults: FaultSource<'send'> | undefined,
  wakes: readonly Wake[],
  put: (wake: Wake) => void,
): Promise<readonly Wake[]> {
  if (wakes.length === 0 || wakes.length > 10) {
    throw new RangeError(`A batch of ${wakes.length} messages.`);
  }
  const refused: Wake[] = [];
  for (const wake of wakes) {
    // A planned `fail` refuses one entry of the batch, as SQS does.
    await sendOne(faults, () => put(wake)).catch((error: unknown) => {
      if (!(error instanceof AppError)) {
        throw error;
      }
      refused.push(wake);
    });
  }
  return refused;
}

function assertDecodes(body: string): Message {
  const decoded = decodeMessage(body);
  if (!decoded.ok) {
    throw new Error(`A message that nobody can read: ${decoded.error}: ${body}`);
  }
  return decoded.value;
}

/** A body that a queue takes. */
function sized(body: string): string {
  if (Buffer.byteLength(body) > largestBytes) {
    throw tooLarge('A message is larger than 1 MiB.');
  }
  return body;
}

function tooLarge(message: string): AppError {
  return new AppError('message_too_large', message);
}

function unavailable(): AppError {
  return new AppError('queue_unavailable', 'The queue refused, as the test planned.');
}
