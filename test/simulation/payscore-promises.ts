import type { Shown } from '#app/payscore/plans.ts';
import type { MerchantEvent } from '#core/events.ts';
import type { CommandName, PayscoreCommand } from '#core/payscore/evidence.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { subjectId } from '#core/record.ts';
import { createCommandPromises } from './payscore-commands.ts';
import { createPayscoreTelling, type PayscoreTelling } from './payscore-told.ts';
import { keyIn, serviceOrderIn } from './records.ts';
import type { Watching } from './told.ts';

/** How plans, sign plans and service orders may move, what may be announced, and what may be asked of WeChat. */
export type PayscorePromises = Pick<PayscoreTelling, 'onPayscoreAnswer' | 'onCommandAnswer'> & {
  onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
  onEvent(event: MerchantEvent): void;
  /** A function sends a command. */
  onCommand(key: SubjectKey, command: PayscoreCommand): void;
  /** A merchant's client asks something. */
  onRequest(key: SubjectKey): void;
  /** It was answered with 200 or, where WeChat has not said yet, 202. */
  onAcknowledged(
    key: SubjectKey,
    asked: { readonly command: CommandName; readonly sha256: string },
    shown: Shown,
  ): void;
};

const signEnds = ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE'];
const serviceEnds = ['PAID', 'DONE', 'REVOKED', 'EXPIRED', 'REVIEW'];

const moves: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  plan: {
    CREATED: ['NORMAL', 'STOP', 'REFUSED'],
    NORMAL: ['STOP'],
    STOP: [],
    REFUSED: ['CREATED', 'NORMAL', 'STOP'],
  },
  'sign-plan': {
    CREATED: ['UNSIGNED', 'SIGNED', 'LAPSED', 'REFUSED', ...signEnds],
    UNSIGNED: ['SIGNED', 'LAPSED', ...signEnds],
    SIGNED: signEnds,
    LAPSED: ['SIGNED', ...signEnds],
    REFUSED: ['CREATED', 'UNSIGNED', 'SIGNED', ...signEnds],
  },
  'service-order': {
    CREATED: ['DOING', 'COMPLETED', 'REFUSED', ...serviceEnds],
    DOING: ['COMPLETED', ...serviceEnds],
    COMPLETED: serviceEnds,
    DONE: ['REVIEW'],
    REVOKED: ['REVIEW'],
    EXPIRED: ['REVIEW'],
    REFUSED: ['CREATED', 'DOING', 'COMPLETED', ...serviceEnds],
  },
};

const paidWords = 'DONE USER_PAID';
/** The words that an answer to a query must have had before a status is announced. */
const wordsOfEvent: Readonly<Record<string, readonly string[]>> = {
  'sign-plan.signed': ['SIGNED'],
  'sign-plan.cancelled': ['SIGN_PLAN_CANCEL'],
  'sign-plan.completed': ['COMPLETE'],
  'sign-plan.expired': ['EXPIRE'],
  'sign-plan.unmatched': ['SIGNED'],
  'service-order.doing': ['DOING USER_CONFIRM'],
  'service-order.completed': ['DOING MCH_COMPLETE USER_PAYING', 'DONE'],
  'service-order.paid': [paidWords],
  'service-order.revoked': ['REVOKED'],
  'service-order.expired': ['EXPIRED'],
  'service-order.review': [paidWords],
  'service-order.unmatched': [paidWords],
};

export function createPayscorePromises(
  watching: Watching,
  onRequest: (key: SubjectKey) => void,
): PayscorePromises {
  const { site, wechat, table } = watching;
  const telling = createPayscoreTelling();
  const commands = createCommandPromises(watching, telling);

  /** Charged, by the payer who signed, with what was agreed: as WeChat said, and as it is there. */
  function checkMoney({ id, subject, data }: MerchantEvent): void {
    const key = keyIn(subject);
    const truth = wechat().payscore.truth(key);
    const record = table().peek(key);
    const order = record && serviceOrderIn(record);
    const isRight =
      truth.type === 'state' &&
      'paidFen' in truth &&
      truth.state === 'DONE' &&
      truth.collection_state === 'USER_PAID' &&
      truth.paidFen === truth.totalFen &&
      truth.openid === order?.openid &&
      truth.paidFen === data['paid_amount'] &&
      truth.totalFen === (data['total_amount'] ?? truth.totalFen) &&
      Number(truth.paidFen) <= Number(order?.priceFen);
    if (!isRight) {
      site.report(`${id} although what was agreed was not paid (I1)`);
    }
  }

  return {
    onPayscoreAnswer: telling.onPayscoreAnswer,
    onCommandAnswer: telling.onCommandAnswer,
    onRequest,
    onCommand: commands.onCommand,
    onAcknowledged: commands.onAcknowledged,
    onRecord: (after, before) => {
      if (before !== undefined && before.status !== after.status) {
        const { kind } = after.key;
        if (moves[kind]?.[before.status]?.includes(after.status) !== true) {
          site.report(`${subjectId(after.key)} moved from ${before.status} to ${after.status}`);
        }
        site.mark(`${kind} ${before.status}, then ${after.status}`);
      }
      if (before === undefined || after.version !== before.version) {
        commands.onRecord(after, before);
      }
    },
    onEvent: (event) => {
      const words = wordsOfEvent[event.type];
      const told = telling.of(keyIn(event.subject));
      if (words?.some((word) => told.words.has(word)) === false) {
        site.report(`${event.id} although WeChat told no query of ours so`);
      }
      if (event.type === 'service-order.paid') {
        checkMoney(event);
      }
    },
  };
}
