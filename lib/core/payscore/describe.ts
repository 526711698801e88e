import type { JsonObject } from '../values/json.ts';
import type { Ended, Pending } from './pending.ts';

/** What a merchant is shown of commands: the one that WeChat has not answered yet, and how the last ended. */
export function commandsView({
  pending,
  ended,
}: {
  readonly pending: Pending | undefined;
  readonly ended: Ended | undefined;
}): JsonObject {
  return {
    ...(pending !== undefined && { pending_command: pending.name }),
    ...(ended !== undefined && {
      last_command: {
        name: ended.name,
        outcome: ended.outcome,
        ...(ended.code !== undefined && { reason: ended.code }),
      },
    }),
  };
}
