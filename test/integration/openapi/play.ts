import { isObject, type JsonObject } from '../../../local/json.ts';
import { operationNamed } from './page.ts';
import type { Reply, Stage } from './stage.ts';

/** How an example of an answer comes about. */
export type Play = {
  readonly operation: string;
  readonly status: number;
  /** Its name on the page; `example` where it has none: those of the gateway. */
  readonly example: string;
  readonly act: (stage: Stage) => Promise<Reply>;
  /** The example of a request that it sends. */
  readonly request?: string;
  /** What is special about it, where an example comes about in several ways. */
  readonly how?: string;
};

/** A request of the page, with what only the account, the clock and the payers of this stack can tell. */
export function requestOf(stage: Stage, operation: string, name: string): JsonObject {
  const body = operationNamed(operation).requestExamples[name];
  if (body === undefined) {
    throw new Error(`The page has no example ${name} of ${operation}.`);
  }
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const { time_range } = body;
  return {
    ...body,
    ...('appid' in body && { appid: stage.stack.dev.account.appid }),
    ...('service_id' in body && { service_id: serviceIdOf(stage) }),
    ...(isObject(time_range) && { time_range: withTimesOfToday(time_range) }),
    ...('paid_time' in body && { paid_time: new Date(Date.now() + 30_000).toISOString() }),
    ...('time_expire' in body && { time_expire: inAnHour }),
    ...('auth_code' in body && { auth_code: stage.freshCode() }),
  };
}

/** The one PayScore service of the development account. */
export function serviceIdOf({ stack }: Stage): string {
  const [service] = stack.dev.account.services;
  if (service === undefined) {
    throw new Error('The development account has no PayScore service.');
  }
  return service.id;
}

/** A service that began two hours ago, and is over: each time in the way in which it stands there. */
function withTimesOfToday(range: JsonObject): JsonObject {
  const agoMs = { start_time: 7_200_000, end_time: 60_000 };
  const times = Object.entries(agoMs).flatMap(([name, ms]) => {
    const at = new Date(Date.now() - ms + 28_800_000).toISOString().slice(0, 19);
    const isDigits = /^\d+$/.test(String(range[name]));
    return name in range ? [[name, isDigits ? at.replaceAll(/[-:T]/g, '') : `${at}+08:00`]] : [];
  });
  return { ...range, ...Object.fromEntries(times) };
}

export type Placed = { readonly number: string; readonly body: JsonObject };

/** An order that waits for its payer. None has a reference of another's: that one would be closed. */
export async function place(stage: Stage): Promise<Placed> {
  const number = stage.fresh();
  const body = { ...requestOf(stage, 'putOrder', 'native'), reference: `cart-${number}` };
  await stage.ask('putOrder', { number, body });
  return { number, body };
}

/** An order as `GET` shows it, once it is there. */
export function untilOrder(stage: Stage, number: string, what: JsonObject): Promise<Reply> {
  return untilShown(stage, 'getOrder', number, what);
}

export function untilRefund(stage: Stage, number: string, what: JsonObject): Promise<Reply> {
  return untilShown(stage, 'getRefund', number, what);
}

export function untilShown(
  stage: Stage,
  operation: string,
  number: string,
  what: JsonObject,
): Promise<Reply> {
  return stage.until(`${number} ${JSON.stringify(what)}`, async () => {
    const shown = await stage.ask(operation, { number });
    return Object.entries(what).every(([name, value]) => shown.body[name] === value) && shown;
  });
}

export async function placeAndPay(stage: Stage): Promise<Placed> {
  const placed = await place(stage);
  await stage.control('pay', { out_trade_no: placed.number });
  await untilOrder(stage, placed.number, { status: 'PAID' });
  return placed;
}

/** An order that was paid over another amount. */
export async function placeForReview(stage: Stage): Promise<Placed> {
  const placed = await place(stage);
  await stage.control('pay', { out_trade_no: placed.number, amount: 1 });
  await untilOrder(stage, placed.number, { status: 'REVIEW' });
  return placed;
}

/** A person has decided, and WeChat does not answer whether it can be done. */
export async function leaveUnresolved(stage: Stage): Promise<Placed> {
  const placed = await placeForReview(stage);
  const operation = 'query-by-transaction-id';
  await stage.control('faults', { fault: '500', operation, times: 1000 });
  const body = requestOf(stage, 'resolveOrder', 'accept');
  await stage.ask('resolveOrder', { number: placed.number, body });
  return placed;
}

export async function closed(stage: Stage): Promise<Placed> {
  const placed = await place(stage);
  await stage.ask('closeOrder', { number: placed.number });
  await untilOrder(stage, placed.number, { status: 'CLOSED' });
  return placed;
}

/** A refund of a new order, from an example of the page. */
export async function refund(stage: Stage, name: string): Promise<Placed> {
  const { number: out_trade_no } = await placeAndPay(stage);
  const number = `R-${out_trade_no}`;
  const body = { ...requestOf(stage, 'putRefund', name), out_trade_no };
  await stage.ask('putRefund', { number, body });
  return { number, body };
}

/** A refund that WeChat has accepted and not ended. */
export async function processingRefund(stage: Stage): Promise<Placed> {
  await stage.control('refunds', { status: 'PROCESSING', times: 1 });
  const refunded = await refund(stage, 'part');
  await untilRefund(stage, refunded.number, { status: 'PROCESSING' });
  return refunded;
}
