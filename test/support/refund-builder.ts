import type { Account } from '#core/account.ts';
import type { Hint, Wake } from '#core/messages.ts';
import type { SubjectKey } from '#core/record.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import {
  isAccountName,
  isMchid,
  isOutRefundNo,
  isOutTradeNo,
  isReference,
  type OutRefundNo,
} from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { at } from './clock.ts';
import { account, hint, outTradeNo, valid, wake } from './order-builder.ts';

export const outRefundNo = valid('R-1001', isOutRefundNo);
/** The number of the automatic refund of `newOrder()`. */
export const backRefundNo = valid('back-A-1001', isOutRefundNo);

export function refundKeyOf(number: OutRefundNo): SubjectKey {
  return { kind: 'refund', mchid: account.mchid, number };
}

export const refundKey = refundKeyOf(outRefundNo);

/** 30 yuan back of the 88 of `newOrder()`. */
export function newRefund(overrides: Partial<NewRefund> = {}): NewRefund {
  return {
    out_refund_no: outRefundNo,
    of: { out_trade_no: outTradeNo },
    refundFen: valid(3000, isFen),
    notify_url: 'https://pay.example.com/notify/shop',
    bodySha256: 'nZ6mWn4x9mSZ0Vd7Fv0ZbK5xJ4ZqRr2Jm0x2m3m3m3M',
    ...overrides,
  };
}

/** Another refund of `newOrder()`; equal arguments are one request. */
export function refundNamed(number: string, amountFen: number): NewRefund {
  const out_refund_no = valid(number, isOutRefundNo);
  const refundFen = valid(amountFen, isFen);
  return newRefund({ out_refund_no, refundFen, bodySha256: `body of ${number}, ${amountFen}` });
}

/** A notice of WeChat about `newRefund()`. */
export function refundHint(overrides: Partial<Hint> = {}): Hint {
  return hint({ subject: refundKey, ...overrides });
}

/** The first wake of `newRefund()`, or one of the sweep: they are the same. */
export function refundWake(overrides: Partial<Wake> = {}): Wake {
  const slot = at('2026-11-21T04:00:20Z');
  return wake({ subject: refundKey, origin: 'sweep', slot, ...overrides });
}

/** One business order that two orders may pay: `newOrder()` and `secondNumber`. */
export const reference = valid('shop-4711', isReference);
export const secondNumber = valid('B-1001', isOutTradeNo);
export const secondKey: SubjectKey = { kind: 'order', mchid: account.mchid, number: secondNumber };

/** Another account of the same tenant, say that of its app. */
export const appAccount: Account = {
  ...account,
  name: valid('app', isAccountName),
  mchid: valid('1900000002', isMchid),
};
