import type { ServiceOrderEvidence } from '../../payscore/evidence.ts';
import type { Pending, Standing } from '../../payscore/pending.ts';
import { parseObject } from '../../values/json.ts';
import { isFen } from '../../values/money.ts';
import type { ServiceOrder, ServiceOrderStatus } from './service-order.ts';

export type StateEvidence = Extract<ServiceOrderEvidence, { readonly type: 'state' }>;

/** What WeChat's three words mean together. */
export type Phase = Exclude<ServiceOrderStatus, 'REVIEW' | 'REFUSED' | 'UNMATCHED'>;

/** The three words read together (payscore-plan, query); undefined: no document knows this set. */
export function phaseOf(evidence: StateEvidence): Phase | undefined {
  const { state, state_description, collection_state } = evidence;
  switch (state) {
    case 'CREATED':
    case 'REVOKED':
    case 'EXPIRED':
      return state;
    case 'DOING':
      if (state_description === 'USER_CONFIRM') {
        return 'DOING';
      }
      return state_description === 'MCH_COMPLETE' ? 'COMPLETED' : undefined;
    case 'DONE':
      return collection_state === 'USER_PAID' ? 'PAID' : withoutCharge(evidence);
    default:
      return undefined;
  }
}

/** A service at price 0 has nothing to collect, and no notice comes. */
function withoutCharge({
  collection_state,
  need_collection,
  totalFen,
}: StateEvidence): 'DONE' | undefined {
  const isFree = need_collection === false || totalFen === 0;
  return collection_state === undefined && isFree ? 'DONE' : undefined;
}

/** Whether the query shows what the pending command was to do. */
export function standingOf(
  pending: Pending | undefined,
  phase: Phase,
  evidence: StateEvidence,
): Standing {
  const isOver = phase !== 'CREATED' && phase !== 'DOING' && phase !== 'COMPLETED';
  switch (pending?.name) {
    case 'complete':
      if (phase === 'COMPLETED' || phase === 'PAID' || phase === 'DONE') {
        return isOfAnother(pending, evidence) ? 'void' : 'done';
      }
      return isOver ? 'void' : 'open';
    case 'cancel':
      return phase === 'REVOKED' ? 'done' : isOver ? 'void' : 'open';
    case 'modify': {
      const total = totalIn(pending);
      const isLowered =
        evidence.totalFen === total || (phase === 'PAID' && evidence.paidFen === total);
      if (total !== undefined && isLowered) {
        return 'done';
      }
      return isOver ? 'void' : 'open';
    }
    case 'sync':
      // A charge may come first: then the user has paid twice, and the merchant must know.
      if (phase === 'DONE' || (phase === 'PAID' && evidence.paid_type !== 'NEWTON')) {
        return 'done';
      }
      return isOver ? 'void' : 'open';
    case 'pay':
      return phase === 'PAID' ? 'done' : isOver ? 'void' : 'open';
    default:
      return 'done';
  }
}

/** An earlier completion with another total stands at WeChat: one that it had refused, or not answered. */
function isOfAnother(pending: Pending, { totalFen }: StateEvidence): boolean {
  return totalFen !== undefined && totalFen !== totalIn(pending);
}

/** The total that is agreed once the pending command is done. */
export function agreedAfter(order: ServiceOrder, isDone: boolean): ServiceOrder['totalFen'] {
  const { pending } = order;
  const sets = pending?.name === 'complete' || pending?.name === 'modify';
  return isDone && pending !== undefined && sets ? totalIn(pending) : order.totalFen;
}

function totalIn({ body }: Pending): ServiceOrder['totalFen'] {
  const read = parseObject(body);
  const total = read.ok ? read.value['total_amount'] : undefined;
  return isFen(total) ? total : undefined;
}
