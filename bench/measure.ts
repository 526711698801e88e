/** The middle value; of an even number of values the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of the values lies, between neighbours in proportion. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export type Ratio = {
  readonly median: number;
  readonly spread: readonly [low: number, high: number];
};

/**
 * How many times as long one took as the other. Pairs the rounds, so that what disturbs the machine for
 * longer than a round disturbs both; then takes the median, so that a disturbed round does not count.
 */
export function ratioOf(durations: readonly number[], others: readonly number[]): Ratio {
  if (durations.length === 0 || durations.length !== others.length) {
    throw new Error(`Not rounds of the same run: ${durations.length} and ${others.length}.`);
  }
  const ratios = durations.map((duration, round) => duration / (others[round] ?? Number.NaN));
  return {
    median: median(ratios),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}

export type Turns = {
  readonly rounds: number;
  readonly turnsPerRound: number;
  readonly callsPerTurn: number;
  /** Before the first round: the compilers have to be done. */
  readonly warmUpRounds: number;
};

/**
 * Microseconds a call, round by round. In a round the subjects take turns, each time another one first,
 * and of each subject the fastest turn counts: whatever the machine does beside us only ever adds time.
 * So a collection of garbage does not count either, if there are turns without one.
 */
export async function timeInTurns<Name extends string>(
  subjects: Readonly<Record<Name, () => unknown>>,
  { rounds, turnsPerRound, callsPerTurn, warmUpRounds }: Turns,
  nowMs = () => performance.now(),
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(subjects) as Name[];
  const kept = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const fastest = new Map<Name, number>();
    for (let turn = 0; turn < turnsPerRound; turn += 1) {
      for (const name of rotated(names, turn)) {
        const durationUs = await timeTurn(subjects[name], callsPerTurn, nowMs);
        fastest.set(name, Math.min(durationUs, fastest.get(name) ?? Number.POSITIVE_INFINITY));
      }
    }
    for (const [name, durationUs] of round < 0 ? [] : fastest) {
      kept[name].push(durationUs);
    }
  }
  return kept;
}

async function timeTurn(run: () => unknown, calls: number, nowMs: () => number): Promise<number> {
  const startedAt = nowMs();
  for (let call = 0; call < calls; call += 1) {
    const result = run();
    if (result instanceof Promise) {
      await result;
    }
  }
  return ((nowMs() - startedAt) * 1000) / calls;
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
