import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange, withDueAt } from '#core/commit.ts';
import type { StoredRecord } from '#core/record.ts';
import {
  type NewServiceOrder,
  serviceOrderRecord,
  startServiceOrder,
  timeRangeJson,
} from '#core/subjects/service-order/start.ts';
import { isOutOrderNo } from '#core/values/ids.ts';
import { appid, checked, moment, openid } from '../../fixtures.ts';
import { notedAt, now, pendingOf, serviceId, sha } from '../../payscore/fixtures.ts';
import {
  detailsIn,
  lessonNo,
  overAt,
  signPlanIn,
  signPlanNo,
  signPlanOf,
} from '../sign-plan/fixtures.ts';
import { newLesson, orderRecord, signedPlan } from './fixtures.ts';

/** `POST /v3/payscore/sign-plan/serviceorder`, as the documents write its body. */
const body = {
  service_id: '00004000000000162930000000000001',
  sign_plan_id: '2405458854',
  plan_detail_no: 2,
  appid: 'wx8888888888888888',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  notify_url: 'https://pay.example.com/notify/shop',
  service_introduction: '羽毛球基础课程',
  time_range: { start_time: '20261121110000' },
  out_trade_no: 'lesson-2',
};

function start(changes: Partial<NewServiceOrder> = {}, plan: StoredRecord = signedPlan) {
  return startServiceOrder(signPlanOf(plan), { ...newLesson, ...changes }, now);
}

function refusalOf(changes: Partial<NewServiceOrder>, plan: StoredRecord = signedPlan) {
  const answer = start(changes, plan);
  return answer.ok ? undefined : answer.refusal;
}

function planWith(...states: readonly string[]): StoredRecord {
  return signPlanIn('SIGNED', { details: detailsIn(...states) });
}

const lesson = (n: number) => ({ out_order_no: lessonNo(n) });
const CANCEL = 'SIGN_PLAN_DETAIL_CANCEL';

describe('a new service order', () => {
  it('marks its detail as being used, and starts with exactly this body', () => {
    assert.deepEqual(start(), {
      ok: true,
      value: {
        patch: { set: { details: detailsIn('USED', 'USING', 'NOT_USED') } },
        events: [],
        isAside: true,
        starts: [
          {
            kind: 'service-order',
            number: 'lesson-2',
            // The request that begins it looks at once.
            startAt: moment('2026-11-21T07:00:30Z'),
            data: {
              merchant_sign_plan_no: signPlanNo,
              service_id: serviceId,
              appid,
              openid,
              priceFen: 12_000,
              startTime: moment('2026-11-21T03:00:00Z'),
              bodySha256: sha,
              requestId: newLesson.requestId,
              pending: {
                name: 'create-service-order',
                body: JSON.stringify(body),
                sha256: sha,
                at: now,
                refusals: 0,
              },
            },
          },
        ],
        evidence: 'service order lesson-2',
      },
    });
  });

  it('says all that it was given', () => {
    const answer = start({
      timeRange: {
        startAt: moment('2026-11-21T15:59:59Z'),
        endAt: moment('2026-11-21T16:00:00Z'),
        start_time_remark: '上课',
        end_time_remark: '下课',
      },
      location: { start_location: '一号馆', end_location: '二号馆' },
      attach: 'a%20b',
    });
    const data = answer.ok ? answer.value.starts?.[0]?.data : undefined;
    const pending = data?.['pending'] as { readonly body: string };
    const { out_trade_no, ...rest } = body;
    assert.equal(
      pending.body,
      JSON.stringify({
        ...rest,
        time_range: {
          start_time: '20261121235959',
          end_time: '20261122000000',
          start_time_remark: '上课',
          end_time_remark: '下课',
        },
        location: { start_location: '一号馆', end_location: '二号馆' },
        attach: 'a%20b',
        out_trade_no,
      }),
    );
    assert.equal(data?.['endTime'], moment('2026-11-21T16:00:00Z'));
  });

  it('is a record of version 1 that owes nothing and is looked at two minutes later', () => {
    const { data, ...envelope } = orderRecord();
    assert.deepEqual(envelope, {
      key: { kind: 'service-order', mchid: '1900000001', number: 'lesson-2' },
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
    assert.equal(data['createdAt'], notedAt);
  });

  it('is the same record whoever carries its start out, and when', () => {
    const answer = start();
    assert.ok(answer.ok);
    const change = answer.value;
    const noted = applyChange(signedPlan, change, { now, because: 'request' });
    const [entry] = noted.outbox;
    assert.ok(entry?.type === 'start');
    const later = { ...noted, version: 9, status: 'SIGN_PLAN_CANCEL' };
    assert.deepEqual(serviceOrderRecord(later, entry), serviceOrderRecord(noted, entry));
    const due = withDueAt(noted, change, { now, settled: false, nextSlot: overAt });
    assert.ok(due.dueAt !== undefined && due.dueAt < overAt);
  });

  for (const [what, changes, plan] of [
    ['the first detail', lesson(1), planWith('NOT_USED', 'NOT_USED', 'NOT_USED')],
    [
      'the second one after the first was paid',
      lesson(2),
      planWith('USED', 'NOT_USED', 'NOT_USED'),
    ],
    [
      'the second one after the first was cancelled',
      lesson(2),
      planWith(CANCEL, 'NOT_USED', 'USED'),
    ],
    ['the last one after all others', lesson(3), planWith('USED', CANCEL, 'NOT_USED')],
  ] as const) {
    it(`may use ${what}`, () => {
      assert.equal(refusalOf(changes, plan), undefined);
    });
  }

  it('may be begun until the plan is over, and not at that moment', () => {
    const until = (at: typeof now) => ({ ...signedPlan, data: { ...signedPlan.data, overAt: at } });
    const later = moment('2026-11-21T07:00:00.001Z');
    assert.equal(refusalOf({}, until(later)), undefined);
    assert.deepEqual(refusalOf({}, until(now)), { code: 'sign_plan_ended' });
    assert.deepEqual(refusalOf({}, until(notedAt)), { code: 'sign_plan_ended' });
  });

  const pending = pendingOf('stop-sign-plan');
  const nextDetail = detailsIn('USED', 'NOT_USED', 'NOT_USED');
  for (const [what, changes, plan, code] of [
    [
      'with a number of no detail',
      { out_order_no: checked(isOutOrderNo, 'lesson-9') },
      signedPlan,
      'detail_unknown',
    ],
    [
      'of a plan that is being stopped',
      {},
      signPlanIn('SIGNED', { pending, details: nextDetail }),
      'sign_plan_not_signed',
    ],
    [
      'of a plan without an id',
      {},
      signPlanIn('SIGNED', { sign_plan_id: undefined, details: nextDetail }),
      'sign_plan_not_signed',
    ],
    ['of a detail that is used', lesson(1), signedPlan, 'detail_used'],
    ['of a detail that is in use', {}, planWith('USED', 'USING', 'NOT_USED'), 'detail_used'],
    ['of a cancelled detail', {}, planWith('USED', CANCEL, 'NOT_USED'), 'detail_used'],
    [
      'while another one runs',
      lesson(2),
      planWith('USING', 'NOT_USED', 'NOT_USED'),
      'service_order_running',
    ],
    [
      'while a later one runs',
      lesson(2),
      planWith('USED', 'NOT_USED', 'USING'),
      'service_order_running',
    ],
    [
      'before the first one',
      lesson(2),
      planWith('NOT_USED', 'NOT_USED', 'NOT_USED'),
      'detail_too_early',
    ],
    [
      'that skips one in the middle',
      lesson(3),
      planWith('USED', 'NOT_USED', 'NOT_USED'),
      'detail_too_early',
    ],
  ] as const) {
    it(`${what} is refused with ${code}`, () => {
      assert.deepEqual(refusalOf(changes, plan), { code });
    });
  }

  for (const status of [
    'CREATED',
    'UNSIGNED',
    'SIGN_PLAN_CANCEL',
    'COMPLETE',
    'EXPIRE',
    'LAPSED',
    'REFUSED',
    'UNMATCHED',
  ]) {
    it(`of a plan that is ${status} is refused`, () => {
      const plan = signPlanIn(status, { details: nextDetail });
      assert.deepEqual(refusalOf({}, plan), { code: 'sign_plan_not_signed' });
    });
  }

  for (const endAt of ['2026-11-21T03:00:00Z', '2026-11-21T02:59:59Z']) {
    it(`that ends at ${endAt}, not after its start, is refused`, () => {
      const timeRange = { ...newLesson.timeRange, endAt: moment(endAt) };
      const refusal = { code: 'time_range_wrong', pointer: '/time_range/end_time' };
      assert.deepEqual(refusalOf({ timeRange }), refusal);
    });
  }
});

describe('a time range', () => {
  it('is written in Beijing digits, and what is absent is left out', () => {
    assert.deepEqual(timeRangeJson({}), {});
    const endAt = moment('2026-12-31T16:00:00.999Z');
    assert.deepEqual(timeRangeJson({ endAt }), { end_time: '20270101000000' });
  });
});
