import type { Message } from '#core/messages.ts';
import type { ServiceOrderEvidence, ServiceOrderState } from '#core/payscore/evidence.ts';
import { nextChargingSlot, nextCommandSlot, nextQuietSlot } from '#core/payscore/looks.ts';
import type { AskedServiceOrder, PayscoreGateway } from '#core/payscore/ports.ts';
import { unmatchedServiceOrderRecord } from '#core/payscore/unmatched.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { ok } from '#core/result.ts';
import { decideServiceOrder } from '#core/subjects/service-order/decide.ts';
import { serviceOrderEventData } from '#core/subjects/service-order/describe.ts';
import { refuseServiceRefund } from '#core/subjects/service-order/refunds.ts';
import {
  decodeServiceOrder,
  isServiceOrderSettled,
  type ServiceOrder,
} from '#core/subjects/service-order/service-order.ts';
import { serviceOrderRecord } from '#core/subjects/service-order/start.ts';
import { decodeSignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import { learnServiceOrder } from '#core/subjects/sign-plan/start.ts';
import { isOutOrderNo } from '#core/values/ids.ts';
import { earliest, type Instant } from '#core/values/time.ts';
import { considerCommands } from './consider-commands.ts';
import type { Finding, Look, SubjectKind, Told } from './subject-kind.ts';

/** PayScore service orders in the loop: begun by their sign plan, judged by our own query alone. */
export function createServiceOrderKind(gateway: PayscoreGateway): SubjectKind {
  return {
    open: (record) => {
      const decoded = decodeServiceOrder(record);
      if (!decoded.ok) {
        return decoded;
      }
      const order = decoded.value;
      const settled = isServiceOrderSettled(order);
      const owesLook = record.unknownLooks > 0;
      const tells = told(record, order);
      return ok({
        settled,
        rests: settled && !owesLook,
        nextLook: (now) => nextLookAt(order, now),
        looksFor: (message) => looksFor(order, owesLook, message),
        consider: (look) => consider(gateway, record, order, look),
        eventData: () => serviceOrderEventData(record, order),
        ...(tells !== undefined && { tells }),
        refuseStart: (number) => refuseServiceRefund(order, number),
      });
    },
    adopt: async (hint, look) => {
      const { number } = hint.subject;
      const isWorthAsking = hint.reason === 'notice' || hint.reason === 'bill';
      if (!isWorthAsking || !isOutOrderNo(number)) {
        return undefined;
      }
      const { services = [], appids } = look.account;
      for (const { id: service_id } of services) {
        const asked = { out_order_no: number, service_id, appid: appids[0] };
        const evidence = await observe(gateway, asked, look);
        const record = unmatchedServiceOrderRecord(hint, evidence, look.now());
        if (record !== undefined) {
          return record;
        }
      }
      return undefined;
    },
    begin: serviceOrderRecord,
    // A number that WeChat refused may be used again; a repeat of the start that was refused may not.
    begunAnew: (standing, entry) =>
      standing.status === 'REFUSED' && standing.data['requestId'] !== entry.data['requestId'],
  };
}

function nextLookAt(order: ServiceOrder, now: Instant): Instant {
  const { status, createdAt, completedAt, pending } = order;
  const planned =
    status === 'DOING'
      ? nextQuietSlot(createdAt, now)
      : nextChargingSlot(completedAt ?? createdAt, now);
  return pending === undefined ? planned : earliest(planned, nextCommandSlot(pending.at, now));
}

/** Paid is final for a notice; everything else that is over may still turn out to be paid. */
function looksFor(order: ServiceOrder, owesLook: boolean, message: Message): boolean {
  if (order.status === 'UNMATCHED') {
    return false;
  }
  if (message.type === 'wake' || (message.type === 'hint' && message.reason === 'timer')) {
    return owesLook || !isServiceOrderSettled(order);
  }
  const isPaid = order.status === 'PAID' && order.pending === undefined;
  return message.type === 'hint' && (message.reason !== 'notice' || !isPaid);
}

function consider(
  gateway: PayscoreGateway,
  { key }: StoredRecord,
  order: ServiceOrder,
  look: Look,
): Promise<Finding> {
  const { service_id, appid } = order;
  return considerCommands<ServiceOrderState>(gateway, look, {
    number: key.number,
    pending: order.pending,
    observe: async () =>
      isOutOrderNo(key.number)
        ? gateway.queryServiceOrder(look.account, { out_order_no: key.number, service_id, appid })
        : { type: 'unknown', code: 'BAD_NUMBER' },
    decide: (evidence, context) => decideServiceOrder(order, evidence, context),
  });
}

function observe(
  gateway: PayscoreGateway,
  asked: AskedServiceOrder,
  look: Look,
): Promise<ServiceOrderEvidence> {
  return look.hasTime()
    ? gateway.queryServiceOrder(look.account, asked)
    : Promise.resolve({ type: 'unknown', code: 'NO_TIME' });
}

/** Its sign plan decides by it which detail is next. */
function told({ key }: StoredRecord, order: ServiceOrder): Told | undefined {
  const number = order.merchant_sign_plan_no;
  if (number === undefined) {
    return undefined;
  }
  const parent: SubjectKey = { kind: 'sign-plan', mchid: key.mchid, number };
  return {
    key: parent,
    learn: (record, now) => {
      const decoded = decodeSignPlan(record);
      const said = { out_order_no: key.number, status: order.status };
      return decoded.ok ? ok(learnServiceOrder(decoded.value, said, now)) : decoded;
    },
  };
}
