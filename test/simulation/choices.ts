/**
 * Where every decision of a schedule comes from. 0 is always the dullest answer (no fault, no delay,
 * nobody acts), so that a list of choices can be made shorter and duller until only the story is left.
 */
export type Choices = {
  /** A whole number from 0 to `below` - 1. */
  draw(below: number): number;
  /** Whether what happens `per1024` times in 1024 happens now. */
  chance(per1024: number): boolean;
  /** One of these; the first is the dullest. */
  pick<T>(options: readonly [T, ...(readonly T[])]): T;
  /** What was drawn so far. */
  taken(): readonly number[];
};

/** Choices out of a seed: the same seed, the same choices, on every machine. */
export function seededChoices(seed: number): Choices {
  const next = sfc32(seed);
  return choicesFrom((below) => next() % below);
}

/** The choices of an earlier run, or what is left of them; beyond their end everything is dull. */
export function replayedChoices(list: readonly number[]): Choices {
  let position = 0;
  return choicesFrom((below) => {
    const choice = list[position] ?? 0;
    position += 1;
    return Math.min(choice, below - 1);
  });
}

function choicesFrom(drawBelow: (below: number) => number): Choices {
  const taken: number[] = [];
  const draw = (below: number): number => {
    const choice = drawBelow(below);
    taken.push(choice);
    return choice;
  };
  return {
    draw,
    chance: (per1024) => per1024 > 0 && draw(1024) >= 1024 - per1024,
    pick: (options) => options[draw(options.length)] ?? options[0],
    taken: () => taken,
  };
}

/** Chris Doty-Humphrey's small fast counter, 32 bit, from PractRand; seeded with both halves of the number. */
function sfc32(seed: number): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + result) >>> 0;
    return result;
  };
  for (let round = 0; round < 12; round += 1) {
    next();
  }
  return next;
}
