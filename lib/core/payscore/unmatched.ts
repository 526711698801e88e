import type { EventType } from '../events.ts';
import type { Hint } from '../messages.ts';
import type { StoredRecord } from '../record.ts';
import { phaseOf } from '../subjects/service-order/standing.ts';
import { dueAtOfOwed } from '../timing.ts';
import type { Appid } from '../values/ids.ts';
import type { JsonObject } from '../values/json.ts';
import { withoutUndefined } from '../values/optional.ts';
import type { Instant } from '../values/time.ts';
import type { ServiceOrderEvidence, SignPlanEvidence } from './evidence.ts';

/**
 * The record of a service that was paid and never ordered here: kept and announced, never fulfilled.
 * Undefined when WeChat knows of no payment.
 */
export function unmatchedServiceOrderRecord(
  hint: Hint,
  evidence: ServiceOrderEvidence,
  now: Instant,
): StoredRecord | undefined {
  if (evidence.type !== 'state' || phaseOf(evidence) !== 'PAID') {
    return undefined;
  }
  const { service_id, appid, order_id, totalFen, paidFen, paid_type, transaction_id } = evidence;
  const data = withoutUndefined({
    service_id,
    appid,
    createdAt: now,
    order_id,
    totalFen,
    paidFen,
    paid_type,
    transaction_id,
    successAt: evidence.paidAt,
  });
  return unmatched(hint, 'service-order.unmatched', { data, said: evidence.state, now });
}

/** The record of a signature on a plan that was never launched here. Undefined unless it was signed. */
export function unmatchedSignPlanRecord(
  hint: Hint,
  evidence: SignPlanEvidence,
  { appid, now }: { readonly appid: Appid; readonly now: Instant },
): StoredRecord | undefined {
  if (evidence.type !== 'state' || evidence.state !== 'SIGNED') {
    return undefined;
  }
  const { plan_id, service_id, openid, sign_plan_id, signedAt, overAt } = evidence;
  const data = withoutUndefined({
    plan_id,
    service_id,
    appid,
    openid,
    details: [],
    createdAt: now,
    bodySha256: '',
    requestId: '',
    sign_plan_id,
    signedAt,
    overAt,
  });
  return unmatched(hint, 'sign-plan.unmatched', { data, said: evidence.state, now });
}

function unmatched(
  hint: Hint,
  event: EventType,
  { data, said, now }: { readonly data: JsonObject; readonly said: string; readonly now: Instant },
): StoredRecord {
  return {
    key: hint.subject,
    account: hint.account,
    status: 'UNMATCHED',
    version: 1,
    data,
    history: [{ at: now, from: '-', to: 'UNMATCHED', because: hint.reason, evidence: said }],
    historyCount: 1,
    outbox: [{ type: 'event', event, n: 1, at: now }],
    eventCounts: { [event]: 1 },
    dueAt: dueAtOfOwed(undefined, now),
    leases: 0,
    unknownLooks: 0,
  };
}
