import type {
  SendOutcome,
  ServiceOrderEvidence,
  ServiceOrderState,
} from '#core/payscore/evidence.ts';
import { isOpenid, isPayscoreId, isServiceId, isTransactionId } from '#core/values/ids.ts';
import { type Fen, isFen } from '#core/values/money.ts';
import { at } from '../support/clock.ts';
import { valid } from '../support/order-builder.ts';
import { lessonNo, school, serviceId } from '../support/payscore-builder.ts';

/** What an answer means, read by people: one of seven phases, or why it means nothing. */
export type Meaning =
  | 'CREATED'
  | 'DOING'
  | 'COMPLETED'
  | 'PAID'
  | 'DONE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'another order'
  | 'not found'
  | 'nothing';

/** One answer to a query, as a look may get it. */
export type Answer = {
  readonly name: string;
  readonly means: Meaning;
  readonly evidence: ServiceOrderEvidence;
  readonly totalFen?: Fen;
  /** What was paid, by whatever way. */
  readonly paidFen?: Fen;
  readonly isByCharge?: boolean;
  readonly isOtherPayer?: boolean;
};

export const openid = valid('XCU234_afgew355', isOpenid);
const fen = (amount: number): Fen => valid(amount, isFen);
const [appid] = school.appids;
const paidAt = at('2026-11-21T05:30:00Z');

function says(
  words: Partial<ServiceOrderState> & { readonly state: string },
): ServiceOrderEvidence {
  return {
    type: 'state',
    out_order_no: lessonNo(2),
    service_id: serviceId,
    appid,
    openid,
    order_id: valid('1564654', isPayscoreId),
    ...words,
  };
}

function completed(total: number): Answer {
  const totalFen = fen(total);
  const words = { state_description: 'MCH_COMPLETE', collection_state: 'USER_PAYING', totalFen };
  const evidence = says({ state: 'DOING', ...words });
  return { name: `COMPLETED with ${total}`, means: 'COMPLETED', evidence, totalFen };
}

function charged(
  total: number,
  paid: number,
  who: { readonly openid?: typeof openid } = {},
): Answer {
  const totalFen = fen(total);
  const paidFen = fen(paid);
  const evidence = says({
    state: 'DONE',
    collection_state: 'USER_PAID',
    totalFen,
    paidFen,
    paid_type: 'NEWTON',
    transaction_id: valid('4200A1001', isTransactionId),
    paidAt,
    ...who,
  });
  const isOtherPayer = who.openid !== undefined;
  const name = `${paid} of ${total} charged${isOtherPayer ? ' to another' : ''}`;
  return { name, means: 'PAID', evidence, totalFen, paidFen, isByCharge: true, isOtherPayer };
}

/** Told by the merchant: WeChat names the total alone. */
function synced(total: number): Answer {
  const totalFen = fen(total);
  const words = { collection_state: 'USER_PAID', paid_type: 'MCH', totalFen };
  const evidence = says({ state: 'DONE', ...words });
  return {
    name: `${total} paid another way`,
    means: 'PAID',
    evidence,
    totalFen,
    paidFen: totalFen,
  };
}

/** Every kind of answer, with the amounts that matter: 120.00 signed, 90.00 as it may be lowered to. */
export const answers: readonly Answer[] = [
  { name: 'CREATED', means: 'CREATED', evidence: says({ state: 'CREATED' }) },
  {
    name: 'DOING',
    means: 'DOING',
    evidence: says({ state: 'DOING', state_description: 'USER_CONFIRM' }),
  },
  completed(12_000),
  completed(9_000),
  charged(12_000, 12_000),
  charged(9_000, 9_000),
  charged(9_000, 12_000),
  charged(12_001, 12_001),
  charged(12_000, 12_000, { openid: valid('XCU234_another', isOpenid) }),
  synced(12_000),
  {
    name: 'DONE',
    means: 'DONE',
    evidence: says({ state: 'DONE', need_collection: false }),
  },
  { name: 'REVOKED', means: 'REVOKED', evidence: says({ state: 'REVOKED' }) },
  { name: 'EXPIRED', means: 'EXPIRED', evidence: says({ state: 'EXPIRED' }) },
  {
    name: 'of another service',
    means: 'another order',
    evidence: says({
      state: 'DONE',
      collection_state: 'USER_PAID',
      service_id: valid('500001', isServiceId),
    }),
  },
  { name: 'DONE, unpaid', means: 'nothing', evidence: says({ state: 'DONE' }) },
  {
    name: 'not found',
    means: 'not found',
    evidence: { type: 'not-found', code: 'ORDER_NOT_EXIST' },
  },
  { name: 'no answer', means: 'nothing', evidence: { type: 'unknown', code: 'TIMEOUT' } },
  { name: 'fault', means: 'nothing', evidence: { type: 'fault', code: 'SIGN_ERROR' } },
];

/** Every way in which a send can end. */
export const sends: readonly SendOutcome[] = [
  { type: 'accepted' },
  { type: 'refused', code: 'INVALID_ORDER_STATE' },
  { type: 'unknown', code: 'SYSTEM_ERROR' },
  { type: 'fault', code: 'NO_AUTH' },
];
