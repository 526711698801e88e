import { describe, test } from 'node:test';
import { amendContract } from './record-store-amend.contract.ts';
import { commitContract } from './record-store-commit.contract.ts';
import { createContract } from './record-store-create.contract.ts';
import { dueContract } from './record-store-due.contract.ts';
import type { ContractTest, StoreHarness } from './record-store-harness.ts';
import { outboxContract } from './record-store-outbox.contract.ts';

/**
 * Every promise of `RecordStore` (core/ports.ts). Run on the fake and on the real table alike, so that
 * what is proven over the fake holds in production. `open` gives each test an empty store.
 */
export function runRecordStoreContract(name: string, open: () => Promise<StoreHarness>): void {
  const contractTest: ContractTest = (title, body) => {
    test(title, async () => {
      const harness = await open();
      await body(harness.store, harness);
    });
  };
  describe(`record store contract: ${name}`, () => {
    createContract(contractTest);
    commitContract(contractTest);
    outboxContract(contractTest);
    amendContract(contractTest);
    dueContract(contractTest);
  });
}
