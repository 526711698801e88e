import { consumeBatch, eventMail } from '#app/consume-batch.ts';
import { type DeliverPorts, deliver } from '#app/deliver.ts';
import type { Received } from '#core/ports.ts';
import { type Instant, plus } from '#core/values/time.ts';
import type { VirtualTime } from './time.ts';

type Letter = {
  readonly id: string;
  readonly body: string;
  readonly sentAt: Instant;
  visibleAt: Instant;
  receives: number;
};

export type Lane = {
  readonly send: (id: string, body: string) => void;
  readonly size: () => number;
  /** Receives so far, of all messages. */
  readonly receives: () => number;
};

const batchSize = 10;
/** The walk through Lambda and SQS that a batch takes besides what `deliver` does. */
const overheadMs = 20;

/**
 * A FIFO queue in which every message is a group of its own, and a function behind it: batches of ten of
 * what has been visible longest, so many at a time.
 */
export function createLane(
  time: VirtualTime,
  options: { readonly concurrency: number; readonly ports: DeliverPorts },
): Lane {
  const { concurrency, ports } = options;
  const waiting = new Set<Letter>();
  let [running, receives] = [0, 0];

  function poll(): void {
    while (running < concurrency) {
      const batch = takeVisible();
      if (batch.length === 0) {
        return;
      }
      running += 1;
      void handle(batch).finally(() => {
        running -= 1;
        poll();
      });
    }
  }

  /** The set keeps the order in which messages came back, which is that of their visibility. */
  function takeVisible(): readonly Letter[] {
    const batch: Letter[] = [];
    for (const letter of waiting) {
      if (letter.visibleAt <= time.now()) {
        batch.push(letter);
        waiting.delete(letter);
      }
      if (batch.length === batchSize) {
        break;
      }
    }
    return batch;
  }

  async function handle(batch: readonly Letter[]): Promise<void> {
    receives += batch.length;
    const byId = new Map(batch.map((letter) => [letter.id, letter]));
    const inbox = {
      postpone: async ({ messageId }: Received, delayMs: number) => {
        const letter = byId.get(messageId);
        if (letter !== undefined) {
          letter.visibleAt = plus(time.now(), delayMs);
        }
        await time.sleep(5);
      },
      park: () => Promise.reject(new Error('A delivery was parked.')),
    };
    await time.sleep(overheadMs);
    const mail = { mail: eventMail, inbox, telemetry: ports.telemetry, jitter: ports.jitter };
    const handleOne = (event: Parameters<typeof deliver>[1], received: Received) =>
      deliver(ports, event, received);
    const kept = await consumeBatch({ ...mail, handle: handleOne }, batch.map(receivedOf));
    for (const id of kept) {
      const letter = byId.get(id);
      if (letter !== undefined) {
        comeBack(letter);
      }
    }
  }

  function comeBack(letter: Letter): void {
    void time.sleep(Math.max(0, letter.visibleAt - time.now())).then(() => {
      waiting.add(letter);
      poll();
    });
  }

  return {
    send: (id, body) => {
      const now = time.now();
      waiting.add({ id, body, sentAt: now, visibleAt: now, receives: 0 });
      poll();
    },
    size: () => waiting.size,
    receives: () => receives,
  };
}

function receivedOf(letter: Letter): Received {
  const { id, body, sentAt } = letter;
  letter.receives += 1;
  return {
    messageId: id,
    receiptHandle: id,
    groupId: id,
    body,
    receiveCount: letter.receives,
    sentAt,
  };
}
