import type { MerchantEvent } from './events.ts';

/** What of an event is kept to know it again. */
export type EventMark = Pick<MerchantEvent, 'id' | 'subject' | 'sequence'>;

type Answer<T> = T | Promise<T>;

/**
 * The database of the merchant, in which an event is marked as handled *in the transaction of its effect*. The
 * README has the two tables and statements. Ids and subjects are compared byte by byte: `a-1001` and `A-1001`
 * are two orders.
 */
export type EventStore<Transaction> = {
  /**
   * Runs `work` in a transaction: if it resolves, all that it wrote is kept, and if it rejects, nothing, and the
   * rejection is passed on. Two at the same time are as if one came after the other wherever they mark the same.
   */
  readonly transaction: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Marks the event's id; false if it was marked before. */
  readonly remember: (transaction: Transaction, event: EventMark) => Answer<boolean>;
  /** Raises the subject's `sequence` to the event's, from a lower or the same; false if it is higher. */
  readonly advance: (transaction: Transaction, event: EventMark) => Answer<boolean>;
};

/** What became of an event. Each is an end: acknowledge it. */
export type Handling = 'handled' | 'repeated' | 'outdated';

export type OnceOptions<Transaction> = {
  readonly store: EventStore<Transaction>;
  /** The effect of an event; all that it does must be written with `transaction`. */
  readonly handle: (event: MerchantEvent, transaction: Transaction) => Answer<void>;
  /**
   * What to do with an event that is older than another one of its subject that was handled: `drop` it, where
   * only the latest state of the subject counts, or `handle` it all the same.
   */
  readonly older: 'drop' | 'handle';
};

/**
 * Gives each event id one effect, whatever is repeated, reordered or done at the same time, and whatever dies on
 * the way: mark and effect are kept together or not at all. What the store or `handle` throws is thrown on; do
 * not acknowledge the event then, and it comes again.
 */
export function createOnceHandler<Transaction>(
  options: OnceOptions<Transaction>,
): (event: MerchantEvent) => Promise<Handling> {
  const { store, handle, older } = options;
  return (event) =>
    store.transaction(async (transaction) => {
      if (!(await store.remember(transaction, event))) {
        return 'repeated';
      }
      if (older === 'drop' && !(await store.advance(transaction, event))) {
        return 'outdated';
      }
      await handle(event, transaction);
      return 'handled';
    });
}
