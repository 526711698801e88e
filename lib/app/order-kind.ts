import type { Decision } from '#core/decision.ts';
import type { OrderEvidence } from '#core/evidence.ts';
import type { Message } from '#core/messages.ts';
import type { OrderGateway } from '#core/ports.ts';
import type { SubjectKey } from '#core/record.ts';
import { ok } from '#core/result.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { orderEventData } from '#core/subjects/order/describe.ts';
import { decodeOrder, isSettled, type Order, planOf } from '#core/subjects/order/order.ts';
import { unmatchedOrderRecord } from '#core/subjects/order/unmatched.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import type { Finding, Look, SubjectKind } from './subject-kind.ts';

/** Orders in the loop: observed by our own signed query, closed by our own close. */
export function createOrderKind(gateway: OrderGateway): SubjectKind {
  return {
    open: (record) => {
      const decoded = decodeOrder(record);
      if (!decoded.ok) {
        return decoded;
      }
      const order = decoded.value;
      return ok({
        settled: isSettled(order),
        plan: planOf(order),
        looksFor: (message) => looksFor(order, message),
        consider: (look) => consider(gateway, record.key, order, look),
        eventData: (event) => orderEventData(record, order, event),
      });
    },
    adopt: async (hint, look) => {
      if (hint.reason === 'request' || hint.reason === 'timer') {
        return undefined;
      }
      const evidence = await observe(gateway, hint.subject, undefined, look);
      return unmatchedOrderRecord(hint, evidence, look.now());
    },
  };
}

/**
 * A settled record ends a timer's look, but for the one after its close and a look that is still owed;
 * PAID ends a notice too. So a flood of duplicates and late timers costs no call to WeChat.
 */
function looksFor(order: Order, message: Message): boolean {
  if (order.status === 'UNMATCHED') {
    return false;
  }
  if (message.type === 'wake' || (message.type === 'hint' && message.reason === 'timer')) {
    const isAfterClose = message.type === 'wake' && message.origin === 'after-close';
    const isOwed =
      order.unknownLooks > 0 || (order.contradictedAt !== undefined && !order.contradiction);
    return !isSettled(order) || isOwed || (isAfterClose && order.status !== 'PAID');
  }
  return message.type === 'hint' && (message.reason !== 'notice' || order.status !== 'PAID');
}

async function consider(
  gateway: OrderGateway,
  key: SubjectKey,
  order: Order,
  look: Look,
): Promise<Finding> {
  const { account } = look;
  const first = await observe(gateway, key, order, look);
  const decision = decideOrder(order, first, { now: look.now(), account });
  if (decision.type !== 'command') {
    return { decision, answer: answerOf(first) };
  }
  if (!look.hasTime() || !isOutTradeNo(key.number)) {
    return { decision: outOfTime, answer: answerOf(first) };
  }
  const closed = await gateway.close(account, key.number);
  const second = await observe(gateway, key, order, look);
  const again = decideOrder(order, second, { now: look.now(), account, closed });
  return { decision: again, answer: answerOf(second) };
}

const outOfTime: Decision = { type: 'unknown', code: 'NO_TIME', isFault: false };

function observe(
  gateway: OrderGateway,
  key: SubjectKey,
  order: Order | undefined,
  look: Look,
): Promise<OrderEvidence> {
  if (!isOutTradeNo(key.number)) {
    return Promise.resolve({ type: 'unknown', code: 'BAD_NUMBER' });
  }
  if (!look.hasTime()) {
    return Promise.resolve({ type: 'unknown', code: 'NO_TIME' });
  }
  const transaction_id = order?.transaction_id;
  return gateway.query(look.account, {
    out_trade_no: key.number,
    ...(transaction_id !== undefined && { transaction_id }),
  });
}

function answerOf(evidence: OrderEvidence): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
