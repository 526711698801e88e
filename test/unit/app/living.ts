import assert from 'node:assert/strict';
import { confirm } from '#app/confirm.ts';
import type { Ending } from '#app/ending.ts';
import { sweep } from '#app/sweep.ts';
import { isAppError } from '#core/errors.ts';
import { decodeMessage } from '#core/messages.ts';
import { type StoredRecord, subjectId } from '#core/record.ts';
import { retryPauseMs } from '#core/timing.ts';
import { type Instant, instant, minuteMs, plus } from '#core/values/time.ts';
import type { TestBed } from '../../support/test-bed.ts';

type Letter = { readonly body: string; readonly receiveCount: number; readonly at: Instant };

/** The deployment at work: what waits in its queues is received, what is due is swept. */
export type Life = {
  /** Lets it work until this moment; the clock stands there afterwards. */
  until(moment: Instant): Promise<void>;
  /** Lets it work until nothing waits and nothing is due, which must come within 400 days. */
  untilRest(): Promise<void>;
};

const mostReceives = 20;
const longestMs = 400 * 24 * 60 * minuteMs;

export function lifeOf(bed: TestBed): Life {
  let returned: readonly Letter[] = [];

  /** The next moment at which something happens, a sweep once a minute. */
  function nextAt(): Instant | undefined {
    const arrivals = [...bed.hints.queued(), ...bed.timers.queued()].map((one) => one.availableAt);
    const due = bed.store.records().flatMap(({ dueAt }) => (dueAt === undefined ? [] : [dueAt]));
    const sweeps = due.map((at) => Math.ceil(at / minuteMs) * minuteMs);
    const moments = [...arrivals, ...returned.map(({ at }) => at), ...sweeps];
    return moments.length === 0
      ? undefined
      : instant(Math.max(bed.clock.now(), Math.min(...moments)));
  }

  async function receive(letter: Letter): Promise<void> {
    const message = decodeMessage(letter.body);
    assert.ok(message.ok, 'a message that can be read');
    const { receiveCount } = letter;
    const ending = await confirm(bed, message.value, { receiveCount }).catch(retryOf);
    assert.notEqual(ending.type, 'parked', letter.body);
    if (ending.type === 'retry') {
      assert.ok(receiveCount < mostReceives, `${letter.body} comes to nothing: ${ending.reason}`);
      const pauseMs = ending.afterMs ?? retryPauseMs(receiveCount, 0.5);
      const again = { ...letter, receiveCount: receiveCount + 1 };
      returned = [...returned, { ...again, at: plus(bed.clock.now(), pauseMs) }];
    }
  }

  async function step(): Promise<void> {
    const now = bed.clock.now();
    const fresh = [...bed.hints.take(), ...bed.timers.take()];
    const letters = [
      ...fresh.map(({ body, availableAt }) => ({ body, receiveCount: 1, at: availableAt })),
      ...returned.filter(({ at }) => at <= now),
    ];
    returned = returned.filter(({ at }) => at > now);
    for (const letter of letters) {
      await receive(letter);
    }
    if (letters.length === 0) {
      await sweep({ ...bed, shards: 16, rowsPerShard: 25 });
    }
    bed.store.records().forEach(assertWatched);
  }

  async function until(moment: Instant): Promise<void> {
    for (let next = nextAt(); next !== undefined && next <= moment; next = nextAt()) {
      bed.clock.advanceTo(next);
      await step();
    }
    bed.clock.advanceTo(moment);
  }

  return {
    until,
    untilRest: async () => {
      const last = plus(bed.clock.now(), longestMs);
      for (let next = nextAt(); next !== undefined; next = nextAt()) {
        assert.ok(next <= last, 'it comes to rest');
        bed.clock.advanceTo(next);
        await step();
      }
    },
  };
}

function retryOf(error: unknown): Ending {
  if (!isAppError(error)) {
    throw error;
  }
  return { type: 'retry', reason: error.code };
}

const openStatuses = ['CREATED', 'AWAITING', 'PROCESSING', 'ABNORMAL'];

function assertWatched({ key, status, outbox, dueAt }: StoredRecord): void {
  if (openStatuses.includes(status) || outbox.length > 0) {
    assert.ok(dueAt !== undefined, `${subjectId(key)} is open, and somebody looks at it`);
  }
}
