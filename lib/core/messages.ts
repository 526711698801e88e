import { kinds, type SubjectKey } from './record.ts';
import { fail, ok, type Result } from './result.ts';
import { type AccountName, isAccountName, isMchid } from './values/ids.ts';
import { fieldsOf, isCount, isText, type JsonObject, oneOf, parseObject } from './values/json.ts';
import { type Instant, isInstant } from './values/time.ts';

export const hintReasons = ['notice', 'timer', 'bill', 'request'] as const;
/** Why somebody should look. */
export type HintReason = (typeof hintReasons)[number];

/**
 * Queue `hints` → `confirm`: look at this subject. It carries no fact that may change money; `says`
 * only decides whether an unpaid answer is worth three quick repeats. Version 1.
 */
export type Hint = {
  readonly type: 'hint';
  readonly account: AccountName;
  readonly subject: SubjectKey;
  readonly reason: HintReason;
  /** The `trade_state` or `refund_status` that a notice claimed. */
  readonly says?: string;
};

/**
 * Queue `hints` → `confirm`: WeChat sent a notice of a kind we do not handle; keep and announce it.
 * Carries no plaintext. Version 1.
 */
export type UnhandledNotice = {
  readonly type: 'unhandled-notice';
  readonly account: AccountName;
  /** Kind `notice`; the number is the notice's id. */
  readonly subject: SubjectKey;
  readonly event_type: string;
  readonly createdAt: Instant;
};

/**
 * Queue `timers` → `watch`: the planned look at `slot`. `origin` is `chain` for the one chain of
 * messages that the PUT began, `sweep` for a look that the sweep found due and for the first one at a
 * subject without a chain, `after-close` for the one look at a closed order. `hop` counts the sends of
 * a chain. Version 1.
 */
export type Wake = {
  readonly type: 'wake';
  readonly account: AccountName;
  readonly subject: SubjectKey;
  readonly origin: 'chain' | 'sweep' | 'after-close';
  readonly slot: Instant;
  readonly hop: number;
};

export type Message = Hint | UnhandledNotice | Wake;

/**
 * - `undecodable`, `unknown-type`: no later release will understand it either: park it.
 * - `unknown-version`: a newer writer may be rolling out: leave it in the queue.
 */
export type MessageProblem = 'undecodable' | 'unknown-type' | 'unknown-version';

const isHintReason = oneOf(hintReasons);
const isOrigin = oneOf(['chain', 'sweep', 'after-close']);
const isKind = oneOf(kinds);

const version = 1;
const maxNumberLength = 64;

export function encodeMessage(message: Message): string {
  return JSON.stringify({ version, ...message });
}

/** Reads a message of version 1; extra fields are ignored, so that a later writer may add some. */
export function decodeMessage(text: string): Result<Message, MessageProblem> {
  const parsed = parseObject(text);
  if (!parsed.ok) {
    return fail('undecodable');
  }
  const source = parsed.value;
  const type = source['type'];
  if (type !== 'hint' && type !== 'unhandled-notice' && type !== 'wake') {
    return fail(typeof type === 'string' ? 'unknown-type' : 'undecodable');
  }
  if (source['version'] !== version) {
    return fail(isCount(source['version']) ? 'unknown-version' : 'undecodable');
  }
  const decoded = decoders[type](source);
  return decoded.ok ? ok(decoded.value) : fail('undecodable');
}

const decoders = {
  hint: (source: JsonObject): Result<Message> => {
    const fields = fieldsOf(source);
    const head = readHead(source);
    const reason = fields.required('reason', isHintReason);
    const says = fields.optional('says', isText);
    const rest = says === undefined ? {} : { says };
    return andThen(head, (value) =>
      fields.result(() => ({ type: 'hint', ...value, reason, ...rest })),
    );
  },
  'unhandled-notice': (source: JsonObject): Result<Message> => {
    const fields = fieldsOf(source);
    const event_type = fields.required('event_type', isText);
    const createdAt = fields.required('createdAt', isInstant);
    return andThen(readHead(source), (value) =>
      fields.result(() => ({ type: 'unhandled-notice', ...value, event_type, createdAt })),
    );
  },
  wake: (source: JsonObject): Result<Message> => {
    const fields = fieldsOf(source);
    const origin = fields.required('origin', isOrigin);
    const slot = fields.required('slot', isInstant);
    const hop = fields.required('hop', isCount);
    return andThen(readHead(source), (value) =>
      fields.result(() => ({ type: 'wake', ...value, origin, slot, hop })),
    );
  },
};

type Head = { readonly account: AccountName; readonly subject: SubjectKey };

function readHead(source: JsonObject): Result<Head> {
  const fields = fieldsOf(source);
  const subject = fieldsOf(source['subject']);
  const account = fields.required('account', isAccountName);
  const kind = subject.required('kind', isKind);
  const mchid = subject.required('mchid', isMchid);
  const number = subject.required('number', isSubjectNumber);
  return andThen(
    subject.result(() => ({ kind, mchid, number })),
    (key) => fields.result(() => ({ account, subject: key })),
  );
}

function isSubjectNumber(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxNumberLength;
}

function andThen<A, B>(result: Result<A>, next: (value: A) => Result<B>): Result<B> {
  return result.ok ? next(result.value) : result;
}
