import { randomBytes } from 'node:crypto';
import { type FieldRules, findViolation } from './field-rules.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import type { MerchantAccount } from './merchant-account.ts';
import { beforePayment, closeOrder, orderAt, placeOrder } from './order.ts';
import { checkPrepay, JSAPI, NATIVE, type Product } from './prepay-rules.ts';
import {
  frequencyLimited,
  invalidRequest,
  noPlatformCertificate,
  orderClosed,
  orderNotExist,
  orderPaidOnClose,
  outTradeNoUsed,
  paramError,
  type Refusal,
} from './refusals.ts';
import type { Operation } from './routes.ts';
import { seal } from './sealing.ts';
import { beijingDigits, beijingTime } from './timers.ts';
import { transactionView } from './transaction-view.ts';
import { payNow, type World } from './world.ts';

/** What an authenticated merchant asks for. */
type MerchantCall = {
  readonly operation: Operation;
  readonly account: MerchantAccount;
  /** The path parameter as on the wire. */
  readonly number: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Answer a query as if the payment had not happened yet. */
  readonly stale: boolean;
};

/** `body` undefined: 204 without a body. */
export type Reply =
  | { readonly ok: true; readonly body: JsonObject | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/** Carries out one call. */
export const performCall = (world: World, call: MerchantCall): Reply => {
  switch (call.operation) {
    case 'prepay-native':
      return prepay(world, call, NATIVE);
    case 'prepay-jsapi':
      return prepay(world, call, JSAPI);
    case 'query-by-out-trade-no':
    case 'query-by-transaction-id':
      return query(world, call);
    case 'close':
      return close(world, call);
    case 'certificates':
      return certificates(call);
  }
};

const refuse = (refusal: Refusal): Reply => ({ ok: false, refusal });
const done = (body: JsonObject | undefined): Reply => ({ ok: true, body });

const prepay = (world: World, call: MerchantCall, product: Product): Reply => {
  const nowMs = world.timers.now();
  const body = readBody(call);
  if ('refusal' in body) return refuse(body.refusal);
  const caller = { mchid: call.account.mchid, appids: call.account.appids, nowMs };
  const checked = checkPrepay(product, body.value, caller);
  if (!checked.ok) return checked;
  const existing = world.orders.get(call.account.mchid, checked.placement.outTradeNo);
  const placed = placeOrder(existing, checked.placement, nowMs);
  if (!placed.ok) return refuse(placed.because === 'closed' ? orderClosed : outTradeNoUsed);
  world.orders.put(placed.order);
  return done(prepayAnswer(product, nowMs));
};

/** Each call gives a new code (document 4012791870). */
const prepayAnswer = (product: Product, nowMs: number): JsonObject => {
  const token = randomBytes(16).toString('hex');
  switch (product.name) {
    case 'native':
      return { code_url: `weixin://wxpay/bizpayurl?pr=${token.slice(0, 9)}` };
    case 'jsapi':
      return { prepay_id: `wx${beijingDigits(nowMs)}${token.slice(0, 20)}` };
  }
};

const query = (world: World, call: MerchantCall): Reply => {
  const refusal = mchidRefusal(call);
  if (refusal !== undefined) return refuse(refusal);
  const number = decodePathPart(call.number);
  if (number === undefined) return refuse(paramError('/path', 'not percent-encoded UTF-8'));
  const { mchid } = call.account;
  const byNumber = call.operation === 'query-by-out-trade-no';
  const grammarIssue = byNumber ? outTradeNoIssue(number) : transactionIdIssue(number);
  if (grammarIssue !== undefined) return refuse(grammarIssue);
  const found = byNumber
    ? world.orders.get(mchid, number)
    : world.orders.getByTransactionId(mchid, number);
  if (found === undefined || (call.stale && !byNumber)) return refuse(orderNotExist);
  const order = call.stale ? beforePayment(found) : found;
  return done(transactionView(orderAt(order, world.timers.now())));
};

const CLOSE_FIELDS: FieldRules = { mchid: { kind: 'string', required: true, maxLength: 32 } };

const close = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if ('refusal' in body) return refuse(body.refusal);
  const violation = findViolation(CLOSE_FIELDS, body.value, '/body');
  if (violation !== undefined) return refuse(paramError(violation.field, violation.issue));
  if (body.value['mchid'] !== call.account.mchid) {
    return refuse(paramError('/body/mchid', 'differs from the mchid that signed'));
  }
  const number = decodePathPart(call.number);
  if (number === undefined) return refuse(paramError('/path', 'not percent-encoded UTF-8'));
  const grammarIssue = outTradeNoIssue(number);
  if (grammarIssue !== undefined) return refuse(grammarIssue);
  const found = world.orders.get(call.account.mchid, number);
  if (found === undefined) return refuse(orderNotExist);
  if (found.payOnClose !== undefined) payNow(world, found, found.payOnClose);
  const order = world.orders.get(call.account.mchid, number) ?? found;
  const closed = closeOrder(order, world.timers.now());
  if (!closed.ok) return refuse(closed.because === 'paid' ? orderPaidOnClose : frequencyLimited);
  world.orders.put(closed.order);
  return done(undefined);
};

const certificates = (call: MerchantCall): Reply => {
  const wanted = call.query.get('algorithm_type') ?? 'RSA';
  if (!['RSA', 'SM2', 'ALL'].includes(wanted)) {
    return refuse(paramError('/query/algorithm_type', 'must be one of RSA, SM2, ALL'));
  }
  const { account } = call;
  if (account.keyMode === 'public-key' || wanted === 'SM2') return refuse(noPlatformCertificate);
  const { platform } = account.keys;
  const sealed = seal({
    plaintext: platform.certificatePem,
    apiV3Key: account.apiV3Key,
    associatedData: 'certificate',
  });
  return done({
    data: [
      {
        serial_no: platform.serial,
        effective_time: beijingTime(platform.notBeforeMs),
        expire_time: beijingTime(platform.notAfterMs),
        encrypt_certificate: sealed,
      },
    ],
  });
};

const readBody = (
  call: MerchantCall,
): { readonly value: JsonObject } | { readonly refusal: Refusal } => {
  if (!/^application\/json\s*(;|$)/i.test(call.contentType)) {
    return { refusal: invalidRequest('Content-Type must be application/json') };
  }
  const parsed = parseJsonObject(call.body);
  return parsed.ok ? { value: parsed.value } : { refusal: paramError('/body', parsed.issue) };
};

const mchidRefusal = (call: MerchantCall): Refusal | undefined => {
  const [mchid, ...more] = call.query.getAll('mchid');
  if (mchid === undefined || more.length > 0) {
    return paramError('/query/mchid', 'must be given once');
  }
  return mchid === call.account.mchid
    ? undefined
    : paramError('/query/mchid', 'differs from the mchid that signed');
};

const outTradeNoIssue = (text: string): Refusal | undefined =>
  /^[0-9A-Za-z_\-|*]{6,32}$/.test(text)
    ? undefined
    : paramError('/path/out_trade_no', 'must be 6 to 32 of 0-9 A-Z a-z _ - | *');

const transactionIdIssue = (text: string): Refusal | undefined =>
  /^[0-9]{1,32}$/.test(text)
    ? undefined
    : paramError('/path/transaction_id', 'must be up to 32 digits');

const decodePathPart = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
