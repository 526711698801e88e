import { consumeBatch, lookMail } from '#app/consume-batch.ts';
import type { Ending } from '#app/ending.ts';
import { decodeMessage, type Message } from '#core/messages.ts';
import type { Received } from '#core/ports.ts';
import { type SubjectKey, subjectId } from '#core/record.ts';
import { hourMs, type Instant, instant, minuteMs, plus, secondMs } from '#core/values/time.ts';
import type { Functions } from './functions.ts';
import type { SimulationPorts } from './ports.ts';
import type { Site } from './site.ts';

/** A standard queue and the event source that hands its messages to a function. */
export type SimulatedQueue = {
  put(body: string, delayMs: number): void;
  /** Puts an old message there again, as a redrive does: it counts its receives anew. */
  redrive(body: string): void;
  /** Bodies that were lost, received 20 times, or parked. */
  gone(): readonly string[];
  /** Every body that was ever sent. */
  sent(): readonly string[];
  /** How often the queue itself handed this subject's messages out once more than they were sent. */
  extras(key: SubjectKey): number;
};

export type Consumer = {
  readonly name: string;
  readonly handle: (
    ports: SimulationPorts,
    message: Message,
    delivery: { readonly receiveCount: number },
  ) => Promise<Ending>;
};

type Entry = {
  readonly messageId: string;
  readonly body: string;
  receiveCount: number;
  hiddenUntil: Instant;
};

const concurrency = 3;
const batchSize = 10;
/** Now and then the poller waits for more. */
const batchWindowMs = 400;
const visibilityMs = 180 * secondMs;
const maxReceives = 20;

export function createSimulatedQueue(
  site: Site,
  functions: () => Functions,
  consumer: Consumer,
): SimulatedQueue {
  const { agenda, choices, weather } = site;
  const ready: Entry[] = [];
  const gone: string[] = [];
  const sent: string[] = [];
  const extra: string[] = [];
  let running = 0;

  const arrive = (entry: Entry): void => {
    if (entry.receiveCount >= maxReceives) {
      site.tell?.(() => `${consumer.name}: dead letter: ${wordsOf(entry.body)}`);
      gone.push(entry.body);
      return;
    }
    ready.push(entry);
    if (choices.draw(4) === 3) {
      agenda.after(batchWindowMs, receive);
    } else {
      receive();
    }
  };
  const enqueue = (messageId: string, body: string, delayMs: number): void => {
    const entry: Entry = { messageId, body, receiveCount: 0, hiddenUntil: agenda.now() };
    agenda.after(delayMs, () => arrive(entry));
  };
  const put = (body: string, delayMs: number): void => {
    sent.push(body);
    const messageId = `${consumer.name}-${sent.length}`;
    site.tell?.(
      () =>
        `${consumer.name}: takes ${wordsOf(body)}${delayMs > 0 ? ` in ${delayMs / 1000} s` : ''}`,
    );
    if (choices.chance(weather.rates().messageLost)) {
      site.tell?.(() => `${consumer.name}: loses it`);
      gone.push(body);
      return;
    }
    const lateMs = choices.chance(weather.rates().messageLate)
      ? choices.pick([5 * secondMs, 70 * secondMs, 20 * minuteMs, 2 * hourMs])
      : 0;
    enqueue(messageId, body, delayMs + lateMs);
    if (choices.chance(weather.rates().messageDoubled)) {
      site.tell?.(() => `${consumer.name}: hands it out twice`);
      extra.push(body);
      enqueue(messageId, body, delayMs + choices.pick([0, 300, 20_000]));
    }
  };

  function receive(): void {
    if (ready.length === 0 || running >= concurrency) {
      return;
    }
    running += 1;
    const batch = ready.splice(0, batchSize);
    for (const entry of batch) {
      entry.receiveCount += 1;
      entry.hiddenUntil = plus(agenda.now(), visibilityMs);
    }
    functions().invoke(
      consumer.name,
      ({ ports, inboxOver }) =>
        consumeBatch(
          {
            mail: lookMail,
            inbox: inboxOver(inbox(batch)),
            telemetry: ports.telemetry,
            handle: (message, delivery) => consumer.handle(ports, message, delivery),
            jitter: () => 0.5,
          },
          batch.map(receivedOf),
        ),
      (ended) => {
        running -= 1;
        const kept = ended.type === 'value' ? new Set(ended.value) : undefined;
        for (const entry of batch) {
          if (kept === undefined || kept.has(receiptOf(entry))) {
            agenda.at(entry.hiddenUntil, () => arrive(entry));
          }
        }
        receive();
      },
    );
  }

  /** The commands of a worker name a message by its receipt. */
  function inbox(batch: readonly Entry[]) {
    const find = ({ receiptHandle }: Received) =>
      batch.find((entry) => receiptOf(entry) === receiptHandle);
    return {
      postpone: (message: Received, delayMs: number) => {
        const entry = find(message);
        if (entry !== undefined) {
          entry.hiddenUntil = plus(agenda.now(), delayMs);
        }
      },
      park: (message: Received, reason: string) => {
        site.tell?.(() => `${consumer.name}: parks ${wordsOf(message.body)}: ${reason}`);
        gone.push(message.body);
      },
    };
  }

  return {
    put,
    redrive: (body) => {
      extra.push(body);
      enqueue(`${consumer.name}-redriven-${extra.length}`, body, 0);
    },
    extras: (key) => extra.filter((body) => isAbout(body, key)).length,
    gone: () => gone,
    sent: () => sent,
  };
}

/** Whether the message with this body is about the subject. */
export function isAbout(body: string, key: SubjectKey): boolean {
  const decoded = decodeMessage(body);
  return decoded.ok && subjectId(decoded.value.subject) === subjectId(key);
}

function receiptOf(entry: Entry): string {
  return entry.messageId;
}

function receivedOf(entry: Entry): Received {
  const { messageId, body, receiveCount } = entry;
  // No job of the simulation asks when a message was sent.
  return { messageId, body, receiveCount, receiptHandle: receiptOf(entry), sentAt: instant(0) };
}

function wordsOf(body: string): string {
  const decoded = decodeMessage(body);
  if (!decoded.ok) {
    return body;
  }
  const message = decoded.value;
  const { number } = message.subject;
  switch (message.type) {
    case 'wake':
      return `the ${message.origin} wake for ${number}, hop ${message.hop}`;
    case 'hint':
      return `a hint about ${number}: ${message.reason} ${message.says ?? ''}`.trimEnd();
    case 'unhandled-notice':
      return `an unhandled notice ${number}`;
  }
}
