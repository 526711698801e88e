import { type CreatedRefund, createRefund } from '#app/create-refund.ts';
import { getRefund } from '#app/get-subject.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { plus, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import { notifyUrlOf } from './accounts.ts';
import type { OrderActors } from './actors.ts';
import type { OrderPlan } from './order-plan.ts';
import { keyOf } from './plans.ts';
import type { ConsoleRefundPlan, RefundPlan } from './refund-plans.ts';

const retriesMs = [3 * secondMs, 30 * secondMs];

/** Everybody who touches the refunds of an order: the merchant's client and the console. */
export function beginRefunds(actors: OrderActors, plan: OrderPlan): void {
  const { site, desk, oncePaid } = actors;
  const { agenda } = site;
  const { account, number, consoleRefund, claimRefundAfterMs } = plan;
  const order = keyOf(plan);
  for (const refund of plan.refunds) {
    const ask = (): void => put(actors, plan, { refund, round: 0 });
    if (refund.isAfterPayment) {
      oncePaid.wait(order, () => agenda.after(refund.afterMs, ask));
    } else {
      agenda.at(plus(plan.startsAt, refund.afterMs), ask);
    }
  }
  if (consoleRefund !== undefined) {
    oncePaid.wait(order, () =>
      agenda.after(consoleRefund.afterMs, () => refundInConsole(actors, plan, consoleRefund)),
    );
  }
  if (claimRefundAfterMs !== undefined) {
    const back: SubjectKey = { ...order, kind: 'refund', number: `back-${number}` };
    agenda.at(plus(plan.startsAt, claimRefundAfterMs), () => desk.claim(account, back));
  }
}

type Ask = { readonly refund: RefundPlan; readonly round: number };

function put(actors: OrderActors, plan: OrderPlan, { refund, round }: Ask): void {
  const { site, functions } = actors;
  const { account } = plan;
  const request = requestOf(plan, refund);
  functions().invoke(
    'PUT refund',
    ({ ports }) => (site.planted?.createRefund ?? createRefund)(ports, account, request),
    (ended) => {
      const isLost = site.choices.chance(site.weather.rates().answerLost);
      const answer = ended.type === 'value' && !isLost ? ended.value : undefined;
      site.tell?.(() => `client: PUT ${refund.out_refund_no} answers ${wordOf(answer)}`);
      if (answer?.ok === true) {
        actors.onRefundAnswered(refundKeyOf(plan, refund), request);
      }
      const retryMs = retriesMs[round];
      if (answer?.ok !== true && retryMs !== undefined) {
        site.agenda.after(retryMs, () => put(actors, plan, { refund, round: round + 1 }));
      }
    },
  );
  if (refund.isRefreshed && round === 0) {
    site.agenda.after(40 * secondMs, () => refresh(actors, plan, refund));
  }
}

function requestOf(plan: OrderPlan, { out_refund_no, refundFen }: RefundPlan): NewRefund {
  return {
    out_refund_no,
    of: { out_trade_no: valid(plan.number, isOutTradeNo) },
    refundFen,
    reason: 'Too bitter',
    notify_url: notifyUrlOf(plan.account),
    bodySha256: `body of ${out_refund_no}: ${refundFen} of ${plan.number}`,
  };
}

function refundKeyOf({ account }: OrderPlan, { out_refund_no: number }: RefundPlan): SubjectKey {
  return { kind: 'refund', mchid: account.mchid, number };
}

function refresh({ functions }: OrderActors, plan: OrderPlan, refund: RefundPlan): void {
  const { name: account } = plan.account;
  const key = refundKeyOf(plan, refund);
  functions().invoke(
    'GET refund',
    ({ ports }) => getRefund(ports, { account, key, refresh: true }),
    () => undefined,
  );
}

function refundInConsole(
  { wechat }: OrderActors,
  plan: OrderPlan,
  { out_refund_no, refundFen, hasNotice }: ConsoleRefundPlan,
): void {
  const payment = wechat.trade(keyOf(plan))?.payment;
  if (payment !== undefined) {
    wechat.refunds.refundInConsole(plan.account, {
      out_refund_no,
      transaction_id: payment.transaction_id,
      refundFen,
      totalFen: payment.amountFen,
      currency: 'CNY',
      ...(hasNotice && { notify_url: notifyUrlOf(plan.account) }),
    });
  }
}

function wordOf(answer: Answer<CreatedRefund> | undefined): string {
  if (answer === undefined) {
    return 'nothing';
  }
  return answer.ok ? (answer.value.created ? 'created' : 'there before') : answer.refusal.code;
}
