import type { Decision } from '#core/decision.ts';
import type { RefundEvidence } from '#core/evidence.ts';
import type { Message } from '#core/messages.ts';
import type { RefundGateway, RefundRequest } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { ok } from '#core/result.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import { learnRefund } from '#core/subjects/order/refunds.ts';
import { decideRefund } from '#core/subjects/refund/decide.ts';
import { refundEventData } from '#core/subjects/refund/describe.ts';
import { decodeRefund, isRefundSettled, type Refund } from '#core/subjects/refund/refund.ts';
import { adoptedRefundRecord, refundRecord } from '#core/subjects/refund/start.ts';
import { learnServiceRefund } from '#core/subjects/service-order/refunds.ts';
import { decodeServiceOrder } from '#core/subjects/service-order/service-order.ts';
import { nextDailySlot, nextRefundSlot } from '#core/timing.ts';
import { isOutRefundNo, type OutRefundNo } from '#core/values/ids.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import type { Finding, Look, SubjectKind, Told } from './subject-kind.ts';

/** Refunds in the loop: applied for with one number and the same parameters, observed by our own query. */
export function createRefundKind(gateway: RefundGateway): SubjectKind {
  return {
    open: (record) => {
      const decoded = decodeRefund(record);
      if (!decoded.ok) {
        return decoded;
      }
      const refund = decoded.value;
      const owesLook = record.unknownLooks > 0;
      const settled = isRefundSettled(refund);
      return ok({
        settled,
        rests: settled && !owesLook,
        nextLook: (now) =>
          refund.status === 'ABNORMAL'
            ? nextDailySlot(refund.startAt, now)
            : nextRefundSlot(refund.startAt, now),
        looksFor: (message) => looksFor(refund, owesLook, message),
        consider: (look) => consider(gateway, record.key, refund, look),
        eventData: () => refundEventData(record, refund),
        ...withoutUndefined({ tells: told(record, refund) }),
      });
    },
    adopt: async (hint, look) => {
      if (hint.reason === 'request' || hint.reason === 'timer') {
        return undefined;
      }
      const evidence = await observe(gateway, hint.subject, look);
      return adoptedRefundRecord(hint, evidence, look.now());
    },
    begin: refundRecord,
  };
}

/** Final is final: notices and late timers about it cost no call to WeChat. */
function looksFor(refund: Refund, owesLook: boolean, message: Message): boolean {
  if (message.type === 'wake' || (message.type === 'hint' && message.reason === 'timer')) {
    return owesLook || !isRefundSettled(refund);
  }
  const isFinal = refund.status === 'SUCCESS' || refund.status === 'CLOSED';
  return message.type === 'hint' && (message.reason !== 'notice' || !isFinal);
}

async function consider(
  gateway: RefundGateway,
  key: SubjectKey,
  refund: Refund,
  look: Look,
): Promise<Finding> {
  const { account } = look;
  const first = await observe(gateway, key, look);
  const decision = decideRefund(refund, first, { now: look.now() });
  if (decision.type !== 'command') {
    return { decision, answer: answerOf(first) };
  }
  if (!look.hasTime() || !isOutRefundNo(key.number)) {
    return { decision: outOfTime, answer: answerOf(first) };
  }
  const applied = await gateway.apply(account, requestOf(key.number, refund));
  const second = await observe(gateway, key, look);
  const again = decideRefund(refund, second, { now: look.now(), applied });
  return { decision: again, answer: answerOf(second) };
}

/** Only what is in the record, so that every apply is the same. */
function requestOf(out_refund_no: OutRefundNo, { terms }: Refund): RefundRequest {
  const { transaction_id, refundFen, totalFen, reason, funds_account, notify_url } = terms;
  return {
    out_refund_no,
    transaction_id,
    refundFen,
    totalFen,
    currency: 'CNY',
    ...withoutUndefined({ reason, funds_account, notify_url }),
  };
}

const outOfTime: Decision = { type: 'unknown', code: 'NO_TIME', isFault: false };

function observe(gateway: RefundGateway, key: SubjectKey, look: Look): Promise<RefundEvidence> {
  if (!isOutRefundNo(key.number)) {
    return Promise.resolve({ type: 'unknown', code: 'BAD_NUMBER' });
  }
  return look.hasTime()
    ? gateway.query(look.account, key.number)
    : Promise.resolve({ type: 'unknown', code: 'NO_TIME' });
}

/** What it gives back of: an order or a service order. Undefined when it names neither. */
function told({ key }: StoredRecord, refund: Refund): Told | undefined {
  const { mchid } = key;
  const { out_trade_no, out_order_no } = refund.terms;
  const said = { out_refund_no: key.number, refund };
  if (out_order_no !== undefined) {
    return {
      key: { kind: 'service-order', mchid, number: out_order_no },
      learn: (record) => {
        const decoded = decodeServiceOrder(record);
        return decoded.ok ? ok(learnServiceRefund(decoded.value, said)) : decoded;
      },
    };
  }
  return out_trade_no === undefined
    ? undefined
    : {
        key: { kind: 'order', mchid, number: out_trade_no },
        learn: (record) => {
          const decoded = decodeOrder(record);
          return decoded.ok ? ok(learnRefund(record, decoded.value, said)) : decoded;
        },
      };
}

function answerOf(evidence: RefundEvidence): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
