import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  afterAnswer,
  afterFailure,
  blamesEvent,
  deliveryPauseMs,
  type Endpoint,
  planDelivery,
  setAsidePauseMs,
} from '#core/endpoint.ts';
import { type Instant, plus } from '#core/values/time.ts';
import { at } from '../../support/clock.ts';

const noon = at('2026-11-21T12:00:00Z');

/** An endpoint after so many failures, each at the first moment at which anybody tries. */
function failed(times: number): { readonly endpoint: Endpoint; readonly lastAt: Instant } {
  let endpoint: Endpoint | undefined;
  let lastAt = noon;
  for (let time = 0; time < times; time += 1) {
    lastAt = endpoint?.failing?.nextTryAt ?? noon;
    endpoint = afterFailure(endpoint, lastAt);
  }
  assert.ok(endpoint !== undefined);
  return { endpoint, lastAt };
}

describe('an endpoint', () => {
  it('is tried while nothing is known, and while it is well', () => {
    assert.deepEqual(planDelivery(undefined, noon), { type: 'try' });
    assert.deepEqual(planDelivery({ version: 7 }, noon), { type: 'try' });
  });

  for (const times of [1, 2]) {
    it(`is tried by all after ${times} failures in a row: they may be those of one event`, () => {
      assert.deepEqual(planDelivery(failed(times).endpoint, noon), { type: 'try' });
    });
  }

  it('is waited for after the third failure, with growing pauses up to 5 min', () => {
    const pauses = [3, 4, 5, 6, 7, 8, 9].map((times) => {
      const { endpoint, lastAt } = failed(times);
      const { nextTryAt = noon } = endpoint.failing ?? {};
      const before = planDelivery(endpoint, plus(nextTryAt, -1));
      assert.deepEqual(before, { type: 'wait', until: nextTryAt, spreadMs: nextTryAt - lastAt });
      return nextTryAt - lastAt;
    });
    assert.deepEqual(pauses, [5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 300_000]);
  });

  it('is probed by one when the pause is over: the others wait for half a minute', () => {
    const { endpoint } = failed(3);
    const now = plus(noon, 5_000);
    const plan = planDelivery(endpoint, now);
    const failing = { since: noon, attempts: 3, nextTryAt: plus(now, 30_000) };
    assert.deepEqual(plan, { type: 'probe', reserve: { version: 4, failing } });
    const reserve = plan.type === 'probe' ? plan.reserve : undefined;
    const wait = { type: 'wait', until: plus(now, 30_000), spreadMs: 5_000 };
    assert.deepEqual(planDelivery(reserve, now), wait);
    assert.equal(planDelivery(reserve, plus(now, 30_000)).type, 'probe');
  });

  it('is down once it has failed for an hour, not before', () => {
    const { endpoint } = failed(3);
    const early = afterFailure(endpoint, plus(noon, 3_599_999));
    assert.equal(early.failing?.downAt, undefined);
    const late = afterFailure(endpoint, plus(noon, 3_600_000));
    assert.equal(late.failing?.downAt, plus(noon, 3_600_000));
    assert.deepEqual(planDelivery(late, plus(noon, 3_600_000)), { type: 'set-aside' });
    const later = afterFailure(late, plus(noon, 7_200_000));
    assert.equal(later.failing?.downAt, plus(noon, 3_600_000));
  });

  it('is not down for two failures that lie a day apart, while others try it in between', () => {
    const first = afterFailure(undefined, noon);
    const well = afterAnswer(first);
    const second = afterFailure(well, plus(noon, 86_400_000));
    assert.deepEqual(second, {
      version: 3,
      failing: { since: plus(noon, 86_400_000), attempts: 1, nextTryAt: plus(noon, 86_400_000) },
    });
  });

  it('is still probed while it is down', () => {
    const { endpoint } = failed(3);
    const down = afterFailure(endpoint, plus(noon, 3_600_000));
    const plan = planDelivery(down, down.failing?.nextTryAt ?? noon);
    assert.equal(plan.type, 'probe');
    const { reserve } = plan.type === 'probe' ? plan : { reserve: undefined };
    assert.equal(reserve?.failing?.downAt, plus(noon, 3_600_000));
  });

  it('is well again with its first answer, and that is written once', () => {
    const { endpoint } = failed(9);
    assert.deepEqual(afterAnswer(endpoint), { version: 10 });
    assert.equal(afterAnswer({ version: 10 }), undefined);
    assert.equal(afterAnswer(undefined), undefined);
  });
});

describe('a status that is no success', () => {
  for (const status of [400, 409, 413, 422]) {
    it(`blames the event when it is ${status}`, () => {
      assert.equal(blamesEvent(status), true);
    });
  }

  for (const status of [undefined, 301, 401, 403, 404, 408, 410, 429, 500, 503]) {
    it(`blames the endpoint when it is ${status}`, () => {
      assert.equal(blamesEvent(status), false);
    });
  }
});

describe('the pauses of a delivery', () => {
  it('begin at 5 s, are half its age, and 6 h at most', () => {
    const ages = [0, 9_999, 20_000, 600_000, 86_400_000];
    const pauses = ages.map((ageMs) => deliveryPauseMs(ageMs, 0.5));
    assert.deepEqual(pauses, [5_000, 5_000, 10_000, 300_000, 21_600_000]);
  });

  it('are spread by a quarter both ways', () => {
    assert.deepEqual([deliveryPauseMs(20_000, 0), deliveryPauseMs(20_000, 1)], [7_500, 12_500]);
    assert.deepEqual([setAsidePauseMs(0), setAsidePauseMs(1)], [450_000, 750_000]);
  });

  it('are over after three days', () => {
    assert.notEqual(deliveryPauseMs(259_199_999, 0), undefined);
    assert.equal(deliveryPauseMs(259_200_000, 0), undefined);
  });

  it('leave some thirty attempts in these three days', () => {
    let attempts = 1;
    let ageMs = 0;
    for (let pauseMs = deliveryPauseMs(ageMs, 0.5); pauseMs !== undefined; ) {
      attempts += 1;
      ageMs += pauseMs;
      pauseMs = deliveryPauseMs(ageMs, 0.5);
    }
    assert.equal(attempts, 34);
  });
});
