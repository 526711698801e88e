import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventTypes } from '#core/events.ts';
import { planStatuses } from '#core/subjects/plan/plan.ts';
import { serviceOrderStatuses } from '#core/subjects/service-order/service-order.ts';
import { signPlanStatuses } from '#core/subjects/sign-plan/sign-plan.ts';
import { outsidePromises } from './outside-promises.ts';
import { playSeeds } from './run.ts';

/** Statuses that never last: somebody looks until there is another. */
const passing: ReadonlySet<string> = new Set([
  'plan CREATED',
  'sign-plan CREATED',
  'service-order CREATED',
]);

const statuses = [
  ...planStatuses.map((status) => `plan ${status}`),
  ...signPlanStatuses.map((status) => `sign-plan ${status}`),
  ...serviceOrderStatuses.map((status) => `service-order ${status}`),
].filter((status) => !passing.has(status));

const events = eventTypes.filter((type) => /^(?:plan|sign-plan|service-order)\./.test(type));

/** What must be in the world, for without it mistakes pass unseen; in so many schedules. */
const wanted: readonly (readonly [string, number])[] = [
  ['complete done', 1000],
  ['complete refused', 50],
  ['cancel done', 300],
  ['cancel refused', 50],
  ['modify done', 50],
  ['modify refused', 3],
  ['sync done', 50],
  ['pay done', 50],
  ['stop-plan done', 100],
  ['stop-sign-plan done', 100],
  ['stop-sign-plan refused', 3],
  ['create-service-order refused', 50],
  ['create-sign-plan refused', 50],
  ['plan REFUSED, then CREATED', 50],
  ['sign-plan LAPSED, then SIGNED', 20],
  ['sign-plan UNSIGNED, then SIGN_PLAN_CANCEL', 50],
  ['sign-plan SIGNED, then EXPIRE', 20],
  ['service-order REFUSED, then CREATED', 50],
  ['service-order COMPLETED, then REVOKED', 50],
  ['service-order COMPLETED, then PAID', 500],
  ['service-order DOING, then PAID', 200],
  ['service-order DOING, then DONE', 200],
  ['service-order REVOKED, then REVIEW', 5],
  ['refund of a service PAID', 100],
  ['refund of a service REVIEW', 1],
];

describe('4,000 schedules of a plan', () => {
  const played = outsidePromises(() => playSeeds(1, 4000, { isPayscore: true }));

  it('break no promise', async () => {
    const { broken } = await played;
    const how = `SEED=${broken?.seed} npm run simulate -- --payscore`;
    assert.equal(broken, undefined, `${how}: ${broken?.violation}`);
  });

  for (const end of [...statuses, ...events]) {
    it(`come to ${end}`, async () => {
      const { seen } = await played;
      assert.ok((seen.get(end) ?? 0) > 0, `${seen.get(end)} schedules`);
    });
  }

  for (const [end, atLeast] of wanted) {
    it(`see this at least ${atLeast} times: ${end}`, async () => {
      const { seen } = await played;
      assert.ok((seen.get(end) ?? 0) >= atLeast, `${seen.get(end)} schedules`);
    });
  }

  it('have a sign plan, and its services, looked at a bounded number of times', async () => {
    const { mostWakes } = await played;
    assert.ok(mostWakes > 10 && mostWakes <= 200, `${mostWakes} wakes`);
  });
});
