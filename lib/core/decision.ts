import type { EventType } from './events.ts';
import type { DataPatch } from './record.ts';
import type { Instant } from './values/time.ts';

/** One call that changes something at WeChat; what it did is read from the query that follows. */
export type Command = 'close';

/** A commit to make: one conditional write, raising the version. */
export type Change = {
  /** The new status; absent when only data changes. */
  readonly status?: string;
  readonly patch: DataPatch;
  readonly events: readonly EventType[];
  /** Plan one more look after the record closed. */
  readonly lookAfterClose?: boolean;
  /** When to look next. Absent on a change that settles. */
  readonly nextLookAt?: Instant;
  /** For the history row: what WeChat said. */
  readonly evidence: string;
};

/**
 * What the pure core concluded from the record, WeChat's answer and the time.
 * - `quiet`: nothing new on a settled record.
 * - `wait`: WeChat's answer is known and nothing is to be done yet; `at` asks for a sooner look.
 * - `unknown`: no answer to build on, look again; `fault`: somebody must repair the account.
 * - `command`: run it, observe and decide once more (then no command may follow).
 * - `commit`: write the change.
 */
export type Decision =
  | { readonly type: 'quiet' }
  | { readonly type: 'wait'; readonly at?: Instant }
  | { readonly type: 'unknown'; readonly code: string; readonly isFault: boolean }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'commit'; readonly change: Change };
