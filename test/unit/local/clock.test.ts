import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { scaleClock } from '../../../local/clock.ts';

const RealDate = Date;

describe('a scaled clock', () => {
  let putBack = (): void => undefined;
  const scale = (factor: number, agoMs = 0): void => {
    putBack = scaleClock({ origin: RealDate.now() - agoMs, factor });
  };
  afterEach(() => putBack());

  it('runs so many times faster since its origin', () => {
    scale(60, 1000);
    const aheadMs = Date.now() - RealDate.now();
    assert.ok(aheadMs >= 59_000, String(aheadMs));
  });

  it('shows the same time by Date.now, new Date and Date()', () => {
    scale(60, 1_000_000);
    const nowMs = Date.now();
    const shown = new Date();
    assert.ok(shown.getTime() >= nowMs);
    assert.ok(Date.parse(Date()) >= nowMs - 1000);
  });

  it('leaves given dates and the functions of Date alone', () => {
    scale(60, 1000);
    assert.equal(new Date(0).toISOString(), '1970-01-01T00:00:00.000Z');
    assert.equal(new Date('2026-03-01T00:00:00Z').getTime(), Date.UTC(2026, 2, 1));
    assert.ok(new Date() instanceof Date);
    assert.ok(new Date() instanceof RealDate);
  });

  it('lets an hour pass at once for timers, with their values', async () => {
    scale(3_600_000);
    const value = await new Promise((resolve) => setTimeout(resolve, 3_600_000, 'passed'));
    assert.equal(value, 'passed');
  });

  it('lets intervals fire again and again, until they are cleared', async () => {
    scale(3_600_000);
    await new Promise<void>((resolve) => {
      let left = 3;
      const timer = setInterval(() => {
        left -= 1;
        if (left === 0) {
          clearInterval(timer);
          resolve();
        }
      }, 3_600_000);
    });
  });

  it('clears a timer that has not fired', async () => {
    scale(60);
    const timer = setTimeout(() => assert.fail('it fired'), 60);
    clearTimeout(timer);
    await new Promise((resolve) => setTimeout(resolve, 600));
  });

  it('is put back as it was', () => {
    scale(60, 1000);
    putBack();
    assert.equal(Date, RealDate);
  });

  for (const factor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`cannot run ${factor} times as fast`, () => {
      assert.throws(() => scaleClock({ origin: 0, factor }), RangeError);
    });
  }
});
