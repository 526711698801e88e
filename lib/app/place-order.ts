import type { Account } from '#core/account.ts';
import type { PrepayLink } from '#core/evidence.ts';
import type {
  AppPayParameters,
  JsapiPayParameters,
  OrderGateway,
  PrepayRequest,
} from '#core/ports.ts';
import { type StoredRecord, subjectId } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import {
  isCodePayment,
  isWaiting,
  linkTradeTypes,
  type Order,
  type OrderStatus,
} from '#core/subjects/order/order.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import type { OutTradeNo } from '#core/values/ids.ts';
import { oneOf } from '#core/values/json.ts';
import { loadOrder } from './load-order.ts';
import { type HintPorts, sendRequestHint } from './request-look.ts';

/** What a PUT answers; the link only while the order can still be paid with it. */
export type PlacedOrder = {
  readonly out_trade_no: OutTradeNo;
  readonly status: OrderStatus;
  /** Whether this request made the order. */
  readonly created: boolean;
  /** Of a code payment: what became of it is not known yet. */
  readonly waits?: true;
  readonly code_url?: string;
  readonly h5_url?: string;
  readonly pay?: JsapiPayParameters | AppPayParameters;
};

export type PlacePorts = HintPorts & { readonly gateway: OrderGateway };

/** One placing of a written order. `isFirst`: no other placing can have reached WeChat before. */
export type Placement = {
  readonly account: Account;
  readonly request: NewOrder;
  readonly record: StoredRecord;
  readonly order: Order;
  readonly isFirst: boolean;
};

const tryLimit = 3;

/**
 * Asks WeChat for the link and writes it back. The link is handed out only once it stands on a record
 * that still waits: after a lost race nobody may pay it.
 */
export async function placeOrder(
  ports: PlacePorts,
  placement: Placement,
): Promise<Answer<PlacedOrder>> {
  const { account, order } = placement;
  const asked = prepayOf(placement.request, order);
  if (asked === undefined) {
    return refuse('record_undecodable');
  }
  const outcome = await ports.gateway.prepay(account, asked);
  switch (outcome.type) {
    case 'placed':
      return writeBack(ports, placement, linkText(outcome.link));
    case 'refused':
      return refuseNumber(ports, placement, outcome);
    case 'look':
      return lookAtNumber(ports, placement, outcome.code);
    case 'unknown':
      return refuse('wechat_unavailable', { wechatCode: outcome.code });
  }
}

/** WeChat refused a placing for certain: it is over, unless another may have reached WeChat before. */
export async function refuseNumber(
  ports: HintPorts,
  placement: Placement,
  { code, field }: { readonly code: string; readonly field?: string },
): Promise<Answer<never>> {
  const { account, record, isFirst } = placement;
  ports.telemetry.log('warn', 'placing refused', {
    account: account.name,
    subject: subjectId(record.key),
    code,
  });
  return isFirst && (await giveUpNumber(ports, record, code))
    ? refuse('wechat_refused', { wechatCode: code, ...(field !== undefined && { pointer: field }) })
    : lookFirst(ports, record, code);
}

/** The number lives at WeChat: what it is, only a query can tell. */
export async function lookAtNumber(
  ports: HintPorts,
  placement: Placement,
  code: string,
): Promise<Answer<never>> {
  await noteUnplaced(ports, placement);
  return lookFirst(ports, placement.record, code);
}

/** The answer for an order as it stands: with its link while `handOut`, else with its status alone. */
export function answerOf(
  gateway: OrderGateway,
  placement: Omit<Placement, 'isFirst' | 'record'> & { readonly created: boolean },
  handOut: boolean,
): Answer<PlacedOrder> {
  const { account, request, order, created } = placement;
  const value = {
    out_trade_no: request.out_trade_no,
    status: order.status,
    created,
    ...(isCodePayment(order) && isWaiting(order) && { waits: true as const }),
  };
  const { link, terms } = order;
  if (!handOut || link === undefined || terms === undefined) {
    return { ok: true, value };
  }
  const { appid, trade_type } = terms;
  switch (trade_type) {
    case 'NATIVE':
      return { ok: true, value: { ...value, code_url: link } };
    case 'H5':
      return { ok: true, value: { ...value, h5_url: link } };
    case 'JSAPI':
    case 'APP': {
      const pay = gateway.payParameters(account, appid, { trade_type, prepay_id: link });
      return { ok: true, value: { ...value, pay } };
    }
    case 'MICROPAY':
      return { ok: true, value };
  }
}

function prepayOf(request: NewOrder, { terms, createdAt }: Order): PrepayRequest | undefined {
  const trade_type = terms?.trade_type;
  if (terms === undefined || !isLinkTradeType(trade_type)) {
    return undefined;
  }
  return {
    trade_type,
    appid: terms.appid,
    out_trade_no: request.out_trade_no,
    description: request.description,
    amountFen: terms.amountFen,
    currency: terms.currency,
    notify_url: terms.notify_url,
    createdAt,
    expiresAt: terms.expiresAt,
    details: request.details,
    ...(terms.openid !== undefined && { openid: terms.openid }),
  };
}

const isLinkTradeType = oneOf(linkTradeTypes);

function linkText(link: PrepayLink): string {
  switch (link.trade_type) {
    case 'NATIVE':
      return link.code_url;
    case 'H5':
      return link.h5_url;
    case 'JSAPI':
    case 'APP':
      return link.prepay_id;
  }
}

async function writeBack(
  ports: PlacePorts,
  placement: Placement,
  link: string,
): Promise<Answer<PlacedOrder>> {
  const { record, isFirst } = placement;
  let status = placement.order.status;
  for (let round = 0; round < tryLimit; round += 1) {
    const isDone = (await amendLink(ports, record, link, status)) === 'done';
    const order = isDone
      ? ({ ...placement.order, status: 'AWAITING', link } as const)
      : (await loadOrder(ports.store, record.key))?.order;
    if (order === undefined) {
      return refuse('record_undecodable');
    }
    if (order.status === 'PAID') {
      return answerOf(ports.gateway, { ...placement, order, created: isFirst }, false);
    }
    if (!isWaiting(order) || order.closeReason !== undefined) {
      await sendRequestHint(ports, record);
      return refuse(isWaiting(order) ? 'order_closing' : 'order_settled');
    }
    if (order.link === link) {
      return answerOf(ports.gateway, { ...placement, order, created: isFirst }, true);
    }
    status = order.status;
  }
  return refuse('store_unavailable');
}

function amendLink(
  ports: PlacePorts,
  record: StoredRecord,
  link: string,
  status: OrderStatus,
): ReturnType<PlacePorts['store']['amend']> {
  const now = ports.clock.now();
  const row = { at: now, from: 'CREATED', to: 'AWAITING', because: 'request' };
  return ports.store.amend({
    key: record.key,
    statusIn: [status],
    absent: ['closeReason'],
    equals: sameLife(record),
    status: 'AWAITING',
    patch: { set: { link, linkAt: now }, unset: ['unplaced'] },
    ...(status === 'CREATED' && { row }),
  });
}

/**
 * The number lives at WeChat with other terms, and none of our placings can have made it: what lives
 * there may be another system's. The loop looks at it and never closes it.
 */
async function noteUnplaced(ports: HintPorts, placement: Placement): Promise<void> {
  const { record, order, isFirst } = placement;
  if (isFirst || order.unplaced) {
    await ports.store.amend({
      key: record.key,
      statusIn: ['CREATED'],
      equals: { ...sameLife(record), attempts: isFirst ? 1 : order.attempts + 1 },
      patch: { set: { unplaced: true } },
    });
  }
}

/** A number that was refused may be used again: a late repeat of a write must not meet its next life. */
export function sameLife(record: StoredRecord): { readonly requestId: string } {
  return { requestId: String(record.data['requestId']) };
}

/** A definite refusal of the only placing: no order exists, the number may be used again. */
async function giveUpNumber(
  ports: HintPorts,
  record: StoredRecord,
  wechatCode: string,
): Promise<boolean> {
  const now = ports.clock.now();
  const outcome = await ports.store.amend({
    key: record.key,
    statusIn: ['CREATED'],
    absent: ['closeReason'],
    equals: { ...sameLife(record), attempts: 1 },
    status: 'REFUSED',
    patch: {},
    row: { at: now, from: 'CREATED', to: 'REFUSED', because: 'request', evidence: wechatCode },
    dueAt: null,
  });
  return outcome === 'done';
}

/** The number already lives at WeChat, or may: only a query can tell. */
async function lookFirst(
  ports: HintPorts,
  record: StoredRecord,
  wechatCode: string,
): Promise<Answer<never>> {
  await sendRequestHint(ports, record);
  return refuse('wechat_looking', { wechatCode });
}
