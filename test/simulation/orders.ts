import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import { getOrder } from '#app/get-subject.ts';
import type { PlacedOrder } from '#app/place-order.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewOrder } from '#core/subjects/order/place.ts';
import { type AuthCode, isAuthCode, isOpenid, isOutTradeNo } from '#core/values/ids.ts';
import { dayMs, plus, secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import { notifyUrlOf } from './accounts.ts';
import type { OrderActors } from './actors.ts';
import type { CodePlan, OrderPlan, Payer } from './order-plan.ts';
import { keyOf, type OrderStory } from './plans.ts';
import { orderFen } from './refund-plans.ts';
import { beginRefunds } from './refunds.ts';
import type { Site } from './site.ts';
import type { Trade } from './trade.ts';

const retriesMs = [3 * secondMs, 30 * secondMs];
const terms = { NATIVE: {}, JSAPI: { openid: valid('oUpF8uMuAJO', isOpenid) } } as const;

/** Everybody who touches the orders: clients, payers, the merchant's console, other systems. */
export function beginStories(actors: OrderActors, stories: readonly OrderStory[]): void {
  for (const { kind, plan } of stories) {
    const other = stories.find(
      (story) =>
        story.plan !== plan &&
        plan.reference !== undefined &&
        story.plan.reference === plan.reference,
    );
    if (kind !== 'ours') {
      beginForeign(actors, plan, kind === 'stray' ? orderFen : 500);
    }
    if (kind !== 'stray') {
      beginOrder(actors, plan, other === undefined ? undefined : keyOf(other.plan));
    }
    beginRefunds(actors, plan);
  }
}

function beginOrder(actors: OrderActors, plan: OrderPlan, other: SubjectKey | undefined): void {
  const { site } = actors;
  const { agenda } = site;
  const { account } = plan;
  const client: Client = { actors, plan, other };
  const begins: Ask = { round: 0, body: 0 };
  agenda.at(plan.startsAt, () => put(client, begins));
  for (const afterMs of plan.repeats) {
    agenda.at(plus(plan.startsAt, afterMs), () => put(client, { ...begins, round: lastRound }));
  }
  if (plan.code !== undefined) {
    later(actors, plan, plan.code.otherBodyAfterMs, () => put(client, otherBody));
    awaitCharge(client, plan.code);
  }
  later(actors, plan, plan.closeAfterMs, () => askToClose(actors, plan));
  later(actors, plan, plan.refreshAfterMs, () => refresh(actors, plan));
  for (const afterMs of plan.looksAfterPaymentMs) {
    actors.oncePaid.wait(keyOf(plan), () => agenda.after(afterMs, () => refresh(actors, plan)));
  }
  later(actors, plan, plan.claimAfterMs, () => actors.desk.claim(account, keyOf(plan)));
  later(actors, plan, plan.consoleCloseAfterMs, () => {
    const trade = actors.wechat.trade(keyOf(plan));
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

type Client = {
  readonly actors: OrderActors;
  readonly plan: OrderPlan;
  /** The other order of its reference. */
  readonly other: SubjectKey | undefined;
};

/** One PUT: how often it was tried before, and which body it has. */
type Ask = { readonly round: number; readonly body: number };

const lastRound = retriesMs.length;
const otherBody: Ask = { round: lastRound, body: 9 };

function put(client: Client, { round, body }: Ask): void {
  const { actors, plan } = client;
  const { site, functions } = actors;
  const request = requestOf(plan, actors.nextRequestId(), body);
  actors.onPut(keyOf(plan));
  functions().invoke(
    'PUT',
    ({ ports }) => (site.planted?.createOrder ?? createOrder)(ports, plan.account, request),
    (ended) => {
      const isLost = site.choices.chance(site.weather.rates().answerLost);
      const answer = ended.type === 'value' && !isLost ? ended.value : undefined;
      site.tell?.(
        () =>
          `client: PUT ${plan.number} answers ${answer === undefined ? 'nothing' : wordOf(answer)}`,
      );
      const link = answer === undefined ? undefined : linkOf(answer);
      if (link !== undefined) {
        actors.onLink(keyOf(plan), link);
        takeLink(client);
      }
      const retryMs = retriesMs[round];
      if (answer?.ok !== true && retryMs !== undefined) {
        // Who is told that a code was refused scans another one.
        const isRefused = answer?.refusal.code === 'wechat_refused' && plan.code !== undefined;
        const again = { round: round + 1, body: isRefused ? body + 1 : body };
        site.agenda.after(retryMs, () => put(client, again));
      }
    },
  );
}

function requestOf(plan: OrderPlan, requestId: string, body: number): NewOrder {
  const trade_type = plan.isJsapi ? 'JSAPI' : 'NATIVE';
  return {
    requestId,
    out_trade_no: valid(plan.number, isOutTradeNo),
    description: 'Tea',
    amountFen: orderFen,
    details: {},
    notify_url: notifyUrlOf(plan.account),
    bodySha256: `body ${body} of ${plan.number}`,
    ...(plan.reference !== undefined && { reference: plan.reference }),
    ...(plan.code === undefined
      ? { trade_type, expiresAt: plan.expiresAt, ...terms[trade_type] }
      : { trade_type: 'MICROPAY', auth_code: codeOf(plan, body) }),
  };
}

/** Another body shows another code. */
function codeOf({ account, number }: OrderPlan, body: number): AuthCode {
  const digits = `${account.mchid.slice(-4)}${number.slice(-4)}${body}`;
  return valid(`13${digits.padStart(16, '0')}`, isAuthCode);
}

/** What the payer does whose code is charged; another charge is another try. */
function awaitCharge(client: Client, code: CodePlan): void {
  const { actors, plan } = client;
  const key = keyOf(plan);
  actors.onceCharged.wait(key, () => {
    const trade = actors.wechat.trade(key);
    if (trade !== undefined) {
      showCode(client, code, trade);
    }
    awaitCharge(client, code);
  });
}

function showCode({ actors, plan, other }: Client, code: CodePlan, trade: Trade): void {
  const { site, wechat, onceLinked } = actors;
  const { payer } = plan;
  hide(site, plan, trade);
  if (payer !== undefined) {
    trade.payer = payer.paidAs;
    trade.landsLate = payer.landsLate === true;
    const confirms = (): void => confirm(actors, trade, payer);
    if (!code.asksPassword) {
      confirms();
    } else if (payer.withOther === true && other !== undefined) {
      onceLinked.wait(other, () => site.agenda.after(0, confirms));
    } else {
      whenPaid(site, plan, payer, confirms);
    }
  }
  site.mark(`code: ${wechat.trade(keyOf(plan))?.state} at once`);
  onceLinked.happens(keyOf(plan));
}

function confirm({ wechat }: OrderActors, trade: Trade, payer: Payer): void {
  if (payer.payingMs > 0) {
    wechat.codes.accept(trade, payer.paidAs, payer.payingMs, payer.succeeds);
  } else if (payer.succeeds) {
    wechat.pay(trade, payer.paidAs);
  } else {
    wechat.codes.decline(trade);
  }
}

function hide({ agenda }: Site, { hiddenMs }: OrderPlan, trade: Trade): void {
  if (hiddenMs > 0) {
    trade.hiddenUntil ??= plus(agenda.now(), hiddenMs);
  }
}

function takeLink({ actors, plan, other }: Client): void {
  const { site, wechat, onceLinked } = actors;
  const trade = wechat.trade(keyOf(plan));
  const { payer } = plan;
  if (trade === undefined || trade.isForeign) {
    return;
  }
  hide(site, plan, trade);
  if (payer !== undefined && trade.payer === undefined) {
    trade.payer = payer.paidAs;
    trade.landsLate = payer.landsLate === true;
    const pays = (): void => pay(actors, trade, payer);
    if (payer.withOther === true && other !== undefined) {
      onceLinked.wait(other, () => site.agenda.after(0, pays));
    } else {
      whenPaid(site, plan, payer, pays);
    }
  }
  onceLinked.happens(keyOf(plan));
}

function pay({ wechat }: OrderActors, trade: Trade, payer: Payer): void {
  if (payer.payingMs > 0) {
    wechat.startPaying(trade, payer.paidAs, payer.payingMs, payer.succeeds);
  } else {
    wechat.pay(trade, payer.paidAs);
  }
}

function whenPaid({ agenda }: Site, plan: OrderPlan, payer: Payer, run: () => void): void {
  if (payer.afterMs !== undefined) {
    agenda.after(payer.afterMs, run);
  } else if (payer.beforeExpiryMs !== undefined) {
    agenda.at(plus(plan.expiresAt, -payer.beforeExpiryMs), run);
  }
}

function askToClose({ functions }: OrderActors, plan: OrderPlan): void {
  functions().invoke(
    'close',
    ({ ports }) => closeOrder(ports, keyOf(plan)),
    () => undefined,
  );
}

function refresh({ functions }: OrderActors, plan: OrderPlan): void {
  const { name } = plan.account;
  functions().invoke(
    'GET',
    ({ ports }) => getOrder(ports, { account: name, key: keyOf(plan), refresh: true }),
    () => undefined,
  );
}

/** Another system's order under the number of ours. */
function beginForeign({ site, wechat }: OrderActors, plan: OrderPlan, amountFen: number): void {
  const { account } = plan;
  const trade = wechat.placeForeign(account, {
    trade_type: 'NATIVE',
    appid: account.appids[0],
    out_trade_no: valid(plan.number, isOutTradeNo),
    description: 'Of another system',
    amountFen,
    currency: 'CNY',
    createdAt: plan.startsAt,
    notify_url: 'https://another.example.com/notify',
    expiresAt: plus(plan.startsAt, dayMs),
    details: {},
  });
  const { payer } = plan;
  if (payer !== undefined) {
    whenPaid(site, plan, payer, () => wechat.pay(trade, 'right'));
  }
}

function linkOf(answer: Answer<PlacedOrder>): string | undefined {
  if (!answer.ok) {
    return undefined;
  }
  const { code_url, pay: parameters } = answer.value;
  return code_url ?? parameters?.package.slice('prepay_id='.length);
}

function wordOf(answer: Answer<PlacedOrder>): string {
  return answer.ok ? answer.value.status : answer.refusal.code;
}
