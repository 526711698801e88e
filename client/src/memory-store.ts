import type { EventStore } from './once.ts';

/** What a transaction of the store in memory has marked so far. */
export type MemoryTransaction = {
  readonly ids: Set<string>;
  readonly sequences: Map<string, string>;
};

/** A store for tests: all is gone when the process ends. One transaction at a time. */
export function createMemoryEventStore(): EventStore<MemoryTransaction> {
  const kept: MemoryTransaction = { ids: new Set(), sequences: new Map() };
  let last: Promise<unknown> = Promise.resolve();
  return {
    transaction: (work) => {
      const mine = last.then(async () => {
        const marks: MemoryTransaction = { ids: new Set(), sequences: new Map() };
        const result = await work(marks);
        keep(kept, marks);
        return result;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
    remember: ({ ids }, { id }) => {
      const isNew = !kept.ids.has(id) && !ids.has(id);
      ids.add(id);
      return isNew;
    },
    advance: ({ sequences }, { subject, sequence }) => {
      const current = sequences.get(subject) ?? kept.sequences.get(subject) ?? '';
      const isNewer = current <= sequence;
      if (isNewer) {
        sequences.set(subject, sequence);
      }
      return isNewer;
    },
  };
}

function keep(kept: MemoryTransaction, marks: MemoryTransaction): void {
  for (const id of marks.ids) {
    kept.ids.add(id);
  }
  for (const [subject, sequence] of marks.sequences) {
    kept.sequences.set(subject, sequence);
  }
}
