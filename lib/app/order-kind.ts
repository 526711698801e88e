import type { Decision } from '#core/decision.ts';
import type { CloseOutcome, OrderEvidence } from '#core/evidence.ts';
import type { Message } from '#core/messages.ts';
import type { AskedOrder, OrderGateway } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { ok } from '#core/result.ts';
import { type ClaimFinding, referenceToClaim } from '#core/subjects/order/claim.ts';
import { decideOrder, type OrderContext } from '#core/subjects/order/decide.ts';
import { orderEventData } from '#core/subjects/order/describe.ts';
import {
  decodeOrder,
  isSettled,
  type Order,
  owesLook,
  planOf,
} from '#core/subjects/order/order.ts';
import { refuseNote } from '#core/subjects/order/refunds.ts';
import { unmatchedOrderRecord } from '#core/subjects/order/unmatched.ts';
import { nextSlot } from '#core/timing.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import { type ClaimPorts, claimReference } from './claim-reference.ts';
import type { Finding, Look, SubjectKind } from './subject-kind.ts';

export type OrderKindPorts = ClaimPorts & { readonly gateway: OrderGateway };

/** Orders in the loop: observed by our own signed query, closed by our own close. */
export function createOrderKind(ports: OrderKindPorts): SubjectKind {
  return {
    open: (record) => {
      const decoded = decodeOrder(record);
      if (!decoded.ok) {
        return decoded;
      }
      const order = decoded.value;
      const plan = planOf(order);
      return ok({
        settled: isSettled(order),
        rests: isSettled(order) && !owesLook(order),
        plan,
        nextLook: (now) => nextSlot(plan, now),
        looksFor: (message) => looksFor(order, message),
        consider: (look) => consider(ports, record, order, look),
        eventData: (event) => orderEventData(record, order, event),
        refuseStart: (number) => refuseNote(order, number),
      });
    },
    adopt: async (hint, look) => {
      if (hint.reason === 'request' || hint.reason === 'timer') {
        return undefined;
      }
      const evidence = await observe(ports.gateway, hint.subject, undefined, look);
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
    return !isSettled(order) || owesLook(order) || (isAfterClose && order.status !== 'PAID');
  }
  return message.type === 'hint' && (message.reason !== 'notice' || order.status !== 'PAID');
}

async function consider(
  ports: OrderKindPorts,
  record: StoredRecord,
  order: Order,
  look: Look,
): Promise<Finding> {
  const { gateway } = ports;
  const { key } = record;
  const first = await observe(gateway, key, order, look);
  const found = await decide(ports, record, order, { evidence: first, look });
  if (found.decision.type !== 'command') {
    return found;
  }
  const asked = askedOrder(key, order);
  if (!look.hasTime() || asked === undefined) {
    return { decision: outOfTime, answer: found.answer };
  }
  const closed =
    found.decision.command === 'reverse'
      ? await reverse(gateway, asked, look)
      : await gateway.close(look.account, asked.out_trade_no, asked.appid);
  const second = await observe(gateway, key, order, look);
  return decide(ports, record, order, { evidence: second, look, closed });
}

const reverseLimit = 3;

/** WeChat may ask for the same again at once (`recall`); what it still asks for is left to the next look. */
async function reverse(
  gateway: OrderGateway,
  asked: AskedOrder,
  look: Look,
): Promise<CloseOutcome> {
  for (let round = 0; round < reverseLimit && look.hasTime(); round += 1) {
    const outcome = await gateway.reverse(look.account, asked);
    if (outcome.type !== 'recall') {
      return outcome;
    }
  }
  return { type: 'unknown', code: 'RECALL' };
}

async function decide(
  ports: OrderKindPorts,
  record: StoredRecord,
  order: Order,
  seen: {
    readonly evidence: OrderEvidence;
    readonly look: Look;
    readonly closed?: NonNullable<OrderContext['closed']>;
  },
): Promise<Finding> {
  const { evidence, look, closed } = seen;
  const { account } = look;
  const claim = await claimFor(ports, record, order, { evidence, look });
  const decision = decideOrder(order, evidence, {
    now: look.now(),
    account,
    ...(closed !== undefined && { closed }),
    ...(claim !== undefined && { claim }),
  });
  // What a notice says must not get lost while another order decides what it means.
  const answer = claim?.type === 'waits' ? 'claim-waits' : answerOf(evidence);
  return { decision, answer };
}

function claimFor(
  ports: OrderKindPorts,
  record: StoredRecord,
  order: Order,
  { evidence, look }: { readonly evidence: OrderEvidence; readonly look: Look },
): Promise<ClaimFinding> | undefined {
  const { account } = look;
  const { number, mchid } = record.key;
  const reference = referenceToClaim(order, evidence, account);
  if (reference === undefined || !isOutTradeNo(number)) {
    return undefined;
  }
  const me = { account: account.name, mchid, out_trade_no: number };
  return claimReference(ports, { tenant: account.tenant, reference }, me);
}

const outOfTime: Decision = { type: 'unknown', code: 'NO_TIME', isFault: false };

function observe(
  gateway: OrderGateway,
  key: SubjectKey,
  order: Order | undefined,
  look: Look,
): Promise<OrderEvidence> {
  const asked = askedOrder(key, order);
  if (asked === undefined) {
    return Promise.resolve({ type: 'unknown', code: 'BAD_NUMBER' });
  }
  return look.hasTime()
    ? gateway.query(look.account, asked)
    : Promise.resolve({ type: 'unknown', code: 'NO_TIME' });
}

/** By WeChat's own number where we know it. */
function askedOrder({ number }: SubjectKey, order: Order | undefined): AskedOrder | undefined {
  const { terms, transaction_id } = order ?? {};
  return isOutTradeNo(number)
    ? { out_trade_no: number, ...withoutUndefined({ appid: terms?.appid, transaction_id }) }
    : undefined;
}

function answerOf(evidence: OrderEvidence): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
