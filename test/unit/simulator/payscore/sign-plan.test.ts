import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { waitAfterSignPlanTryMs } from '../../../../simulator/payscore/notice-waits.ts';
import {
  beforeSigning,
  cancel,
  type DetailUse,
  expire,
  namesEachDetail,
  type SignState,
  sign,
  signStateOf,
  useRefusal,
} from '../../../../simulator/payscore/sign-plan.ts';
import { aPlan, aSignPlan, DAY, NOW } from './samples.ts';

const MOMENT = { atMs: NOW, noticeId: 'n-1' };
const SIGNED = aSignPlan({ signed: MOMENT, overAtMs: NOW + 300 * DAY });
const CANCELLED = { ...MOMENT, type: 'USER', reason: '不学了' } as const;

const use = (planDetailNo: number, state: DetailUse['state']): DetailUse => ({
  planDetailNo,
  state,
  orderId: `order-${planDetailNo}`,
  usedAtMs: NOW,
  completedAtMs: undefined,
  cancelledAtMs: undefined,
  total: undefined,
});

const USED = use(1, 'USED');

describe('the state of a sign plan', () => {
  test('it waits, is signed, and runs out at its time', () => {
    assert.equal(signStateOf(aSignPlan(), [], NOW), 'UNSIGNED');
    assert.equal(signStateOf(SIGNED, [], NOW + 300 * DAY - 1), 'SIGNED');
    assert.equal(signStateOf(SIGNED, [], NOW + 300 * DAY), 'EXPIRE');
    assert.equal(signStateOf(aSignPlan({ lapsed: true }), [], NOW), 'EXPIRE');
  });

  test('it is complete with its last detail, used or cancelled, and stays so', () => {
    const two = [USED, use(2, 'SIGN_PLAN_DETAIL_CANCEL')];
    assert.equal(signStateOf(SIGNED, [...two, use(3, 'USING')], NOW), 'SIGNED');
    assert.equal(signStateOf(SIGNED, two, NOW), 'SIGNED');
    const all = [...two, use(3, 'USED')];
    assert.equal(signStateOf(SIGNED, all, NOW), 'COMPLETE');
    assert.equal(signStateOf(SIGNED, all, NOW + 301 * DAY), 'COMPLETE');
  });

  test('cancelled outlasts everything', () => {
    const cancelled = { ...SIGNED, cancelled: CANCELLED };
    const all = [USED, use(2, 'USED'), use(3, 'USED')];
    assert.equal(signStateOf(cancelled, all, NOW + 301 * DAY), 'SIGN_PLAN_CANCEL');
  });
});

describe('signing, cancelling, running out', () => {
  const STATES: readonly SignState[] = [
    'UNSIGNED',
    'SIGNED',
    'SIGN_PLAN_CANCEL',
    'COMPLETE',
    'EXPIRE',
  ];

  test('only what waits can be signed, and its days count from then', () => {
    for (const state of STATES.slice(1)) {
      assert.deepEqual(sign(aSignPlan(), state, MOMENT), { ok: false, because: state });
    }
    assert.deepEqual(sign(aSignPlan(), 'UNSIGNED', MOMENT), { ok: true, signPlan: SIGNED });
  });

  test('a user cancels what is signed only; a merchant also what nobody signed', () => {
    for (const state of ['UNSIGNED', 'SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE'] as const) {
      assert.deepEqual(cancel(SIGNED, state, CANCELLED), { ok: false, because: state });
    }
    assert.equal(cancel(SIGNED, 'SIGNED', CANCELLED).ok, true);
    const merchant = { ...CANCELLED, type: 'MERCHANT' } as const;
    assert.equal(cancel(aSignPlan(), 'UNSIGNED', merchant).ok, true);
    assert.equal(cancel(SIGNED, 'COMPLETE', merchant).ok, false);
    assert.equal(cancel(SIGNED, 'EXPIRE', merchant).ok, false);
  });

  test('what is over already does not run out', () => {
    for (const state of ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE'] as const) {
      assert.deepEqual(expire(SIGNED, state, NOW), { ok: false, because: state });
    }
    const expired = expire(SIGNED, 'SIGNED', NOW + 1);
    assert.equal(expired.ok && signStateOf(expired.signPlan, [], NOW + 1), 'EXPIRE');
    const lapsed = expire(aSignPlan(), 'UNSIGNED', NOW);
    assert.equal(lapsed.ok && lapsed.signPlan.lapsed, true);
  });

  test('an answer that lags behind knows nothing of it', () => {
    assert.deepEqual(beforeSigning({ ...SIGNED, cancelled: CANCELLED }), aSignPlan());
  });
});

describe('naming the details', () => {
  const named = (...numbers: readonly number[]) =>
    namesEachDetail(
      aPlan(),
      numbers.map((no) => ({ planDetailNo: no, merchantPlanDetailNo: `lesson-${no}` })),
    );

  test('each once, in any order', () => {
    assert.equal(named(1, 2, 3), true);
    assert.equal(named(3, 1, 2), true);
    for (const wrong of [[], [1, 2], [1, 2, 4], [1, 2, 2], [1, 2, 3, 3], [1, 2, 3, 4], [0, 1, 2]]) {
      assert.equal(named(...wrong), false, String(wrong));
    }
  });
});

describe('using a detail', () => {
  const refusal = (no: number, uses: readonly DetailUse[], number = `lesson-${no}`, late = 0) =>
    useRefusal(SIGNED, uses, {
      planDetailNo: no,
      merchantPlanDetailNo: number,
      nowMs: NOW + late,
    });

  test('the first one, and the next after each that is finished', () => {
    assert.equal(refusal(1, []), undefined);
    assert.equal(refusal(2, [USED]), undefined);
    assert.equal(refusal(2, [use(1, 'SIGN_PLAN_DETAIL_CANCEL')]), undefined);
    assert.equal(refusal(3, [USED, use(2, 'SIGN_PLAN_DETAIL_CANCEL')]), undefined);
  });

  test('not out of turn, not twice, not while another one runs', () => {
    assert.equal(refusal(2, []), 'out-of-turn');
    assert.equal(refusal(3, [USED]), 'out-of-turn');
    assert.equal(refusal(1, [use(1, 'USING')]), 'used-before');
    assert.equal(refusal(1, [use(1, 'SIGN_PLAN_DETAIL_CANCEL')]), 'used-before');
    assert.equal(refusal(2, [use(1, 'USING')]), 'running');
    assert.equal(refusal(3, [USED, use(2, 'USING')]), 'running');
  });

  test('not under another number, not a detail that is not there', () => {
    assert.equal(refusal(1, [], 'lesson-2'), 'other-number');
    assert.equal(refusal(1, [], 'lesson-9'), 'other-number');
    assert.equal(refusal(4, []), 'no-such-detail');
  });

  test('not unless signed and in force', () => {
    assert.equal(refusal(1, [], 'lesson-1', 300 * DAY), 'not-signed');
    const wanted = { planDetailNo: 1, merchantPlanDetailNo: 'lesson-1', nowMs: NOW };
    assert.equal(useRefusal(aSignPlan(), [], wanted), 'not-signed');
    assert.equal(useRefusal({ ...SIGNED, cancelled: CANCELLED }, [], wanted), 'not-signed');
  });
});

test('eleven tries of a notice, a minute apart', () => {
  const waits = Array.from({ length: 12 }, (_, index) => waitAfterSignPlanTryMs(index + 1));
  assert.deepEqual(waits, [...Array(10).fill(60_000), undefined, undefined]);
});
