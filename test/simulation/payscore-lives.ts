import type {
  CommandName,
  PlanEvidence,
  SendOutcome,
  ServiceOrderEvidence,
  SignPlanEvidence,
} from '#core/payscore/evidence.ts';
import type { Kind, SubjectKey } from '#core/record.ts';
import { isOpenid, isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import type { Instant } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { ServiceFate } from './payscore-plan.ts';

/** How a service order lives, besides what WeChat's book says. */
export type Life = {
  readonly fate: ServiceFate;
  isCompleted: boolean;
  createdUntil?: Instant;
  isExpired?: boolean;
  /** Paid although it was cancelled. */
  landedAt?: Instant;
};

type State = Extract<ServiceOrderEvidence, { readonly type: 'state' }>;

export type PayscoreEvidence = PlanEvidence | SignPlanEvidence | ServiceOrderEvidence;

export const notThere = { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' } as const;

/** What the book says of a service order, as its life makes it. */
export function asLived(evidence: State, life: Life, now: Instant): State {
  const { createdUntil, isExpired, landedAt, fate } = life;
  if (landedAt !== undefined) {
    const { totalFen = valid(0, isFen), out_order_no } = evidence;
    return {
      ...evidence,
      state: 'DONE',
      collection_state: 'USER_PAID',
      paidFen: totalFen,
      paid_type: 'NEWTON',
      transaction_id: landedId(out_order_no),
      paidAt: landedAt,
    };
  }
  if (isExpired === true) {
    return { ...evidence, state: 'EXPIRED' };
  }
  if (evidence.state === 'DOING' && createdUntil !== undefined && createdUntil > now) {
    const { state_description: _, ...rest } = evidence;
    return { ...rest, state: 'CREATED' };
  }
  if (evidence.collection_state !== 'USER_PAID' || evidence.transaction_id === undefined) {
    return evidence;
  }
  return {
    ...evidence,
    ...(fate.chargedAs === 'amount' && { paidFen: valid(1, isFen) }),
    ...(fate.chargedAs === 'payer' && { openid: valid('oAnother', isOpenid) }),
  };
}

/** The number of a payment that landed after the cancel. */
export function landedId(number: string) {
  return valid(`4200landed${number.replaceAll('-', '')}`, isTransactionId);
}

/** The order number that WeChat makes for the charge of a service. */
export function tradeNumberOf({ number }: Pick<SubjectKey, 'number'>) {
  return valid(`wxzff${number}`, isOutTradeNo);
}

/** Which kind of subject a command is for. */
export function kindOfCommand(name: CommandName): Kind {
  switch (name) {
    case 'create-plan':
    case 'stop-plan':
      return 'plan';
    case 'create-sign-plan':
    case 'stop-sign-plan':
      return 'sign-plan';
    default:
      return 'service-order';
  }
}

/** How a story tells an answer. */
export function wordOf(answer: PayscoreEvidence | SendOutcome): string {
  if (answer.type !== 'state') {
    return 'code' in answer ? answer.code : answer.type;
  }
  return 'state_description' in answer || 'collection_state' in answer
    ? wordsOf(answer)
    : answer.state;
}

/** The three words of a service order together. */
export function wordsOf({
  state,
  state_description,
  collection_state,
}: Pick<State, 'state' | 'state_description' | 'collection_state'>): string {
  return [state, state_description, collection_state]
    .filter((word) => word !== undefined)
    .join(' ');
}
