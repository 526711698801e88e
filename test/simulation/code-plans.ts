import { minuteMs, secondMs } from '#core/values/time.ts';
import type { Choices } from './choices.ts';
import type { CodePlan, OrderPlan, Payer } from './order-plan.ts';

/** How long it waits for its payer. */
export const codeLifeMs = 45 * secondMs;

export function drawCode(choices: Choices): CodePlan {
  return {
    asksPassword: choices.draw(4) > 0,
    otherBodyAfterMs: choices.draw(12) === 11 ? choices.pick([3000, 0, 8000, minuteMs]) : undefined,
  };
}

/** Who touches it in its few seconds: the merchant repeats, closes and looks, the payer waits. */
export function drawTill(
  choices: Choices,
  isRace: boolean,
): Pick<OrderPlan, 'payer' | 'repeats' | 'closeAfterMs' | 'refreshAfterMs'> {
  const sometimes = (options: readonly [number, ...number[]]): number | undefined =>
    choices.draw(8) === 7 ? choices.pick(options) : undefined;
  return {
    payer: choices.draw(8) === 0 ? undefined : drawPayer(choices, isRace),
    repeats: drawRepeats(choices),
    closeAfterMs: sometimes([10_000, 300, 2000, 24_000, 44_500, 2 * minuteMs]),
    refreshAfterMs: sometimes([7000, 400, 44_900, 47_000, 3 * minuteMs]),
  };
}

function drawPayer(choices: Choices, isRace: boolean): Payer {
  return {
    ...(isRace ? {} : drawTiming(choices)),
    paidAs: choices.draw(16) < 15 ? 'right' : choices.pick(['amount', 'currency', 'appid']),
    payingMs:
      choices.draw(16) === 15
        ? choices.pick([3 * secondMs, 40 * secondMs, 17 * minuteMs, 25 * 60 * minuteMs])
        : 0,
    succeeds: choices.draw(6) < 5,
  };
}

/** Most confirm soon; the others in the last second, around the reversal, or when it comes. */
function drawTiming(choices: Choices): Pick<Payer, 'afterMs'> {
  const drawn = choices.draw(16);
  if (drawn < 8) {
    return { afterMs: choices.pick([3, 0, 9, 22, 27, 38]) * secondMs };
  }
  return drawn < 14
    ? { afterMs: choices.pick([44_900, 44_000, 45_000, 45_200, 45_600, 46_500, 75_000]) }
    : {};
}

function drawRepeats(choices: Choices): readonly number[] {
  const repeats: number[] = [];
  while (repeats.length < 3 && choices.draw(8) === 7) {
    repeats.push(choices.pick([2000, 0, 300, 11_000, 44_000, 60_000]));
  }
  return repeats;
}
