import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../local/emulators.ts';

/** One call, and what DynamoDB bills for it: units of the table and of its indexes. */
export type BilledCall = {
  /** E.g. `UpdateItem`. */
  readonly operation: string;
  readonly tableUnits: number;
  readonly indexUnits: number;
  readonly isStrong: boolean;
  /** Its condition did not hold. Billed all the same, but the answer does not say how much. */
  readonly isLost: boolean;
};

export type CountedClient = {
  readonly client: DynamoDBClient;
  /** Every call so far, in the order of their answers. */
  readonly calls: () => readonly BilledCall[];
};

/** A client that asks of each call what it consumed, index included. Each call is tried once. */
export function countedClient(origin: string): CountedClient {
  const calls: BilledCall[] = [];
  const client = new DynamoDBClient({ ...clientSettings(origin, 'counted'), maxAttempts: 1 });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (given) => {
        const operation = commandName.replace(/Command$/, '');
        const input = { ...given.input, ReturnConsumedCapacity: 'INDEXES' };
        const isStrong = 'ConsistentRead' in input && input.ConsistentRead === true;
        try {
          const answer = await next({ ...given, input });
          calls.push({ operation, ...unitsOf(operation, answer.output), isStrong, isLost: false });
          return answer;
        } catch (error) {
          const isLost = error instanceof Error && error.name === 'ConditionalCheckFailedException';
          if (isLost) {
            calls.push({ operation, tableUnits: 0, indexUnits: 0, isStrong, isLost });
          }
          throw error;
        }
      },
    { step: 'initialize', name: 'countConsumedCapacity' },
  );
  return { client, calls: () => [...calls] };
}

function unitsOf(operation: string, output: object): Pick<BilledCall, 'tableUnits' | 'indexUnits'> {
  const consumed = 'ConsumedCapacity' in output ? Object(output.ConsumedCapacity) : {};
  const tableUnits: unknown = consumed.Table?.CapacityUnits;
  if (typeof tableUnits !== 'number') {
    throw new Error(`The answer to ${operation} does not say what it consumed.`);
  }
  const indexes = Object.values<{ CapacityUnits?: number }>(consumed.GlobalSecondaryIndexes ?? {});
  const indexUnits = indexes.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  return { tableUnits, indexUnits };
}

export function isWrite({ operation }: BilledCall): boolean {
  return operation !== 'GetItem' && operation !== 'Query';
}

/** Write units of the table and its indexes; a call whose condition was lost counts for nothing. */
export function writeUnitsOf(calls: readonly BilledCall[]): number {
  return calls
    .filter(isWrite)
    .reduce((sum, { tableUnits, indexUnits }) => sum + tableUnits + indexUnits, 0);
}

export function strongReadsOf(calls: readonly BilledCall[]): number {
  return calls.filter(({ isStrong }) => isStrong).length;
}
