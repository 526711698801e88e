import { chargeCode } from '#app/charge-code.ts';
import { type CreateOrderPorts, createOrder } from '#app/create-order.ts';
import type { OpenSubject } from '#app/subject-kind.ts';
import type { CloseOutcome, MicropayOutcome } from '#core/evidence.ts';
import type { OrderGateway } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { valid } from '../support/order-builder.ts';
import { claimedEvidence, stateEvidence, withGateway, withOrders, withStore } from './planting.ts';
import type { SimulationPorts } from './ports.ts';
import { orderIn } from './records.ts';

/** A reversal is sent by the look that notes it, before it is noted. */
export function reverseBeforeWriting(ports: SimulationPorts): SimulationPorts {
  return withOrders(ports, (subject, record) => ({
    ...subject,
    consider: async (look) => {
      const finding = await subject.consider(look);
      const { decision } = finding;
      if (decision.type === 'commit' && decision.change.looksOn === true) {
        const out_trade_no = valid(record.key.number, isOutTradeNo);
        await ports.gateway.reverse(look.account, { out_trade_no });
      }
      return finding;
    },
  }));
}

/** SUCCESS is SUCCESS, whatever is under way; `wanted`: on an order in one of these statuses. */
export function forgetReversal(
  ports: SimulationPorts,
  wanted: (record: StoredRecord) => boolean,
): SimulationPorts {
  const forgetful = (subject: OpenSubject, record: StoredRecord): OpenSubject => ({
    ...subject,
    consider: async (look) => {
      const { reversedAt, ...order } = orderIn(record);
      const { account } = look;
      if (reversedAt === undefined || !wanted(record)) {
        return subject.consider(look);
      }
      const out_trade_no = valid(record.key.number, isOutTradeNo);
      const evidence = await ports.gateway.query(account, { out_trade_no });
      if (evidence.type !== 'state' || evidence.state !== 'SUCCESS') {
        return subject.consider(look);
      }
      const decision = decideOrder({ ...order, reversedAt: undefined }, evidence, {
        now: look.now(),
        account,
        claim: { type: 'taken' },
      });
      return { decision, answer: 'SUCCESS' };
    },
  });
  return withOrders(ports, forgetful);
}

/** An outcome of a reversal that proves nothing passes for the end of the order. */
export function takeForReversed(
  ports: SimulationPorts,
  taken: 'recall' | Exclude<CloseOutcome['type'], 'done'>,
): SimulationPorts {
  const { gateway } = ports;
  const over = new Set<string>();
  return withGateway(ports, {
    ...gateway,
    reverse: async (account, order) => {
      const outcome = await gateway.reverse(account, order);
      if (outcome.type !== taken) {
        return outcome;
      }
      over.add(order.out_trade_no);
      return { type: 'done' };
    },
    query: (account, order) =>
      over.delete(order.out_trade_no)
        ? Promise.resolve(stateEvidence(account.mchid, order.out_trade_no, 'REVOKED'))
        : gateway.query(account, order),
  });
}

/** What became of a charge is read out of something else than WeChat said. */
export function readCharge(
  ports: SimulationPorts,
  read: (outcome: MicropayOutcome) => MicropayOutcome,
): SimulationPorts {
  const { gateway } = ports;
  const micropay: OrderGateway['micropay'] = async (...asked) =>
    read(await gateway.micropay(...asked));
  return withGateway(ports, { ...gateway, micropay });
}

/** The answer of the charge alone says that it is paid. */
export function believeCharge(ports: SimulationPorts): SimulationPorts {
  const { gateway } = ports;
  const paid = new Set<string>();
  const charging = withGateway(ports, {
    ...gateway,
    micropay: async (account, request) => {
      const outcome = await gateway.micropay(account, request);
      if (outcome.type === 'paid') {
        paid.add(request.out_trade_no);
      }
      return outcome;
    },
  });
  return withOrders(charging, (subject, record) => ({
    ...subject,
    consider: (look) => {
      const order = orderIn(record);
      const evidence = paid.has(record.key.number) ? claimedEvidence(record, order) : undefined;
      const { account } = look;
      return evidence === undefined
        ? subject.consider(look)
        : Promise.resolve({
            decision: decideOrder(order, evidence, { now: look.now(), account, claim }),
            answer: 'SUCCESS',
          });
    },
  }));
}

const claim = { type: 'taken' } as const;

/** A repeated PUT charges once more. */
export const chargeAgain: typeof createOrder = async (ports, account, request) => {
  const key: SubjectKey = { kind: 'order', mchid: account.mchid, number: request.out_trade_no };
  const record = await ports.store.load(key);
  return request.trade_type !== 'MICROPAY' || record?.status !== 'CREATED'
    ? createOrder(ports, account, request)
    : chargeCode(ports, { account, request, record, order: orderIn(record), isFirst: false });
};

/** However long a PUT was held up, it charges. */
export const chargeLate: typeof createOrder = (ports, account, request) => {
  const startedAt = ports.clock.now();
  const stopped: CreateOrderPorts = { ...ports, clock: { now: () => startedAt } };
  return createOrder(stopped, account, request);
};

/** Whoever wants an order closed has it closed now, whether WeChat allows that or not. */
export function closeTooSoon(
  ports: SimulationPorts,
  isWanted: (record: StoredRecord) => boolean,
): SimulationPorts {
  return withStore(ports, {
    amend: async (amendment) => {
      const { set } = amendment.patch;
      if (set?.['closeReason'] === undefined) {
        return ports.store.amend(amendment);
      }
      const record = await ports.store.load(amendment.key);
      const now = ports.clock.now();
      return record === undefined || !isWanted(record)
        ? ports.store.amend(amendment)
        : ports.store.amend({ ...amendment, patch: { set: { ...set, closeAt: now } }, dueAt: now });
    },
  });
}
