import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeOrder, isSettled } from '#core/subjects/order/order.ts';
import { noteResolution } from '#core/subjects/order/resolve.ts';
import type { JsonObject } from '#core/values/json.ts';
import { createdAt, moment, orderOf, orderRecord, paymentData } from '../../fixtures.ts';

const now = moment('2026-11-21T07:00:00Z');
const asked = { action: 'accept', by: 'lin', why: 'called the payer' } as const;
const standing = { ...asked, at: createdAt };
const inReview = { ...paymentData, reviewReason: 'amount' };

function noted(
  status: string,
  data: JsonObject,
  given: Parameters<typeof noteResolution>[1] = asked,
) {
  return noteResolution(orderOf(orderRecord({ status }, data)), given, now);
}

describe('what a person decided about a review', () => {
  for (const action of ['accept', 'refund', 'close'] as const) {
    it(`is noted, ${action}, with who, why and when, and looked into within two minutes`, () => {
      assert.deepEqual(noted('REVIEW', inReview, { ...asked, action }), {
        ok: true,
        value: {
          patch: { set: { resolution: { ...asked, action, at: now } } },
          events: [],
          isAside: true,
          nextLookAt: moment('2026-11-21T07:02:00Z'),
          evidence: `resolve ${action}`,
        },
      });
    });
  }

  it('is noted again after another was found impossible', () => {
    const resolved = { ...standing, outcome: 'impossible' };
    assert.equal(noted('REVIEW', { ...inReview, resolved }).ok, true);
  });

  it('is nothing new when just that is noted already, whenever it was', () => {
    const answer = noted('REVIEW', { ...inReview, resolution: standing });
    assert.deepEqual(answer, { ok: true, value: undefined });
  });

  for (const other of [{ action: 'refund' }, { by: 'wang' }, { why: 'no answer' }] as const) {
    it(`is refused while another is carried out, which differs by ${JSON.stringify(other)}`, () => {
      const answer = noted('REVIEW', { ...inReview, resolution: standing }, { ...asked, ...other });
      assert.deepEqual(answer, { ok: false, error: 'order_conflict' });
    });
  }

  for (const status of ['CREATED', 'AWAITING', 'PAID', 'CLOSED', 'REFUSED', 'UNMATCHED']) {
    it(`is refused on an order that is ${status}`, () => {
      const answer = noted(status, paymentData);
      assert.deepEqual(answer, { ok: false, error: 'order_not_in_review' });
    });
  }

  it('is refused on an order that was resolved, be it the same again', () => {
    const resolved = { ...standing, outcome: 'done' };
    const answer = noted('PAID', { ...paymentData, resolved });
    assert.deepEqual(answer, { ok: false, error: 'order_not_in_review' });
  });

  it('keeps the order from resting until it was carried out', () => {
    const open = orderOf(orderRecord({ status: 'REVIEW' }, { ...inReview, resolution: standing }));
    const over = { ...inReview, resolved: { ...standing, outcome: 'impossible' } };
    assert.equal(isSettled(open), false);
    assert.equal(isSettled(orderOf(orderRecord({ status: 'REVIEW' }, over))), true);
  });
});

describe('a resolution in the record of an order', () => {
  const resolved = { ...standing, outcome: 'done' };

  it('is read back as it was noted', () => {
    const order = orderOf(orderRecord({}, { resolution: standing, resolved }));
    assert.deepEqual([order.resolution, order.resolved], [standing, resolved]);
    const bare = orderOf(orderRecord());
    assert.deepEqual([bare.resolution, bare.resolved], [undefined, undefined]);
  });

  const damages: readonly JsonObject[] = [
    { action: 'fulfil' },
    { action: null },
    { by: 7 },
    { why: null },
    { at: '2026-11-21T07:00:00Z' },
    { at: -1 },
  ];
  for (const damage of damages) {
    it(`is not read with ${JSON.stringify(damage)}`, () => {
      const resolution = { ...standing, ...damage };
      assert.deepEqual(decodeOrder(orderRecord({}, { resolution })), {
        ok: false,
        error: 'resolution',
      });
      assert.deepEqual(decodeOrder(orderRecord({}, { resolved: { ...resolved, ...damage } })), {
        ok: false,
        error: 'resolved',
      });
    });
  }

  for (const name of Object.keys(standing)) {
    it(`is not read without its ${name}`, () => {
      const rest = Object.entries(standing).filter(([other]) => other !== name);
      const resolution = Object.fromEntries(rest);
      const decoded = decodeOrder(orderRecord({}, { resolution }));
      assert.deepEqual(decoded, { ok: false, error: 'resolution' });
    });
  }

  for (const outcome of ['undone', '', null, true]) {
    it(`is not read as over with the outcome ${JSON.stringify(outcome)}`, () => {
      const decoded = decodeOrder(orderRecord({}, { resolved: { ...standing, outcome } }));
      assert.deepEqual(decoded, { ok: false, error: 'resolved' });
    });
  }

  it('is not read as over without an outcome', () => {
    const decoded = decodeOrder(orderRecord({}, { resolved: standing }));
    assert.deepEqual(decoded, { ok: false, error: 'resolved' });
  });
});
