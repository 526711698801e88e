import type { ErrorCode } from '#core/errors.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { ok, type Result } from '#core/result.ts';
import { orderView } from '#core/subjects/order/describe.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import { planView } from '#core/subjects/plan/describe.ts';
import { decodePlan } from '#core/subjects/plan/plan.ts';
import { refundView } from '#core/subjects/refund/describe.ts';
import { decodeRefund } from '#core/subjects/refund/refund.ts';
import { serviceOrderView } from '#core/subjects/service-order/describe.ts';
import { decodeServiceOrder } from '#core/subjects/service-order/service-order.ts';
import { signPlanView } from '#core/subjects/sign-plan/describe.ts';
import { decodeSignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import type { AccountName } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { confirm, type LoopPorts } from './confirm.ts';

export type Asked = {
  readonly account: AccountName;
  readonly key: SubjectKey;
  readonly refresh: boolean;
};

/**
 * An order as we know it; with `refresh` after the loop has looked at WeChat, and then `refreshed` tells
 * whether WeChat answered: if not, the order is shown as it stood. Refuses with `order_unknown`.
 */
export function getOrder(ports: LoopPorts, asked: Asked): Promise<Answer<JsonObject>> {
  return getSubject(ports, asked, {
    unknown: 'order_unknown',
    view: (record) => {
      const order = decodeOrder(record);
      return order.ok ? ok(orderView(record, order.value)) : order;
    },
  });
}

/** A refund as `getOrder` shows an order. Refuses with `refund_unknown`. */
export function getRefund(ports: LoopPorts, asked: Asked): Promise<Answer<JsonObject>> {
  return getSubject(ports, asked, {
    unknown: 'refund_unknown',
    view: (record) => {
      const refund = decodeRefund(record);
      return refund.ok ? ok(refundView(record, refund.value)) : refund;
    },
  });
}

/** A plan as `getOrder` shows an order. Refuses with `plan_unknown`. */
export function getPlan(ports: LoopPorts, asked: Asked): Promise<Answer<JsonObject>> {
  return getSubject(ports, asked, {
    unknown: 'plan_unknown',
    view: (record) => {
      const plan = decodePlan(record);
      return plan.ok ? ok(planView(record, plan.value)) : plan;
    },
  });
}

/** A sign plan as `getOrder` shows an order. Refuses with `sign_plan_unknown`. */
export function getSignPlan(ports: LoopPorts, asked: Asked): Promise<Answer<JsonObject>> {
  return getSubject(ports, asked, {
    unknown: 'sign_plan_unknown',
    view: (record) => {
      const signPlan = decodeSignPlan(record);
      return signPlan.ok ? ok(signPlanView(record, signPlan.value)) : signPlan;
    },
  });
}

/** A service order as `getOrder` shows an order. Refuses with `service_order_unknown`. */
export function getServiceOrder(ports: LoopPorts, asked: Asked): Promise<Answer<JsonObject>> {
  return getSubject(ports, asked, {
    unknown: 'service_order_unknown',
    view: (record) => {
      const order = decodeServiceOrder(record);
      return order.ok ? ok(serviceOrderView(record, order.value)) : order;
    },
  });
}

type Showing = {
  readonly unknown: ErrorCode;
  readonly view: (record: StoredRecord) => Result<JsonObject>;
};

async function getSubject(
  ports: LoopPorts,
  { account, key, refresh }: Asked,
  showing: Showing,
): Promise<Answer<JsonObject>> {
  const before = await ports.store.load(key);
  if (before === undefined) {
    return refuse(showing.unknown);
  }
  if (!refresh) {
    return show(showing, before);
  }
  const hint = { type: 'hint', account, subject: key, reason: 'request' } as const;
  const ending = await confirm(ports, hint, { receiveCount: 1 });
  const refreshed = ending.type === 'done' && ending.unanswered !== true;
  return show(showing, (await ports.store.load(key)) ?? before, { refreshed });
}

function show(showing: Showing, record: StoredRecord, more: JsonObject = {}): Answer<JsonObject> {
  const view = showing.view(record);
  return view.ok ? { ok: true, value: { ...view.value, ...more } } : refuse('record_undecodable');
}
