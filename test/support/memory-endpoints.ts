import type { EndpointStore } from '#core/deliveries.ts';
import type { Endpoint } from '#core/endpoint.ts';
import { AppError } from '#core/errors.ts';
import type { AccountName } from '#core/values/ids.ts';
import { type FaultSource, perform } from './faults.ts';

export type EndpointOperation = 'endpoint-load' | 'endpoint-save';

/** The endpoints as the table has them, and a client of it with the faults that befall it. */
export function endpointsOver(
  table: Map<AccountName, Endpoint>,
  faults: FaultSource<EndpointOperation> | undefined,
): EndpointStore {
  return {
    load: (account) => perform(faults, 'endpoint-load', { run: () => table.get(account), failure }),
    save: (account, endpoint) =>
      perform(faults, 'endpoint-save', {
        run: () => {
          if ((table.get(account)?.version ?? 0) !== endpoint.version - 1) {
            return 'lost';
          }
          table.set(account, structuredClone(endpoint));
          return 'done';
        },
        failure,
        unknown: 'unknown',
        lost: () => 'lost',
      }),
  };
}

function failure(): AppError {
  return new AppError('store_unavailable', 'The table refused, as the test planned.');
}
