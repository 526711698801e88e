import { isOutRefundNo, isReference } from '#core/values/ids.ts';
import { minuteMs, plus, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { Choices } from './choices.ts';
import type { OrderPlan, Payer } from './order-plan.ts';
import type { OrderStory } from './plans.ts';
import { consoleRefundOf, wholeRefund } from './refund-plans.ts';
import type { Site } from './site.ts';

/**
 * Two orders for one `reference`: the payer began again, or a front end sent two.
 * - `apart`: each as it was drawn.
 * - `together`: both are paid at the instant in which the second one's link comes.
 * - `late`: the first one's payment ends after it was replaced and closed.
 * - `refunded`: the first is paid and given back before the second is paid.
 * - `review`: the first is with a person.
 * - `doubted`: while the first is looked at, its money goes back.
 */
const tales = ['together', 'apart', 'late', 'refunded', 'review', 'doubted'] as const;

const waiting: Payer = { paidAs: 'right', payingMs: 0, succeeds: true };
const soon: Payer = { ...waiting, afterMs: 2 * secondMs };
const laterMs = {
  together: [20 * secondMs, 0, 700, 2 * minuteMs],
  apart: [20 * secondMs, 0, 700, 6 * minuteMs],
  late: [20 * secondMs, 700, 0, 2 * minuteMs],
  refunded: [4 * minuteMs, 90 * secondMs, 25 * secondMs, 10 * minuteMs],
  review: [minuteMs, 5 * secondMs, 10 * secondMs, 10 * minuteMs],
  doubted: [minuteMs, 20 * secondMs, 5 * secondMs, 10 * minuteMs],
} as const;

/** Makes these two orders pay one `reference`. */
export function drawPair(
  site: Site,
  [one, two]: readonly [OrderStory, OrderStory],
): readonly [OrderStory, OrderStory] {
  const { choices } = site;
  const tale = choices.pick(tales);
  const reference = valid(`ref-${one.plan.number}`, isReference);
  const startsAt = plus(one.plan.startsAt, choices.pick(laterMs[tale]));
  const shiftMs = startsAt - two.plan.startsAt;
  const first: OrderPlan = { ...one.plan, reference, ...firstOf(tale, one.plan, choices) };
  const second: OrderPlan = {
    ...two.plan,
    ...drawPlace(site, one.plan, two.plan),
    reference,
    startsAt,
    expiresAt: plus(two.plan.expiresAt, shiftMs),
    ...(tale === 'together' && { payer: { ...soon, afterMs: choices.pick([0, 50, 300]) } }),
    ...(tale !== 'together' && tale !== 'apart' && { payer: soon }),
  };
  return [
    { kind: 'ours', plan: first },
    { kind: 'ours', plan: second },
  ];
}

/** Makes the merchant ask for refunds of two orders, which have nothing else in common, under one number. */
export function drawTwins(
  { choices }: Site,
  [one, two]: readonly [OrderStory, OrderStory],
): readonly [OrderStory, OrderStory] {
  const { account, number, startsAt } = one.plan;
  const out_refund_no = valid(`R-${number}-1`, isOutRefundNo);
  const refunds = [wholeRefund(number, minuteMs, out_refund_no)];
  const laterMs = choices.pick([0, 2, 40, 61 * secondMs]);
  const again = [wholeRefund(number, minuteMs + laterMs, out_refund_no)];
  return [
    { kind: 'ours', plan: { ...one.plan, payer: soon, refunds } },
    {
      kind: 'ours',
      plan: {
        ...two.plan,
        account,
        startsAt,
        expiresAt: plus(two.plan.expiresAt, startsAt - two.plan.startsAt),
        payer: soon,
        refunds: again,
      },
    },
  ];
}

/** Where the second order is placed: mostly beside the first; else at the other account. */
function drawPlace(
  { choices, accounts }: Site,
  one: OrderPlan,
  two: OrderPlan,
): Pick<OrderPlan, 'account' | 'number'> {
  const elsewhere = choices.draw(8);
  if (elsewhere < 6) {
    return { account: one.account, number: two.number };
  }
  const account = one.account === accounts[0] ? accounts[1] : accounts[0];
  // Another mchid may use the very same number.
  return { account, number: elsewhere === 6 ? two.number : one.number };
}

function firstOf(
  tale: (typeof tales)[number],
  { number }: OrderPlan,
  choices: Choices,
): Partial<OrderPlan> {
  switch (tale) {
    case 'together':
      return { payer: { ...waiting, withOther: true } };
    case 'apart':
      return {};
    case 'late':
      return { payer: { ...waiting, landsLate: true } };
    case 'refunded':
      return {
        payer: soon,
        refunds: [wholeRefund(number, choices.pick([secondMs, minuteMs]))],
      };
    case 'review':
      return { payer: { ...soon, paidAs: 'amount' } };
    case 'doubted':
      // Two look at once: one asked before, one after.
      return {
        payer: soon,
        looksAfterPaymentMs: [50, 900],
        consoleRefund: consoleRefundOf(number, choices.pick([500, 150])),
      };
  }
}
