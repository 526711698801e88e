import type { Account } from '#core/account.ts';
import type { SubjectKey } from '#core/record.ts';
import { hourMs, minuteMs, plus, secondMs } from '#core/values/time.ts';
import type { Choices } from './choices.ts';
import { codeLifeMs, drawCode, drawTill } from './code-plans.ts';
import type { OrderPlan, Payer } from './order-plan.ts';
import { drawAllRefunds } from './refund-plans.ts';
import type { Site } from './site.ts';

/**
 * `ours`: ordered here. `taken`: another system has an order under the same number. `stray`: only another
 * system has it, and WeChat tells us of its payment.
 */
export type OrderStory = { readonly kind: 'ours' | 'taken' | 'stray'; readonly plan: OrderPlan };

const shortLives = [5, 3, 2, 10].map((minutes) => minutes * minuteMs);
const longLives = [40, 120, 180, 26 * 60, 7 * 24 * 60].map((minutes) => minutes * minuteMs);

export function keyOf({ account, number }: OrderPlan): SubjectKey {
  return { kind: 'order', mchid: account.mchid, number };
}

export function drawStory(site: Site, number: string): OrderStory {
  const { choices, accounts } = site;
  const drawn = choices.draw(24);
  const kind = drawn < 22 ? 'ours' : drawn === 22 ? 'taken' : 'stray';
  const account = accounts[choices.draw(16) === 15 ? 1 : 0];
  const plan = drawPlan(site, account, number);
  return { kind, plan: kind !== 'stray' && choices.draw(7) === 6 ? atTill(site, plan) : plan };
}

/** The same order, but that its payer's code is charged. */
function atTill({ choices, weather }: Site, plan: OrderPlan): OrderPlan {
  return {
    ...plan,
    isJsapi: false,
    code: drawCode(choices),
    expiresAt: plus(plan.startsAt, codeLifeMs),
    ...drawTill(choices, weather.isRace),
    consoleCloseAfterMs: undefined,
  };
}

function drawPlan({ choices, agenda, weather }: Site, account: Account, number: string): OrderPlan {
  const startsAt = plus(agenda.now(), choices.pick([0, 0, 1000, 20_000, 61_000]));
  const lifeMs =
    choices.draw(32) < 31
      ? choices.pick([5 * minuteMs, ...shortLives])
      : choices.pick([20 * minuteMs, ...longLives]);
  const sometimes = (options: readonly [number, ...number[]]): number | undefined =>
    choices.draw(12) === 11 ? choices.pick(options) : undefined;
  const expiresAt = plus(startsAt, lifeMs);
  return {
    account,
    number,
    startsAt,
    expiresAt,
    isJsapi: choices.draw(4) === 3,
    code: undefined,
    payer: choices.draw(8) === 0 ? undefined : drawPayer(choices, weather.isRace),
    repeats: drawRepeats(choices, lifeMs),
    closeAfterMs: sometimes([
      2 * minuteMs,
      500,
      10 * secondMs,
      lifeMs - secondMs,
      lifeMs + minuteMs,
    ]),
    refreshAfterMs: sometimes([30 * secondMs, 400, 3 * minuteMs, lifeMs + 5 * secondMs, hourMs]),
    looksAfterPaymentMs: [],
    claimAfterMs: sometimes([30 * secondMs, 500, 2 * minuteMs, lifeMs + secondMs, lifeMs + hourMs]),
    claimRefundAfterMs:
      choices.draw(128) === 127 ? choices.pick([minuteMs, 2000, hourMs]) : undefined,
    ...drawAllRefunds(choices, number),
    consoleCloseAfterMs: choices.draw(24) === 23 ? choices.pick([40_000, 2000]) : undefined,
    hiddenMs: choices.draw(8) === 7 ? choices.pick([20, 60]) * secondMs : 0,
  };
}

function drawPayer(choices: Choices, isRace: boolean): Payer {
  return {
    ...(isRace ? {} : drawTiming(choices)),
    paidAs: choices.draw(8) < 7 ? 'right' : choices.pick(['amount', 'currency', 'appid', 'payer']),
    payingMs: choices.draw(16) === 15 ? drawPaying(choices) : 0,
    succeeds: choices.draw(4) < 3,
  };
}

/** Most pay soon; the others as late as they can, or only when a close comes. */
function drawTiming(choices: Choices): Pick<Payer, 'afterMs' | 'beforeExpiryMs'> {
  if (choices.draw(16) < 12) {
    return { afterMs: choices.pick([2, 9, 20, 28]) * secondMs };
  }
  const late = choices.draw(6);
  return late < 2
    ? { afterMs: (late === 0 ? 45 : 200) * secondMs }
    : late < 5
      ? { beforeExpiryMs: (late - 2) * secondMs }
      : {};
}

function drawPaying(choices: Choices): number {
  return choices.draw(16) < 15
    ? choices.pick([40 * secondMs, 2 * minuteMs, 17 * minuteMs])
    : 25 * hourMs;
}

function drawRepeats(choices: Choices, lifeMs: number): readonly number[] {
  const repeats: number[] = [];
  while (repeats.length < 4 && choices.draw(12) === 11) {
    repeats.push(choices.pick([0, 300, 40_000, lifeMs - 61_000, lifeMs - 2000, lifeMs / 2]));
  }
  // A storm of the same PUT: it may not set off a storm of wakes.
  return choices.draw(256) === 255
    ? [...repeats, ...Array.from({ length: 30 }, (_, n) => n * 500)]
    : repeats;
}
