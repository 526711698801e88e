import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  firstDueAtOf,
  firstLookMs,
  nextChargingSlot,
  nextCommandSlot,
  nextQuietSlot,
  nextUnsignedSlot,
  signPlanLifeMs,
} from '#core/payscore/looks.ts';
import type { Instant } from '#core/values/time.ts';
import { moment } from '../fixtures.ts';

type Next = (from: Instant, now: Instant) => Instant;
type Row = readonly [now: string, slot: string];

const from = moment('2026-11-21T04:00:00Z');
const soon: readonly Row[] = [
  ['2026-11-21T04:00:00.000Z', '2026-11-21T04:00:30Z'],
  ['2026-11-21T04:00:29.999Z', '2026-11-21T04:00:30Z'],
  ['2026-11-21T04:00:30.000Z', '2026-11-21T04:01:00Z'],
  ['2026-11-21T04:01:00.000Z', '2026-11-21T04:02:00Z'],
  ['2026-11-21T04:02:00.000Z', '2026-11-21T04:03:00Z'],
  ['2026-11-21T04:03:00.000Z', '2026-11-21T04:05:00Z'],
  ['2026-11-21T04:05:00.000Z', '2026-11-21T04:10:00Z'],
  ['2026-11-21T04:10:00.000Z', '2026-11-21T04:15:00Z'],
  ['2026-11-21T04:15:00.000Z', '2026-11-21T04:20:00Z'],
  ['2026-11-21T04:20:00.000Z', '2026-11-21T04:30:00Z'],
  ['2026-11-21T04:30:00.000Z', '2026-11-21T05:00:00Z'],
  ['2026-11-21T05:00:00.000Z', '2026-11-21T06:00:00Z'],
];
const hourlyForADay: readonly Row[] = [
  ['2026-11-21T20:30:00.000Z', '2026-11-21T21:00:00Z'],
  ['2026-11-22T03:00:00.000Z', '2026-11-22T04:00:00Z'],
];

const plans: Readonly<Record<string, readonly [Next, readonly Row[]]>> = {
  'an unsigned sign plan': [
    nextUnsignedSlot,
    [
      ...soon,
      ...hourlyForADay,
      ['2026-11-22T04:00:00.000Z', '2026-11-22T08:00:00Z'],
      ['2026-11-22T08:00:00.000Z', '2026-11-22T12:00:00Z'],
      ['2026-11-28T03:59:59.999Z', '2026-11-28T04:00:00Z'],
      ['2026-11-28T04:00:00.000Z', '2026-11-29T04:00:00Z'],
      ['2026-12-20T12:00:00.000Z', '2026-12-21T04:00:00Z'],
    ],
  ],
  'a service that is charged for': [
    nextChargingSlot,
    [
      ...soon,
      ...hourlyForADay,
      ['2026-11-22T04:00:00.000Z', '2026-11-23T04:00:00Z'],
      ['2026-12-21T04:00:00.001Z', '2026-12-22T04:00:00Z'],
    ],
  ],
  'a signed plan, or a running service': [
    nextQuietSlot,
    [
      ['2026-11-21T04:00:00.000Z', '2026-11-22T04:00:00Z'],
      ['2026-11-22T03:59:59.999Z', '2026-11-22T04:00:00Z'],
      ['2026-11-22T04:00:00.000Z', '2026-11-23T04:00:00Z'],
      ['2027-01-01T00:00:00.000Z', '2027-01-01T04:00:00Z'],
    ],
  ],
  'a command that waits': [
    nextCommandSlot,
    [
      ...soon,
      ['2026-11-22T04:00:00.000Z', '2026-11-22T05:00:00Z'],
      ['2026-12-21T04:10:00.000Z', '2026-12-21T05:00:00Z'],
    ],
  ],
};

for (const [what, [next, rows]] of Object.entries(plans)) {
  describe(`the looks at ${what}`, () => {
    for (const [now, slot] of rows) {
      it(`go from ${now} to ${slot}`, () => {
        assert.equal(next(from, moment(now)), moment(slot));
      });
    }
  });
}

describe('the first look', () => {
  it('is sent for half a minute, and stands two minutes after the start', () => {
    assert.equal(firstLookMs, 30_000);
    assert.equal(firstDueAtOf(from), moment('2026-11-21T04:02:00Z'));
  });

  it('at an unsigned sign plan is the first of thirty days', () => {
    assert.equal(signPlanLifeMs, 2_592_000_000);
  });
});
