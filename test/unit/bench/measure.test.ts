import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, quantile, ratioOf, timeInTurns } from '../../../bench/measure.ts';

describe('the median', () => {
  const cases: readonly (readonly [readonly number[], number])[] = [
    [[7], 7],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100, 8, 11], 10],
  ];
  for (const [values, middle] of cases) {
    it(`of ${values.join(', ')} is ${middle}`, () => assert.equal(median(values), middle));
  }

  it('of nothing is no number', () => assert.ok(Number.isNaN(median([]))));

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    median(values);
    assert.deepEqual(values, [3, 1, 2]);
  });
});

describe('a quantile', () => {
  it('lies between neighbours in proportion', () => {
    assert.equal(quantile([0, 10, 20, 30], 0.25), 7.5);
    assert.equal(quantile([30, 20, 10, 0], 0.75), 22.5);
    assert.equal(quantile([1, 2, 3], 0), 1);
    assert.equal(quantile([1, 2, 3], 1), 3);
  });
});

describe('a ratio', () => {
  it('is the median of the rounds, each compared with itself', () => {
    // The machine is ten times as slow in the second round: the ratio does not see it.
    const { median: middle, spread } = ratioOf([2, 30, 4], [1, 10, 2]);
    assert.equal(middle, 2);
    assert.deepEqual(spread, [2, 2.5]);
  });

  it('is not the ratio of the medians', () => {
    assert.equal(ratioOf([1, 10, 100], [100, 10, 1]).median, 1);
    assert.equal(ratioOf([2, 9, 10], [10, 3, 1]).median, 3);
  });

  it('is refused for rounds that do not pair, and for none', () => {
    assert.throws(() => ratioOf([1, 2], [1]), /Not rounds of the same run/);
    assert.throws(() => ratioOf([], []), /Not rounds of the same run/);
  });
});

describe('turns', () => {
  const turns = { rounds: 2, turnsPerRound: 3, callsPerTurn: 2, warmUpRounds: 1 };

  it('give one duration a round, the warm-up left out', async () => {
    const times = await timeInTurns({ one: () => 1, other: () => Promise.resolve(2) }, turns);
    assert.deepEqual(Object.keys(times), ['one', 'other']);
    for (const durations of Object.values(times)) {
      assert.equal(durations.length, 2);
      assert.ok(durations.every((one) => Number.isFinite(one) && one >= 0));
    }
  });

  it('go round, another one first each time, and call as often as asked', async () => {
    let called = '';
    const subject = (name: string) => () => {
      called += name;
    };
    await timeInTurns({ a: subject('a'), b: subject('b') }, { ...turns, warmUpRounds: 0 });
    assert.equal(called, 'aabbbbaaaabbaabbbbaaaabb');
  });

  it('count the fastest turn of a round, a call of it', async () => {
    let nowMs = 0;
    const durationsMs = [5, 3, 9, 7, 8, 6];
    const run = (): void => {
      nowMs += durationsMs.shift() ?? 0;
    };
    const once = { rounds: 2, turnsPerRound: 3, callsPerTurn: 1, warmUpRounds: 0 };
    const times = await timeInTurns({ run }, once, () => nowMs);
    assert.deepEqual(times.run, [3000, 6000]);
    const pairs = { rounds: 1, turnsPerRound: 1, callsPerTurn: 2, warmUpRounds: 0 };
    durationsMs.push(1, 4);
    assert.deepEqual((await timeInTurns({ run }, pairs, () => nowMs)).run, [2500]);
  });

  it('wait for one call before the next', async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    };
    await timeInTurns({ a: run, b: run }, turns);
    assert.equal(most, 1);
  });

  it('end with the first call that fails', async () => {
    const failing = () => Promise.reject(new Error('not sound'));
    await assert.rejects(timeInTurns({ a: () => 1, b: failing }, turns), /not sound/);
    const throwing = () => {
      throw new Error('not sound either');
    };
    await assert.rejects(timeInTurns({ a: throwing }, turns), /not sound either/);
  });
});
