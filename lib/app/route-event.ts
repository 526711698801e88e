import { AppError } from '#core/errors.ts';
import { accountOfEvent } from '#core/events.ts';
import type { Accounts, EventQueue } from '#core/ports.ts';

export type RoutePorts = {
  readonly accounts: Accounts;
  /** `events.fifo`, which one tenant reads. */
  readonly events: EventQueue;
  readonly webhooks: EventQueue;
  readonly eventsTenant: string;
};

/**
 * Where an event goes is decided when it is emitted: to the account's webhook, if it has one, else to
 * `events.fifo`. An account of another tenant than the one who reads that queue has nowhere to go: it
 * ends in `account_invalid`, and the record owes the event until a webhook is set.
 */
export function createEventRouter(ports: RoutePorts): EventQueue {
  return {
    send: async (event) => {
      const name = accountOfEvent(event);
      const account = name === undefined ? undefined : await ports.accounts.get(name);
      if (account === undefined) {
        throw new AppError(
          'account_unknown',
          `Nobody knows where ${event.source} wants its events.`,
        );
      }
      if (account.webhook !== undefined) {
        return ports.webhooks.send(event);
      }
      if (account.tenant !== ports.eventsTenant) {
        throw new AppError(
          'account_invalid',
          `Account ${account.name} needs a webhook: events.fifo is ${ports.eventsTenant}'s.`,
        );
      }
      return ports.events.send(event);
    },
  };
}
