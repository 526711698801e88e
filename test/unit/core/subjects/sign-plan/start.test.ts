import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type NewSignPlan,
  newSignPlanRecord,
  refuseDetail,
} from '#core/subjects/sign-plan/start.ts';
import type { JsonObject } from '#core/values/json.ts';
import { appid, moment, openid } from '../../fixtures.ts';
import { notedAt, pendingOf, planId, school, serviceId, sha } from '../../payscore/fixtures.ts';
import { normalPlan, planNo, planOf, planRecord } from '../plan/fixtures.ts';
import {
  detailsIn,
  lessonNo,
  newSignPlan,
  signPlanIn,
  signPlanOf,
  signPlanRecord,
} from './fixtures.ts';

/** `POST /v3/payscore/sign-plan/user-sign-plans`, as the documents write its body. */
const body = {
  service_id: '00004000000000162930000000000001',
  plan_id: '1405458854',
  appid: 'wx8888888888888888',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  merchant_sign_plan_no: 'sign-1',
  notify_url: 'https://pay.example.com/notify/shop',
  sign_plan_detail: [
    { plan_detail_no: 1, merchant_plan_detail_no: 'lesson-1' },
    { plan_detail_no: 2, merchant_plan_detail_no: 'lesson-2' },
    { plan_detail_no: 3, merchant_plan_detail_no: 'lesson-3' },
  ],
};

function refusalOf(changes: Partial<NewSignPlan>, plan = normalPlan) {
  const request = { ...newSignPlan, ...changes };
  const answer = newSignPlanRecord(request, planOf(plan), school, notedAt);
  return answer.ok ? undefined : answer.refusal;
}

/** The details of a request: number and merchant's number of each. */
function naming(...entries: readonly (readonly [number, number])[]): Partial<NewSignPlan> {
  return {
    sign_plan_detail: entries.map(([plan_detail_no, lesson]) => ({
      plan_detail_no,
      merchant_plan_detail_no: lessonNo(lesson),
    })),
  };
}

describe('a new sign plan', () => {
  it('is a record whose creation is pending with exactly this body', () => {
    const { data, ...envelope } = signPlanRecord();
    assert.deepEqual(envelope, {
      key: { kind: 'sign-plan', mchid: '1900000001', number: 'sign-1' },
      account: 'shop',
      status: 'CREATED',
      version: 1,
      history: [],
      historyCount: 0,
      outbox: [],
      eventCounts: {},
      dueAt: moment('2026-11-21T04:02:00Z'),
      leases: 0,
      unknownLooks: 0,
    });
    assert.deepEqual(data, {
      merchant_plan_no: planNo,
      plan_id: planId,
      service_id: serviceId,
      appid,
      openid,
      details: detailsIn('NOT_USED', 'NOT_USED', 'NOT_USED'),
      createdAt: notedAt,
      bodySha256: sha,
      requestId: newSignPlan.requestId,
      pending: {
        name: 'create-sign-plan',
        body: JSON.stringify(body),
        sha256: sha,
        at: notedAt,
        refusals: 0,
      },
    });
  });

  const states: Readonly<Record<string, JsonObject | undefined>> = {
    CREATED: pendingOf('create-plan'),
    STOP: undefined,
    REFUSED: undefined,
  };
  for (const [status, pending] of Object.entries(states)) {
    it(`of a plan that is ${status} is refused`, () => {
      const plan = planRecord({ status }, { plan_id: planId, pending });
      const refusal = { code: 'plan_not_open', pointer: '/merchant_plan_no' };
      assert.deepEqual(refusalOf({}, plan), refusal);
    });
  }

  it('of a plan that is being stopped, or that WeChat gave no id, is refused', () => {
    const pending = pendingOf('stop-plan');
    const refusal = { code: 'plan_not_open', pointer: '/merchant_plan_no' };
    const stopping = planRecord({ status: 'NORMAL' }, { plan_id: planId, pending });
    assert.deepEqual(refusalOf({}, stopping), refusal);
    const nameless = planRecord({ status: 'NORMAL' }, { pending: undefined });
    assert.deepEqual(refusalOf({}, nameless), refusal);
  });

  for (const [what, changes] of [
    ['no detail', naming()],
    ['a detail too few', naming([1, 1], [2, 2])],
    ['a detail too many', naming([1, 1], [2, 2], [3, 3], [3, 3])],
    ['a detail left out', naming([1, 1], [3, 2], [4, 3])],
    ['the details from 0', naming([0, 1], [1, 2], [2, 3])],
    ['the details in another order', naming([2, 1], [1, 2], [3, 3])],
    ['a detail twice', naming([1, 1], [1, 2], [3, 3])],
    ['one number for two details', naming([1, 1], [2, 1], [3, 3])],
  ] as const) {
    it(`that names ${what} is refused`, () => {
      const refusal = { code: 'detail_numbers_wrong', pointer: '/sign_plan_detail' };
      assert.deepEqual(refusalOf(changes), refusal);
    });
  }

  it('may number its details as it likes', () => {
    const answer = newSignPlanRecord(
      { ...newSignPlan, ...naming([1, 3], [2, 1], [3, 2]) },
      planOf(normalPlan),
      school,
      notedAt,
    );
    assert.ok(answer.ok);
    const named = signPlanOf(answer.value).details;
    assert.deepEqual(
      named.map(({ merchant_plan_detail_no, actualFen }) => [merchant_plan_detail_no, actualFen]),
      [
        ['lesson-3', 18_000],
        ['lesson-1', 12_000],
        ['lesson-2', 0],
      ],
    );
  });
});

describe("a detail whose number belongs to another signature's service order", () => {
  it('can never be used, and the others can', () => {
    const record = signPlanIn('SIGNED', { details: detailsIn('USED', 'USING', 'NOT_USED') });
    assert.deepEqual(refuseDetail(signPlanOf(record), 'lesson-2'), {
      set: { details: detailsIn('USED', 'SIGN_PLAN_DETAIL_CANCEL', 'NOT_USED') },
    });
    assert.deepEqual(refuseDetail(signPlanOf(record), 'lesson-9'), {
      set: { details: detailsIn('USED', 'USING', 'NOT_USED') },
    });
  });
});
