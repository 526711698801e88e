import type { PlanState } from '#core/payscore/evidence.ts';
import { nextCommandSlot } from '#core/payscore/looks.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { StoredRecord } from '#core/record.ts';
import { ok } from '#core/result.ts';
import { decidePlan } from '#core/subjects/plan/decide.ts';
import { planEventData } from '#core/subjects/plan/describe.ts';
import { decodePlan, isPlanSettled, type Plan } from '#core/subjects/plan/plan.ts';
import { isMerchantPlanNo } from '#core/values/ids.ts';
import { considerCommands } from './consider-commands.ts';
import type { Finding, Look, SubjectKind } from './subject-kind.ts';

/** PayScore plans in the loop: made by our own request, observed by our own query. No notice speaks of them. */
export function createPlanKind(gateway: PayscoreGateway): SubjectKind {
  return {
    open: (record) => {
      const decoded = decodePlan(record);
      if (!decoded.ok) {
        return decoded;
      }
      const plan = decoded.value;
      const settled = isPlanSettled(plan);
      const owesLook = record.unknownLooks > 0;
      return ok({
        settled,
        rests: settled && !owesLook,
        nextLook: (now) => nextCommandSlot(plan.pending?.at ?? plan.createdAt, now),
        looksFor: (message) =>
          message.type === 'hint' && message.reason !== 'timer' ? true : owesLook || !settled,
        consider: (look) => consider(gateway, record, plan, look),
        eventData: () => planEventData(record, plan),
      });
    },
    adopt: () => Promise.resolve(undefined),
  };
}

function consider(
  gateway: PayscoreGateway,
  { key }: StoredRecord,
  plan: Plan,
  look: Look,
): Promise<Finding> {
  const { number } = key;
  return considerCommands<PlanState>(gateway, look, {
    number,
    pending: plan.pending,
    observe: async () =>
      isMerchantPlanNo(number)
        ? gateway.queryPlan(look.account, number)
        : { type: 'unknown', code: 'BAD_NUMBER' },
    decide: (evidence, context) => decidePlan(plan, evidence, context),
  });
}
