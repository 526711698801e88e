import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import { getOrder } from '#app/get-order.ts';
import type { PlacedOrder } from '#app/place-order.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { isOpenid, isOutTradeNo } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { dayMs, plus, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { Functions } from './functions.ts';
import type { NoticeDesk } from './notices.ts';
import type { OrderPlan, OrderStory, Payer } from './plans.ts';
import type { Site } from './site.ts';
import type { Trade, Wechat } from './wechat.ts';

export type OrderActors = {
  readonly site: Site;
  readonly functions: () => Functions;
  readonly wechat: Wechat;
  readonly desk: NoticeDesk;
  readonly onLink: (number: string, link: string) => void;
  readonly nextRequestId: () => string;
};

const retriesMs = [3 * secondMs, 30 * secondMs];
const terms = { NATIVE: {}, JSAPI: { openid: valid('oUpF8uMuAJO', isOpenid) } } as const;

/** Everybody who touches the orders: clients, payers, the merchant's console, other systems. */
export function createOrderActors(actors: OrderActors): { begin(story: OrderStory): void } {
  return {
    begin: ({ kind, plan }) => {
      if (kind !== 'ours') {
        beginForeign(actors, plan);
      }
      if (kind !== 'stray') {
        beginOrder(actors, plan);
      }
    },
  };
}

function beginOrder(actors: OrderActors, plan: OrderPlan): void {
  const { site } = actors;
  const { agenda } = site;
  agenda.at(plan.startsAt, () => put(actors, plan, 0));
  for (const afterMs of plan.repeats) {
    agenda.at(plus(plan.startsAt, afterMs), () => put(actors, plan, retriesMs.length));
  }
  later(actors, plan, plan.closeAfterMs, () => askToClose(actors, plan));
  later(actors, plan, plan.refreshAfterMs, () => refresh(actors, plan));
  later(actors, plan, plan.claimAfterMs, () => actors.desk.claim(plan.number));
  later(actors, plan, plan.consoleCloseAfterMs, () => {
    const trade = actors.wechat.trade(plan.number);
    if (trade !== undefined) {
      actors.wechat.closeInConsole(trade);
    }
  });
}

function later(
  { site }: OrderActors,
  plan: OrderPlan,
  afterMs: number | undefined,
  run: () => void,
): void {
  if (afterMs !== undefined) {
    site.agenda.at(plus(plan.startsAt, afterMs), run);
  }
}

function put(actors: OrderActors, plan: OrderPlan, round: number): void {
  const { site, functions } = actors;
  const request = requestOf(plan, actors.nextRequestId());
  functions().invoke(
    'PUT',
    ({ ports }) => (site.planted?.createOrder ?? createOrder)(ports, site.account, request),
    (ended) => {
      const isLost = site.choices.chance(site.weather.rates().answerLost);
      const answer = ended.type === 'value' && !isLost ? ended.value : undefined;
      site.tell?.(
        () =>
          `client: PUT ${plan.number} answers ${answer === undefined ? 'nothing' : wordOf(answer)}`,
      );
      const link = answer === undefined ? undefined : linkOf(answer);
      if (link !== undefined) {
        actors.onLink(plan.number, link);
        takeLink(actors, plan);
      }
      const retryMs = retriesMs[round];
      if (answer?.ok !== true && retryMs !== undefined) {
        site.agenda.after(retryMs, () => put(actors, plan, round + 1));
      }
    },
  );
}

function requestOf(plan: OrderPlan, requestId: string): NewOrder {
  const trade_type = plan.isJsapi ? 'JSAPI' : 'NATIVE';
  return {
    requestId,
    trade_type,
    out_trade_no: valid(plan.number, isOutTradeNo),
    description: 'Tea',
    amountFen: valid(8800, isFen),
    notify_url: 'https://pay.example.com/notify/shop',
    bodySha256: `body of ${plan.number}`,
    expiresAt: plan.expiresAt,
    ...terms[trade_type],
  };
}

function takeLink({ site, wechat }: OrderActors, plan: OrderPlan): void {
  const trade = wechat.trade(plan.number);
  const { payer } = plan;
  if (trade === undefined || trade.isForeign) {
    return;
  }
  if (plan.hiddenMs > 0) {
    trade.hiddenUntil ??= plus(site.agenda.now(), plan.hiddenMs);
  }
  if (payer === undefined || trade.payer !== undefined) {
    return;
  }
  trade.payer = payer.paidAs;
  whenPaid(site, plan, payer, () => {
    if (payer.payingMs > 0) {
      wechat.startPaying(trade, payer.paidAs, payer.payingMs, payer.succeeds);
    } else {
      wechat.pay(trade, payer.paidAs);
    }
    refundLater(site, wechat, plan, trade);
  });
}

function whenPaid({ agenda }: Site, plan: OrderPlan, payer: Payer, run: () => void): void {
  if (payer.afterMs !== undefined) {
    agenda.after(payer.afterMs, run);
  } else if (payer.beforeExpiryMs !== undefined) {
    agenda.at(plus(plan.expiresAt, -payer.beforeExpiryMs), run);
  }
}

function refundLater({ agenda }: Site, wechat: Wechat, plan: OrderPlan, trade: Trade): void {
  if (plan.refundAfterMs !== undefined) {
    agenda.after(plan.refundAfterMs, () => wechat.refund(trade));
  }
}

function askToClose({ site, functions }: OrderActors, plan: OrderPlan): void {
  functions().invoke(
    'close',
    ({ ports }) => closeOrder(ports, keyOf(site, plan)),
    () => undefined,
  );
}

function refresh({ site, functions }: OrderActors, plan: OrderPlan): void {
  const { name } = site.account;
  functions().invoke(
    'GET',
    ({ ports }) => getOrder(ports, { account: name, key: keyOf(site, plan), refresh: true }),
    () => undefined,
  );
}

/** Another system's order under the number of ours. */
function beginForeign({ site, wechat }: OrderActors, plan: OrderPlan): void {
  const trade = wechat.placeForeign({
    trade_type: 'NATIVE',
    appid: site.account.appids[0],
    out_trade_no: valid(plan.number, isOutTradeNo),
    description: 'Of another system',
    amountFen: 500,
    currency: 'CNY',
    notify_url: 'https://another.example.com/notify',
    expiresAt: plus(plan.startsAt, dayMs),
  });
  const { payer } = plan;
  if (payer !== undefined) {
    whenPaid(site, plan, payer, () => wechat.pay(trade, 'right'));
  }
}

function keyOf({ account }: Site, plan: OrderPlan): SubjectKey {
  return { kind: 'order', mchid: account.mchid, number: plan.number };
}

function linkOf(answer: Answer<PlacedOrder>): string | undefined {
  return answer.ok
    ? (answer.value.code_url ?? answer.value.pay?.package.slice('prepay_id='.length))
    : undefined;
}

function wordOf(answer: Answer<PlacedOrder>): string {
  return answer.ok ? answer.value.status : answer.refusal.code;
}
