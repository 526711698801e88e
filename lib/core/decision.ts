import type { EventType } from './events.ts';
import type { DataPatch, NewSubject } from './record.ts';
import type { Instant } from './values/time.ts';

/** One call that changes something at WeChat; what it did is read from the query that follows. */
export type Command = 'close' | 'reverse' | 'apply' | 'send';

/** A commit to make: one conditional write, raising the version. */
export type Change = {
  /** The new status; absent when only data changes. */
  readonly status?: string;
  readonly patch: DataPatch;
  readonly events: readonly EventType[];
  /** Subjects that this change begins. */
  readonly starts?: readonly NewSubject[];
  /** The subject it belongs to (a refund's order) must hear of it. */
  readonly tells?: boolean;
  /** Plan one more look after the record closed. */
  readonly lookAfterClose?: boolean;
  /** It notes a command that our query cannot show afterwards: look on at once, and send it. */
  readonly looksOn?: true;
  /** When to look next. Absent on a change that settles. */
  readonly nextLookAt?: Instant;
  /** Made beside a look, by a request or another subject: whatever looks are owed stay owed. */
  readonly isAside?: true;
  /** For the history row: what WeChat said. */
  readonly evidence: string;
};

/**
 * What the pure core concluded from the record, WeChat's answer and the time.
 * - `quiet`: nothing new on a settled record.
 * - `wait`: WeChat's answer is known and nothing is to be done yet; `at` asks for a sooner look.
 * - `unknown`: no answer to build on, look again; `fault`: somebody must repair the account. `isOverdue`:
 *   this has gone on for so long that a human should know.
 * - `command`: run it, observe and decide once more (then no command may follow).
 * - `commit`: write the change.
 */
export type Decision =
  | { readonly type: 'quiet' }
  | { readonly type: 'wait'; readonly at?: Instant }
  | {
      readonly type: 'unknown';
      readonly code: string;
      readonly isFault: boolean;
      readonly isOverdue?: boolean;
    }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'commit'; readonly change: Change };
