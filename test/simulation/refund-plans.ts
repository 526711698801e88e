import { isOutRefundNo, type OutRefundNo } from '#core/values/ids.ts';
import { type Fen, isFen } from '#core/values/money.ts';
import { hourMs, minuteMs, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { Choices } from './choices.ts';

/** One PUT of the merchant for a refund. */
export type RefundPlan = {
  readonly out_refund_no: OutRefundNo;
  readonly refundFen: Fen;
  /** After the payment, or else after the order's start, paid or not. */
  readonly isAfterPayment: boolean;
  readonly afterMs: number;
  readonly isRefreshed: boolean;
};

/** A refund in the merchant's console. */
export type ConsoleRefundPlan = Pick<RefundPlan, 'out_refund_no' | 'refundFen' | 'afterMs'> & {
  /** Whether WeChat is to tell us what becomes of it. */
  readonly hasNotice: boolean;
};

export const orderFen = valid(8800, isFen);

type Put = { readonly part: number; readonly refundFen: number; readonly laterMs: number };

/** Which refunds a merchant asks for, and how long after the first. */
function drawPuts(choices: Choices): readonly Put[] {
  const laterMs = choices.pick([300, 0, 61 * secondMs, 10 * minuteMs]);
  const first = (refundFen: number): Put => ({ part: 1, refundFen, laterMs: 0 });
  const puts: readonly (readonly Put[])[] = [
    [first(orderFen)],
    [first(5000), { part: 2, refundFen: 3800, laterMs }],
    // More than was paid, asked for at once.
    [first(5000), { part: 2, refundFen: 5000, laterMs: choices.pick([0, 2, 40]) }],
    // The same again, and another body under the same number.
    [first(5000), { part: 1, refundFen: 5000, laterMs }],
    [first(5000), { part: 1, refundFen: 800, laterMs }],
    [first(800), { part: 2, refundFen: 800, laterMs: 0 }, { part: 3, refundFen: 800, laterMs }],
    // Once more, should the first have come to nothing.
    [first(orderFen), { part: 2, refundFen: orderFen, laterMs: 2 * hourMs }],
  ];
  return puts[choices.draw(puts.length)] ?? [];
}

export type RefundPlans = {
  readonly refunds: readonly RefundPlan[];
  readonly consoleRefund: ConsoleRefundPlan | undefined;
};

export function drawAllRefunds(choices: Choices, number: string): RefundPlans {
  const refunds = drawRefunds(choices, number);
  const consoleRefund = drawConsoleRefund(choices, number);
  if (consoleRefund === undefined || choices.draw(8) < 7) {
    return { refunds, consoleRefund };
  }
  // The very number that the merchant uses here, soon after or just before.
  const whole = wholeRefund(number, choices.pick([2 * minuteMs, 400, 100]));
  const { out_refund_no } = whole;
  return { refunds: [whole], consoleRefund: { ...consoleRefund, out_refund_no } };
}

function drawRefunds(choices: Choices, number: string): readonly RefundPlan[] {
  if (choices.draw(24) < 23) {
    return [];
  }
  const isAfterPayment = choices.draw(8) < 7;
  const firstMs = isAfterPayment
    ? choices.pick([20 * secondMs, 0, 3 * minuteMs, hourMs])
    : choices.pick([secondMs, 10 * secondMs, 5 * minuteMs]);
  const isRefreshed = choices.draw(4) === 3;
  return drawPuts(choices).map(({ part, refundFen, laterMs }) => ({
    out_refund_no: refundNumber(number, part),
    refundFen: valid(refundFen, isFen),
    isAfterPayment,
    afterMs: firstMs + laterMs,
    isRefreshed,
  }));
}

/** All of it, the dull way. */
export function wholeRefund(
  number: string,
  afterMs: number,
  out_refund_no = refundNumber(number, 1),
): RefundPlan {
  return {
    out_refund_no,
    refundFen: orderFen,
    isAfterPayment: true,
    afterMs,
    isRefreshed: false,
  };
}

function drawConsoleRefund(choices: Choices, number: string): ConsoleRefundPlan | undefined {
  if (choices.draw(32) < 31) {
    return undefined;
  }
  return {
    ...consoleRefundOf(number, choices.pick([minuteMs, 500, hourMs])),
    refundFen: valid(choices.pick([3000, orderFen]), isFen),
    hasNotice: choices.draw(4) < 3,
  };
}

/** All of it. */
export function consoleRefundOf(number: string, afterMs: number): ConsoleRefundPlan {
  return {
    out_refund_no: valid(`K-${number}`, isOutRefundNo),
    refundFen: orderFen,
    afterMs,
    hasNotice: true,
  };
}

function refundNumber(number: string, part: number): OutRefundNo {
  return valid(`R-${number}-${part}`, isOutRefundNo);
}
