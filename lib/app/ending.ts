import type { ErrorCode } from '#core/errors.ts';

/** Why a message is not done, besides the codes of `core/errors.ts`; `docs/errors.md` explains each. */
export const endingReasons = [
  'account_foreign',
  'arm_lost',
  'commit_lost',
  'delivery_failed',
  'endpoint_down',
  'endpoint_waits',
  'no_time',
  'notice_ahead',
  'record_missing',
  'undecodable',
  'unknown-type',
  'unknown-version',
  'webhook_missing',
] as const;
export type EndingReason = (typeof endingReasons)[number] | ErrorCode;

/** How often SQS has handed out this message, from 1. */
export type Receipt = { readonly receiveCount: number };

/**
 * How a message ends.
 * - `done`: acknowledge it. `unanswered`: WeChat gave no usable answer, and the look stays owed.
 * - `retry`: leave it in its queue; `afterMs` where a certain pause is wanted, else growing pauses.
 * - `parked`: no try can help; to the dead-letter queue with the reason, or what is said in its place,
 *   then acknowledge.
 */
export type Ending =
  | { readonly type: 'done'; readonly unanswered?: true }
  | { readonly type: 'retry'; readonly reason: EndingReason; readonly afterMs?: number }
  | { readonly type: 'parked'; readonly reason: EndingReason; readonly detail?: string };

export const done: Ending = { type: 'done' };
