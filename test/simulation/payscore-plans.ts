import { dayMs, hourMs, minuteMs, secondMs } from '#core/values/time.ts';
import type { Choices } from './choices.ts';
import {
  dullFate,
  type EndTale,
  type PayscoreTale,
  type PushTale,
  type ServiceFate,
  type ServiceTale,
  type SignatureTale,
} from './payscore-plan.ts';
import type { Site } from './site.ts';

const priceLists = [
  [12_000],
  [12_000, 8000],
  [12_000, 0],
  [9000, 9000, 0],
  [8000, 5000, 3000],
  [0],
];
const weekMs = 7 * dayMs;

/** One plan and whatever happens around it. The first choice of everything is the dullest. */
export function drawPayscoreTale(site: Site): PayscoreTale {
  const { choices, accounts } = site;
  const drawn = choices.draw(24);
  const kind = drawn < 21 ? 'ours' : drawn === 21 ? 'taken' : 'stray';
  const prices = priceLists[choices.draw(priceLists.length)] ?? [];
  const users = choices.draw(8) === 7 ? 2 : 1;
  return {
    kind,
    account: accounts[choices.draw(16) === 15 ? 1 : 0],
    number: 'P-1',
    prices,
    lastsDays: choices.draw(16) === 15 ? 1 : 100,
    repeats: drawRepeats(choices),
    stopAfterMs: rarely(choices, 12, [10 * minuteMs, 500, 5 * secondMs, hourMs]),
    cancelsWhilePaying: choices.draw(2) === 1,
    signatures: Array.from({ length: users }, (_, n) =>
      drawSignature(choices, `SP-${n + 1}`, prices),
    ),
  };
}

function drawSignature(choices: Choices, number: string, prices: readonly number[]): SignatureTale {
  return {
    number,
    afterMs: choices.pick([0, 0, 2 * secondMs, minuteMs]),
    repeats: drawRepeats(choices),
    signsAfterMs: drawSigning(choices),
    userCancel:
      choices.draw(8) === 7
        ? {
            afterMs: choices.pick([hourMs, 300, 10 * secondMs, 3 * minuteMs]),
            how: choices.pick(['USER', 'REVOKE_SERVICE']),
          }
        : undefined,
    stopAfterMs: rarely(choices, 10, [20 * minuteMs, 500, 30 * secondMs, 2 * minuteMs]),
    claimAfterMs: rarely(choices, 12, [30 * secondMs, 300, 5 * minuteMs]),
    refreshAfterMs: rarely(choices, 12, [30 * secondMs, 400, 3 * minuteMs]),
    services: prices.map((priceFen, n) =>
      drawService(choices, `${number}-L-${n + 1}`, n, priceFen),
    ),
  };
}

/** Most sign soon; some late, a few after everybody has let it go, some never. */
function drawSigning(choices: Choices): number | undefined {
  const drawn = choices.draw(32);
  if (drawn < 26) {
    return choices.pick([8, 1, 40, 150]) * secondMs;
  }
  return drawn < 29
    ? choices.pick([15 * minuteMs, 2 * hourMs, 30 * hourMs])
    : drawn === 29
      ? 31 * dayMs
      : undefined;
}

function drawService(
  choices: Choices,
  number: string,
  position: number,
  priceFen: number,
): ServiceTale {
  return {
    number,
    detailNo: position + 1,
    priceFen,
    afterMs: choices.pick([secondMs, 0, 20 * secondMs, 2 * minuteMs]),
    isEager: position > 0 && choices.draw(8) === 7,
    repeats: drawRepeats(choices),
    namesEnd: choices.draw(2) === 1,
    end: choices.draw(16) === 15 ? undefined : drawEnd(choices, priceFen),
    pushes: drawPushes(choices),
    claimPaidAfterMs: rarely(choices, 10, [2 * secondMs, 300, 20 * secondMs, 5 * minuteMs]),
    refundAfterMs: rarely(choices, 8, [30 * secondMs, 0, 5 * minuteMs]),
    refreshAfterMs: rarely(choices, 12, [10 * secondMs, 400, 3 * minuteMs]),
    fate: drawFate(choices),
  };
}

function drawEnd(choices: Choices, priceFen: number): EndTale {
  const again = choices.draw(5);
  return {
    name: choices.draw(10) === 9 ? 'cancel' : 'complete',
    afterMs: choices.pick([5 * secondMs, 0, 40 * secondMs, 10 * minuteMs]),
    totalFen: choices.draw(6) === 5 ? Math.floor(priceFen / 2) : priceFen,
    again: again < 2 ? undefined : (['same', 'other', 'cancel'] as const)[again - 2],
    againAfterMs: choices.pick([20 * secondMs, 0, 5, 300, 3 * secondMs]),
    endedAgoMs: choices.pick([60, 60, 3]) * secondMs,
  };
}

function drawPushes(choices: Choices): readonly PushTale[] {
  const pushes: PushTale[] = [];
  while (pushes.length < 3 && choices.draw(3) === 2) {
    pushes.push({
      name: choices.pick(['pay', 'modify', 'sync', 'cancel']),
      afterMs: choices.pick([5 * minuteMs, secondMs, 65 * secondMs, hourMs]),
    });
  }
  return pushes;
}

function drawFate(choices: Choices): ServiceFate {
  const drawn = choices.draw(64);
  const isCreated = choices.draw(48);
  return {
    chargedAfterMs: drawCharge(choices),
    chargedWhenAsked: choices.draw(4) < 3,
    chargedAs: drawn < 58 ? dullFate.chargedAs : drawn < 62 ? 'amount' : 'payer',
    createdMs: isCreated < 44 ? 0 : isCreated < 47 ? 2 * minuteMs : 30 * dayMs,
    expires: isCreated === 47,
  };
}

function drawCharge(choices: Choices): number | undefined {
  const drawn = choices.draw(16);
  if (drawn < 10) {
    return choices.pick([2, 0, 20]) * secondMs;
  }
  return drawn < 13 ? choices.pick([4 * minuteMs, 40 * minuteMs, 5 * hourMs, weekMs]) : undefined;
}

function drawRepeats(choices: Choices): readonly number[] {
  const repeats: number[] = [];
  while (repeats.length < 3 && choices.draw(10) === 9) {
    repeats.push(choices.pick([0, 300, 10 * secondMs, 2 * minuteMs]));
  }
  return repeats;
}

function rarely(
  choices: Choices,
  oneIn: number,
  options: readonly [number, ...number[]],
): number | undefined {
  return choices.draw(oneIn) === oneIn - 1 ? choices.pick(options) : undefined;
}
