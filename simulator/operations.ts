import { type FieldRules, fieldRefusal } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import { newLinks } from './links.ts';
import {
  done,
  type MerchantCall,
  type Reply,
  readBody,
  readNumber,
  refuse,
} from './merchant-call.ts';
import { OUT_TRADE_NO, TRANSACTION_ID } from './number-rules.ts';
import { beforePayment, closeOrder, orderAt, placeOrder } from './order.ts';
import { performPayscoreCall } from './payscore/operations.ts';
import { isPayscoreOperation } from './payscore/routes.ts';
import { checkPrepay } from './prepay-rules.ts';
import { APP, H5, JSAPI, NATIVE, type Product } from './products.ts';
import { applyForRefund, queryRefund } from './refund-calls.ts';
import {
  frequencyLimited,
  noPlatformCertificate,
  orderClosed,
  orderNotExist,
  orderPaidOnClose,
  outTradeNoUsed,
  paramError,
  type Refusal,
} from './refusals.ts';
import type { PlainOperation } from './routes.ts';
import { seal } from './sealing.ts';
import { beijingTime } from './timers.ts';
import { transactionView } from './transaction-view.ts';
import { payNow, type World } from './world.ts';

/** Carries out one call. */
export const performCall = (world: World, call: MerchantCall): Reply => {
  const { operation } = call;
  return isPayscoreOperation(operation)
    ? performPayscoreCall(world, call, operation)
    : performPlainCall(world, call, operation);
};

const performPlainCall = (world: World, call: MerchantCall, operation: PlainOperation): Reply => {
  switch (operation) {
    case 'prepay-native':
      return prepay(world, call, NATIVE);
    case 'prepay-jsapi':
      return prepay(world, call, JSAPI);
    case 'prepay-app':
      return prepay(world, call, APP);
    case 'prepay-h5':
      return prepay(world, call, H5);
    case 'query-by-out-trade-no':
    case 'query-by-transaction-id':
      return query(world, call);
    case 'close':
      return close(world, call);
    case 'apply-refund':
      return applyForRefund(world, call);
    case 'query-refund':
      return queryRefund(world, call);
    case 'certificates':
      return certificates(call);
  }
};

const prepay = (world: World, call: MerchantCall, product: Product): Reply => {
  const nowMs = world.timers.now();
  const body = readBody(call);
  if (!body.ok) return body;
  const caller = { mchid: call.account.mchid, appids: call.account.appids, nowMs };
  const checked = checkPrepay(product, body.value, caller);
  if (!checked.ok) return checked;
  const existing = world.orders.get(call.account.mchid, checked.placement.outTradeNo);
  const placed = placeOrder(existing, checked.placement, nowMs);
  if (!placed.ok) return refuse(placed.because === 'closed' ? orderClosed : outTradeNoUsed);
  world.orders.put(placed.order);
  return done(prepayAnswer(product, nowMs));
};

const prepayAnswer = (product: Product, nowMs: number): JsonObject => {
  const links = newLinks(nowMs);
  switch (product.name) {
    case 'native':
      return { code_url: links.codeUrl };
    case 'jsapi':
    case 'app':
      return { prepay_id: links.prepayId };
    case 'h5':
      return { h5_url: links.h5Url };
  }
};

const query = (world: World, call: MerchantCall): Reply => {
  const refusal = mchidRefusal(call);
  if (refusal !== undefined) return refuse(refusal);
  const { mchid } = call.account;
  const byNumber = call.operation === 'query-by-out-trade-no';
  const number = byNumber
    ? readNumber(call, 'out_trade_no', OUT_TRADE_NO)
    : readNumber(call, 'transaction_id', TRANSACTION_ID);
  if (!number.ok) return number;
  const found = byNumber
    ? world.orders.get(mchid, number.value)
    : world.orders.getByTransactionId(mchid, number.value);
  if (found === undefined || (call.stale && !byNumber)) return refuse(orderNotExist);
  const order = call.stale ? beforePayment(found) : found;
  return done(transactionView(orderAt(order, world.timers.now())));
};

const CLOSE_FIELDS: FieldRules = { mchid: { kind: 'string', required: true, maxLength: 32 } };

const close = (world: World, call: MerchantCall): Reply => {
  const body = readBody(call);
  if (!body.ok) return body;
  const broken = fieldRefusal(CLOSE_FIELDS, body.value);
  if (broken !== undefined) return refuse(broken);
  if (body.value['mchid'] !== call.account.mchid) {
    return refuse(paramError('/body/mchid', 'differs from the mchid that signed'));
  }
  const number = readNumber(call, 'out_trade_no', OUT_TRADE_NO);
  if (!number.ok) return number;
  const found = world.orders.get(call.account.mchid, number.value);
  if (found === undefined) return refuse(orderNotExist);
  if (found.payOnClose !== undefined) payNow(world, found, found.payOnClose);
  const order = world.orders.get(call.account.mchid, number.value) ?? found;
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

const mchidRefusal = (call: MerchantCall): Refusal | undefined => {
  const [mchid, ...more] = call.query.getAll('mchid');
  if (mchid === undefined || more.length > 0) {
    return paramError('/query/mchid', 'must be given once');
  }
  return mchid === call.account.mchid
    ? undefined
    : paramError('/query/mchid', 'differs from the mchid that signed');
};
