import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNoticeAhead, messageOf, type Notice } from '#core/notices.ts';
import type { Kind } from '#core/record.ts';
import type { Json, JsonObject } from '#core/values/json.ts';
import { account, moment } from './fixtures.ts';
import { dataWith } from './payscore/fixtures.ts';

/** As the notices of 4012286193 and 4012286184 hold a sign plan. */
const signPlan: JsonObject = {
  mchid: '1900000001',
  appid: 'wx8888888888888888',
  service_id: '00004000000000162930000000000001',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  sign_plan_id: '2405458854',
  merchant_sign_plan_no: 'sign-1',
  plan_id: '1405458854',
  sign_state: 'SIGNED',
  cancel_sign_type: '',
  total_actual_price: 30_000,
  signed_detail_list: [{ plan_detail_no: 1, merchant_plan_detail_no: 'lesson-1' }],
};
const serviceOrder: JsonObject = {
  mchid: '1900000001',
  appid: 'wx8888888888888888',
  service_id: '00004000000000162930000000000001',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  out_order_no: 'lesson-1',
  state: 'DONE',
  collection: { state: 'USER_PAID', paid_amount: 18_000 },
};
const createdAt = moment('2026-11-21T07:03:21Z');

function notice(
  event_type: string,
  resource: JsonObject,
  changes: Readonly<Record<string, Json | undefined>> = {},
): Notice {
  return {
    id: '0a1b2c3d-0000-5000-8000-000000000003',
    event_type,
    createdAt,
    resource: dataWith(resource, changes),
  };
}

const events = [
  ['PAYSCORE.USER_SIGN_PLAN', signPlan, 'sign-plan', 'sign-1', 'SIGNED'],
  ['PAYSCORE.USER_CANCEL_SIGN_PLAN', signPlan, 'sign-plan', 'sign-1', 'SIGN_PLAN_CANCEL'],
  ['PAYSCORE.USER_CONFIRM', serviceOrder, 'service-order', 'lesson-1', 'DOING'],
  ['PAYSCORE.USER_PAID', serviceOrder, 'service-order', 'lesson-1', 'DONE'],
] as const;

for (const [event, resource, kind, number, says] of events) {
  const numbered = kind === 'sign-plan' ? 'merchant_sign_plan_no' : 'out_order_no';
  const subject = { kind, mchid: '1900000001', number };
  const hint = { type: 'hint', account: 'shop', subject, reason: 'notice', says };

  describe(`the notice ${event}`, () => {
    it('becomes a hint, with nothing of the payer or the money in it', () => {
      assert.deepEqual(messageOf(notice(event, resource), account), { ok: true, value: hint });
    });

    for (const changes of [
      { sign_state: 'SIGN_PLAN_CANCEL', cancel_sign_type: 'REVOKE_SERVICE' },
      { sign_state: 'UNSIGNED', state: 'REVOKED', collection: { state: '' } },
      { sign_state: 7, state: null },
      { says: 'COMPLETE', trade_state: 'SUCCESS', refund_status: 'SUCCESS' },
      { sign_state: undefined, state: undefined, collection: undefined },
    ]) {
      it(`says what its name says, against ${JSON.stringify(changes)}`, () => {
        const told = notice(event, resource, changes);
        assert.deepEqual(messageOf(told, account), { ok: true, value: hint });
      });
    }

    it('is about the number that its kind goes by, whatever else it names', () => {
      const told = notice(event, resource, {
        out_trade_no: 'A-1001-20261121',
        out_refund_no: 'R-1',
        merchant_plan_no: 'lessons-2026',
        ...(kind === 'sign-plan' ? { out_order_no: 'x' } : { merchant_sign_plan_no: 'x' }),
      });
      assert.deepEqual(messageOf(told, account), { ok: true, value: hint });
    });

    for (const mchid of ['1900000009', '', 1_900_000_001, null, ['1900000001']]) {
      it(`of the mchid ${JSON.stringify(mchid)} is refused`, () => {
        const told = messageOf(notice(event, resource, { mchid }), account);
        assert.deepEqual(told, { ok: false, error: 'mchid' });
      });
    }

    it('without an mchid is refused, as is that of a partner', () => {
      const refused = { ok: false, error: 'mchid' };
      assert.deepEqual(messageOf(notice(event, resource, { mchid: undefined }), account), refused);
      const partner = { mchid: undefined, sp_mchid: '1900000001', sub_mchid: '1900000002' };
      assert.deepEqual(messageOf(notice(event, resource, partner), account), refused);
    });

    for (const wrong of [
      '',
      'z'.repeat(33),
      'a/b',
      'a#b',
      'a|b',
      'a@b',
      '课',
      7,
      null,
      undefined,
    ]) {
      it(`of the number ${JSON.stringify(wrong)} is kept and never hints anything`, () => {
        const told = notice(event, resource, { [numbered]: wrong });
        assert.deepEqual(messageOf(told, account), {
          ok: true,
          value: {
            type: 'unhandled-notice',
            account: 'shop',
            subject: { kind: 'notice', mchid: '1900000001', number: told.id },
            event_type: event,
            createdAt,
          },
        });
      });
    }

    it('takes any number that WeChat allows', () => {
      for (const right of ['1', 'z'.repeat(32), '_-*']) {
        const told = messageOf(notice(event, resource, { [numbered]: right }), account);
        assert.equal(told.ok && told.value.subject.number, right);
      }
    });
  });
}

describe('another notice of PayScore', () => {
  for (const event of [
    'PAYSCORE.USER_OPEN_SERVICE',
    'PAYSCORE.USER_CLOSE_SERVICE',
    'PAYSCORE.MCH_PREPAY',
    'PAYSCORE.USER_ACCEPTED',
    'PAYSCORE.USER_UNKNOWN',
    'payscore.user_paid',
    'PAYSCORE.USER_PAID ',
    'USER_PAID',
  ]) {
    it(`is kept, and hints nothing: ${event}`, () => {
      const told = messageOf(notice(event, { ...signPlan, ...serviceOrder }), account);
      assert.equal(told.ok && told.value.type, 'unhandled-notice');
    });
  }

  it('is refused where it is about another merchant', () => {
    const foreign = notice('PAYSCORE.USER_OPEN_SERVICE', signPlan, { mchid: '1900000009' });
    assert.deepEqual(messageOf(foreign, account), { ok: false, error: 'mchid' });
  });
});

describe('a notice', () => {
  const rows: readonly (readonly [Kind, string, string, boolean])[] = [
    ['sign-plan', 'SIGNED', 'UNSIGNED', true],
    ['sign-plan', 'SIGNED', 'unknown', true],
    ['sign-plan', 'SIGNED', 'not-found', true],
    ['sign-plan', 'SIGNED', 'SIGNED', false],
    ['sign-plan', 'SIGNED', 'SIGN_PLAN_CANCEL', false],
    ['sign-plan', 'SIGNED', 'COMPLETE', false],
    ['sign-plan', 'SIGNED', 'EXPIRE', false],
    ['sign-plan', 'SIGN_PLAN_CANCEL', 'SIGNED', true],
    ['sign-plan', 'SIGN_PLAN_CANCEL', 'SIGN_PLAN_CANCEL', false],
    ['sign-plan', 'SIGN_PLAN_CANCEL', 'COMPLETE', false],
    ['service-order', 'DONE', 'DOING', true],
    ['service-order', 'DONE', 'CREATED', true],
    ['service-order', 'DONE', 'fault', true],
    ['service-order', 'DONE', 'DONE', false],
    ['service-order', 'DONE', 'REVOKED', true],
    ['service-order', 'DOING', 'CREATED', true],
    ['service-order', 'DOING', 'DOING', false],
    ['service-order', 'DOING', 'DONE', false],
    ['service-order', 'DOING', 'EXPIRED', false],
    ['plan', 'NORMAL', 'STOP', false],
    ['plan', 'STOP', 'NORMAL', true],
  ];
  for (const [kind, says, answer, isAhead] of rows) {
    it(`of a ${kind} that says ${says} is ${isAhead ? '' : 'not '}ahead of ${answer}`, () => {
      assert.equal(isNoticeAhead(kind, says, answer), isAhead);
    });
  }
});
