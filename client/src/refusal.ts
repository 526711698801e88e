/**
 * Why something is no event of the back end. `missing_header`, `malformed_header`: a header of Standard
 * Webhooks is not there, or is not what it should be · `too_old`, `too_new`: its time is too far from the
 * clock · `no_match`: none of its signatures is by one of the keys · `malformed`: the body is no event ·
 * `foreign_id`: it was signed for another event.
 */
export type RefusalCode =
  | 'missing_header'
  | 'malformed_header'
  | 'too_old'
  | 'too_new'
  | 'no_match'
  | 'malformed'
  | 'foreign_id';

/** An event that must not be acted on. The message says nothing that was in it. */
export class EventRefusedError extends Error {
  override readonly name = 'EventRefusedError';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
