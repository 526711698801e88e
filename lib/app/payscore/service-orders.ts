import type { Account } from '#core/account.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { noteCommand, type ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import { serviceOrderView } from '#core/subjects/service-order/describe.ts';
import {
  decodeServiceOrder,
  type ServiceOrder,
} from '#core/subjects/service-order/service-order.ts';
import { type NewServiceOrder, startServiceOrder } from '#core/subjects/service-order/start.ts';
import { decodeSignPlan } from '#core/subjects/sign-plan/sign-plan.ts';
import type { OutOrderNo } from '#core/values/ids.ts';
import { commitChange, openRecord, withoutDebts } from '../carry-out.ts';
import type { LoopPorts } from '../confirm.ts';
import type { Shown } from './plans.ts';
import { type Carried, command, lookNow } from './send-command.ts';

const tryLimit = 4;

/**
 * Begins the service of a signed detail, or answers for one that was begun: the same request any number of
 * times is one service order. It is noted in its sign plan's record first, which decides whether it is this
 * detail's turn; the service order's record follows from that, and is sent. Refuses with
 * `sign_plan_unknown`, the rule that it breaks, `service_order_conflict` or `wechat_refused`; ends in the
 * ports' `AppError`s.
 */
export async function createServiceOrder(
  ports: LoopPorts,
  account: Account,
  request: NewServiceOrder,
): Promise<Answer<Shown>> {
  const { mchid } = account;
  const key: SubjectKey = { kind: 'service-order', mchid, number: request.out_order_no };
  const asked = { decode: decodeServiceOrder, sha256: request.bodySha256 };
  let created = false;
  for (let round = 0; round <= tryLimit; round += 1) {
    const standing = await ports.store.load(key);
    if (standing !== undefined && (created || standing.status !== 'REFUSED')) {
      return standing.data['bodySha256'] === request.bodySha256
        ? shown(await lookNow(ports, standing, asked), created)
        : refuse('service_order_conflict');
    }
    const started = round === tryLimit ? undefined : await start(ports, account, key, request);
    if (started?.ok === false && standing !== undefined) {
      // Refused before, and yet its detail is not free: WeChat may have it all the same.
      await lookNow(ports, standing, asked);
    }
    if (started?.ok === true) {
      created = started.value;
    } else if (started !== undefined && !(await isBegun(ports, key))) {
      return started;
    }
  }
  return refuse('store_unavailable');
}

/** What the sign plan owed may have begun it just now. */
async function isBegun({ store }: LoopPorts, key: SubjectKey): Promise<boolean> {
  const begun = await store.load(key);
  return begun !== undefined && begun.status !== 'REFUSED';
}

/** Whether the sign plan's record noted it; false asks to look again. */
async function start(
  ports: LoopPorts,
  { mchid }: Account,
  key: SubjectKey,
  request: NewServiceOrder,
): Promise<Answer<boolean>> {
  const number = request.merchant_sign_plan_no;
  const loaded = await ports.store.load({ kind: 'sign-plan', mchid, number });
  if (loaded === undefined) {
    return refuse('sign_plan_unknown', { pointer: '/merchant_sign_plan_no' });
  }
  const record: StoredRecord | undefined = await withoutDebts(
    ports,
    loaded,
    openRecord(ports, loaded),
  );
  if (record === undefined) {
    return { ok: true, value: false };
  }
  // A refused one tells its sign plan first: it would wait for the start, and the start for it.
  const standing = await ports.store.load(key);
  if (standing !== undefined && standing.outbox.length > 0) {
    await withoutDebts(ports, standing, openRecord(ports, standing));
    return { ok: true, value: false };
  }
  const decoded = decodeSignPlan(record);
  if (!decoded.ok) {
    return refuse('record_undecodable');
  }
  const change = startServiceOrder(decoded.value, request, ports.clock.now());
  return change.ok
    ? { ok: true, value: (await commitChange(ports, record, change.value, 'request')) === 'done' }
    : change;
}

/**
 * Writes a command (complete, cancel, modify, sync, pay) into a service order's record and sends it, until
 * a query shows it done or WeChat refused it. The same request again is the same command. Refuses with
 * `service_order_unknown`, `service_order_state`, `command_pending`, the rule that it breaks, or
 * `wechat_refused`.
 */
export async function commandServiceOrder(
  ports: LoopPorts,
  account: Account,
  asked: {
    readonly out_order_no: OutOrderNo;
    readonly request: ServiceOrderRequest;
    readonly sha256: string;
  },
): Promise<Answer<Shown>> {
  const { out_order_no: number, request, sha256 } = asked;
  const commanded = await command(
    ports,
    { kind: 'service-order', mchid: account.mchid, number },
    {
      unknown: 'service_order_unknown',
      decode: decodeServiceOrder,
      sha256,
      note: (order) => noteCommand(order, request, { sha256, now: ports.clock.now() }),
    },
  );
  return shown(commanded, false);
}

function shown(carried: Answer<Carried<ServiceOrder>>, created: boolean): Answer<Shown> {
  if (!carried.ok) {
    return carried;
  }
  const { record, subject, waits } = carried.value;
  return { ok: true, value: { created, waits, view: serviceOrderView(record, subject) } };
}
