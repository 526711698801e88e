import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMemoryEventStore,
  createOnceHandler,
  type EventStore,
  type Handling,
  type MerchantEvent,
  type OnceOptions,
} from '../../../client/src/index.ts';
import { eventOf, permutationsOf } from './events.ts';

const closed = eventOf('order.closed', { sequence: 3 });
const paidLate = eventOf('order.paid', { sequence: 4, data: { late: true } });
const elsewhere = eventOf('order.paid', { number: 'A-1002', sequence: 1 });

/** A handler that writes down what had an effect. */
function begin(
  older: OnceOptions<unknown>['older'],
  effect: (event: MerchantEvent) => void | Promise<void> = () => undefined,
) {
  const effects: string[] = [];
  const store = createMemoryEventStore();
  const handle = createOnceHandler({
    store,
    older,
    handle: async (event) => {
      await effect(event);
      effects.push(event.id);
    },
  });
  return { effects, handle };
}

describe('an event', () => {
  it('has one effect, however often it comes', async () => {
    for (const older of ['drop', 'handle'] as const) {
      const { effects, handle } = begin(older);
      const handlings: Handling[] = [];
      for (const event of [closed, closed, closed]) {
        handlings.push(await handle(event));
      }
      assert.deepEqual(handlings, ['handled', 'repeated', 'repeated']);
      assert.deepEqual(effects, [closed.id]);
    }
  });

  it('has one effect when it comes several times at once', async () => {
    const { effects, handle } = begin('handle', () => Promise.resolve());
    const handlings = await Promise.all(Array.from({ length: 10 }, () => handle(closed)));
    assert.equal(handlings.filter((handling) => handling === 'handled').length, 1);
    assert.equal(handlings.filter((handling) => handling === 'repeated').length, 9);
    assert.deepEqual(effects, [closed.id]);
  });

  it('comes again after its effect failed, and then has it', async () => {
    const failure = new Error('The database is away.');
    let failures = 2;
    const { effects, handle } = begin('drop', () => {
      failures -= 1;
      if (failures >= 0) {
        throw failure;
      }
    });
    await assert.rejects(handle(closed), failure);
    await assert.rejects(handle(closed), failure);
    assert.equal(await handle(closed), 'handled');
    assert.equal(await handle(closed), 'repeated');
    assert.deepEqual(effects, [closed.id]);
  });

  it('that failed does not hold another one up', async () => {
    const { effects, handle } = begin('drop', (event) => {
      assert.notEqual(event, closed);
    });
    const settled = await Promise.allSettled([handle(closed), handle(elsewhere), handle(closed)]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'fulfilled', 'rejected'],
    );
    assert.deepEqual(effects, [elsewhere.id]);
  });

  it('that failed does not make an older one outdated', async () => {
    const { effects, handle } = begin('drop', (event) => {
      assert.notEqual(event, paidLate);
    });
    await assert.rejects(handle(paidLate));
    assert.equal(await handle(closed), 'handled');
    assert.deepEqual(effects, [closed.id]);
  });
});

describe('an event that is older than what was handled', () => {
  it('is dropped where only the latest state counts', async () => {
    const { effects, handle } = begin('drop');
    assert.equal(await handle(paidLate), 'handled');
    assert.equal(await handle(closed), 'outdated');
    assert.equal(await handle(closed), 'repeated');
    assert.deepEqual(effects, [paidLate.id]);
  });

  it('is handled where each event counts', async () => {
    const { effects, handle } = begin('handle');
    assert.equal(await handle(paidLate), 'handled');
    assert.equal(await handle(closed), 'handled');
    assert.deepEqual(effects, [paidLate.id, closed.id]);
  });

  it('is not dropped for one of another subject', async () => {
    const { handle } = begin('drop');
    assert.equal(await handle(paidLate), 'handled');
    assert.equal(await handle(elsewhere), 'handled');
  });

  it('is not one that was decided together with it', async () => {
    const { handle } = begin('drop');
    const together = eventOf('order.review', { sequence: 4 });
    assert.equal(await handle(paidLate), 'handled');
    assert.equal(await handle(together), 'handled');
  });

  it('is known by its number, not by its length', async () => {
    const { handle } = begin('drop');
    assert.equal(await handle(eventOf('order.review', { sequence: 10 })), 'handled');
    assert.equal(await handle(eventOf('order.review', { n: 2, sequence: 9 })), 'outdated');
    assert.equal(await handle(eventOf('order.review', { n: 3, sequence: 11 })), 'handled');
  });

  it('never comes after it, in whatever order they come', async () => {
    const story = [1, 2, 3, 4].map((n) => eventOf('order.review', { n, sequence: n }));
    for (const told of permutationsOf(story)) {
      const { effects, handle } = begin('drop');
      for (const event of [...told, ...told]) {
        await handle(event);
      }
      assert.deepEqual(effects, effects.toSorted(), told.map(({ id }) => id).join(' '));
      assert.equal(effects.at(-1), story[3]?.id);
      assert.equal(new Set(effects).size, effects.length);
    }
  });
});

describe('the transaction of a store', () => {
  /** A store that writes down what it was asked, in order. */
  function recording() {
    const calls: string[] = [];
    const store: EventStore<'transaction'> = {
      transaction: async (work) => {
        calls.push('begin');
        const result = await work('transaction');
        calls.push('commit');
        return result;
      },
      remember: (transaction, { id }) => {
        calls.push(`${transaction}: remember ${id}`);
        return Promise.resolve(true);
      },
      advance: (transaction, { subject, sequence }) => {
        calls.push(`${transaction}: advance ${subject} ${sequence}`);
        return Promise.resolve(true);
      },
    };
    return { calls, store };
  }

  it('holds the marks and the effect', async () => {
    const { calls, store } = recording();
    const handle = createOnceHandler({
      store,
      older: 'drop',
      handle: async ({ type }, transaction) => {
        await Promise.resolve();
        calls.push(`${transaction}: ${type}`);
      },
    });
    await handle(closed);
    assert.deepEqual(calls, [
      'begin',
      'transaction: remember order#1900000001#A-1001/order.closed/1',
      'transaction: advance order#1900000001#A-1001 0000000003',
      'transaction: order.closed',
      'commit',
    ]);
  });

  it('passes on what fails, and is not committed then', async () => {
    const failure = new Error('No.');
    const fails = () => Promise.reject(failure);
    const { calls, store } = recording();
    const usual = { store, older: 'drop', handle: () => undefined } as const;
    for (const options of [
      { ...usual, handle: fails },
      { ...usual, store: { ...store, remember: fails } },
      { ...usual, store: { ...store, advance: fails } },
      { ...usual, store: { ...store, transaction: fails } },
    ]) {
      await assert.rejects(createOnceHandler(options)(closed), failure);
    }
    assert.equal(calls.includes('commit'), false);
  });
});
