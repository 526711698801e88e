import { commitChange } from '#app/carry-out.ts';
import { commandServiceOrder, createServiceOrder } from '#app/payscore/service-orders.ts';
import { createPlanKind } from '#app/plan-kind.ts';
import { createServiceOrderKind } from '#app/service-order-kind.ts';
import { createSignPlanKind } from '#app/sign-plan-kind.ts';
import type { OpenSubject, SubjectKind } from '#app/subject-kind.ts';
import type { Change } from '#core/decision.ts';
import type { CommandName, ServiceOrderEvidence } from '#core/payscore/evidence.ts';
import { commandChange, isPending, readPending } from '#core/payscore/pending.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { noteCommand } from '#core/subjects/service-order/commands.ts';
import { decideServiceOrder } from '#core/subjects/service-order/decide.ts';
import { startServiceOrder } from '#core/subjects/service-order/start.ts';
import { isOutOrderNo, isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { formatBeijingDigits } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import { kindOfCommand } from './payscore-lives.ts';
import type { CommandServiceOrder } from './planted-bug.ts';
import type { SimulationPorts } from './ports.ts';
import { serviceOrderIn, signPlanIn } from './records.ts';

export function withPayscore(
  ports: SimulationPorts,
  change: (gateway: PayscoreGateway) => Partial<PayscoreGateway>,
): SimulationPorts {
  const payscoreGateway = { ...ports.payscoreGateway, ...change(ports.payscoreGateway) };
  return {
    ...ports,
    payscoreGateway,
    kinds: {
      ...ports.kinds,
      plan: createPlanKind(payscoreGateway),
      'sign-plan': createSignPlanKind(payscoreGateway),
      'service-order': createServiceOrderKind(payscoreGateway),
    },
  };
}

export function withKind(
  ports: SimulationPorts,
  kind: 'sign-plan' | 'service-order',
  change: (subject: OpenSubject, record: StoredRecord) => OpenSubject,
): SimulationPorts {
  const standing = ports.kinds[kind];
  const open: SubjectKind['open'] = (record) => {
    const opened = standing.open(record);
    return opened.ok ? { ok: true, value: change(opened.value, record) } : opened;
  };
  return { ...ports, kinds: { ...ports.kinds, [kind]: { ...standing, open } } };
}

/** Reads out of a notice that the service is paid, and does not ask. */
export function believePaidNotice(ports: SimulationPorts): SimulationPorts {
  return withKind(ports, 'service-order', (subject, record) => {
    let isTold = false;
    return {
      ...subject,
      looksFor: (message) => {
        isTold = message.type === 'hint' && message.says === 'DONE';
        return subject.looksFor(message);
      },
      consider: (look) => {
        const order = serviceOrderIn(record);
        const decision = decideServiceOrder(order, paidEvidence(record), { now: look.now() });
        return isTold ? Promise.resolve({ decision, answer: 'DONE' }) : subject.consider(look);
      },
    };
  });
}

function paidEvidence(record: StoredRecord): ServiceOrderEvidence {
  const { service_id, appid, totalFen, priceFen } = serviceOrderIn(record);
  const paidFen = totalFen ?? priceFen ?? valid(0, isFen);
  return {
    type: 'state',
    state: 'DONE',
    collection_state: 'USER_PAID',
    out_order_no: valid(record.key.number, isOutOrderNo),
    service_id,
    appid,
    totalFen: paidFen,
    paidFen,
    transaction_id: valid('4200', isTransactionId),
  };
}

/** Makes the end of the service anew each time that its completion is sent. */
export function rebuildCompletion(ports: SimulationPorts): SimulationPorts {
  return withPayscore(ports, (gateway) => ({
    send: (account, command) => {
      const body = command.body === '' ? {} : JSON.parse(command.body);
      const time_range = { ...body.time_range, end_time: formatBeijingDigits(ports.clock.now()) };
      return gateway.send(
        account,
        command.name === 'complete'
          ? { ...command, body: JSON.stringify({ ...body, time_range }) }
          : command,
      );
    },
  }));
}

/** Takes an answer that did not come for a refusal. */
export function takeSilenceForRefusal(
  ports: SimulationPorts,
  only: (name: CommandName) => boolean,
): SimulationPorts {
  return withPayscore(ports, (gateway) => ({
    send: async (account, command) => {
      const outcome = await gateway.send(account, command);
      return outcome.type === 'unknown' && only(command.name)
        ? { type: 'refused', code: outcome.code }
        : outcome;
    },
  }));
}

/** Begins a detail whatever became of the ones before it. */
export const beginOutOfTurn: typeof createServiceOrder = async (ports, account, request) => {
  const { mchid } = account;
  const key: SubjectKey = { kind: 'sign-plan', mchid, number: request.merchant_sign_plan_no };
  const record = await ports.store.load(key);
  const signPlan = record && signPlanIn(record);
  const isOwn = (detail: { readonly merchant_plan_detail_no: string }): boolean =>
    detail.merchant_plan_detail_no === request.out_order_no;
  if (record !== undefined && signPlan !== undefined && record.outbox.length === 0) {
    const details = signPlan.details.map((detail) =>
      isOwn(detail) ? detail : { ...detail, state: 'USED' as const },
    );
    const change = startServiceOrder({ ...signPlan, details }, request, ports.clock.now());
    if (change.ok) {
      const using = signPlan.details.map((detail) =>
        isOwn(detail) ? { ...detail, state: 'USING' } : detail,
      );
      const patch = { set: { details: using } };
      await commitChange(ports, record, { ...change.value, patch }, 'request');
    }
  }
  return createServiceOrder(ports, account, request);
};

/** Sends a command first, and writes it then. */
export const sendFirst: CommandServiceOrder = async (ports, account, asked) => {
  const number = asked.out_order_no;
  const { sha256, request } = asked;
  const record = await ports.store.load({ kind: 'service-order', mchid: account.mchid, number });
  const now = ports.clock.now();
  const change = record && noteCommand(serviceOrderIn(record), request, { sha256, now });
  const body = change?.ok === true ? bodyIn(change.value) : undefined;
  if (body !== undefined) {
    await ports.payscoreGateway.send(account, { name: request.name, number, body });
  }
  return commandServiceOrder(ports, account, asked);
};

/** Notes a command whether another one waits or not. */
export const noteOverAnother: CommandServiceOrder = async (ports, account, asked) => {
  const number = asked.out_order_no;
  const { sha256, request } = asked;
  const record = await ports.store.load({ kind: 'service-order', mchid: account.mchid, number });
  const order = record && serviceOrderIn(record);
  const isOther = order?.pending !== undefined && order.pending.sha256 !== sha256;
  if (record !== undefined && isOther && record.outbox.length === 0) {
    const now = ports.clock.now();
    const alone = { ...order, pending: undefined };
    const noted = noteCommand(alone, request, { sha256, now });
    const body = noted.ok ? bodyIn(noted.value) : undefined;
    if (body !== undefined) {
      const change = commandChange(request.name, body, { sha256, now });
      await commitChange(ports, record, change, 'request');
    }
  }
  return commandServiceOrder(ports, account, asked);
};

/** Has an order as WeChat says it is, be it an old answer. */
export function followBackwards(ports: SimulationPorts): SimulationPorts {
  return withKind(ports, 'service-order', (subject, record) => ({
    ...subject,
    consider: async (look) => {
      const found = await subject.consider(look);
      const isBehind = record.status === 'COMPLETED' && found.decision.type === 'wait';
      const { service_id, appid } = serviceOrderIn(record);
      const out_order_no = valid(record.key.number, isOutOrderNo);
      const said = await ports.payscoreGateway.queryServiceOrder(look.account, {
        out_order_no,
        service_id,
        appid,
      });
      return isBehind && said.type === 'state' && said.state_description === 'USER_CONFIRM'
        ? {
            ...found,
            decision: {
              type: 'commit',
              change: { status: 'DOING', patch: {}, events: [], evidence: 'DOING USER_CONFIRM' },
            },
          }
        : found;
    },
  }));
}

export function isServiceCommand(name: CommandName): boolean {
  return kindOfCommand(name) === 'service-order' && name !== 'create-service-order';
}

function bodyIn(change: Change | undefined): string | undefined {
  const pending = change?.patch.set?.['pending'];
  return isPending(pending) ? readPending(pending)?.body : undefined;
}
