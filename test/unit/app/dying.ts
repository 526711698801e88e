import assert from 'node:assert/strict';
import type { Death } from '../../support/reaper.ts';
import type { TestBed } from '../../support/test-bed.ts';

/** A story in which a function dies, told anew for each moment at which it can. */
export type Story = {
  readonly prepare: () => Promise<TestBed>;
  /** What the function does that dies. */
  readonly job: (bed: TestBed) => Promise<unknown>;
  /** What happens afterwards, and how it must end; `where` names the moment of the death. */
  readonly after: (bed: TestBed, where: string) => Promise<void>;
};

const deaths: readonly Death[] = ['crash-before', 'crash-after'];

/** Lets the function die before and after each of its operations; it must have `operations` at least. */
export async function dieEverywhere(
  operations: number,
  { prepare, job, after }: Story,
): Promise<void> {
  for (const when of deaths) {
    for (let n = 1; ; n += 1) {
      const bed = await prepare();
      const operation = await bed.kill(n, when, () => job(bed));
      if (operation === undefined) {
        assert.ok(n > operations, `${n - 1} operations`);
        break;
      }
      await after(bed, `${when}: ${operation}, operation ${n}`);
    }
  }
}

/** What the merchant handles: each event id once. */
export function handledTypesOf(bed: TestBed): readonly string[] {
  const byId = new Map(bed.events.published().map(({ id, type }) => [id, type]));
  return [...byId.values()];
}
