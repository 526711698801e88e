import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readAccepted, readPlan, readSignPlan } from '#adapters/wechat/v3/payscore-answers.ts';
import { commandNames } from '#core/payscore/evidence.ts';
import { instant } from '#core/values/time.ts';
import {
  bytesOf,
  commandAnswers,
  commandOf,
  plan,
  planAnswer,
  signPlan,
  signPlanAnswer,
  signPlanMade,
} from './payscore-samples.ts';

const malformed = { type: 'unknown', code: 'MALFORMED' };
const otherMerchant = { type: 'unknown', code: 'OTHER_MERCHANT' };
const noObjects = ['', 'null', '[]', '"NORMAL"', '{"plan_state":"NORMAL"', '<html>', '{}'];
const noWords = [undefined, null, '', 'Normal', 'A B', 'A-B', 'Ä', 7, true, ['A'], 'A'.repeat(65)];
const noIds = [undefined, null, '', 'a b', 'a/b', 42, {}, 'x'.repeat(65)];
const noon = instant(1_795_233_600_000);

function planWith(changes: object) {
  return readPlan(bytesOf({ ...planAnswer, ...changes }), plan);
}

function signPlanWith(changes: object) {
  return readSignPlan(bytesOf({ ...signPlanAnswer, ...changes }), signPlan);
}

const [firstDetail] = signPlanAnswer.signed_detail_list;

function detailWith(changes: object) {
  return signPlanWith({ signed_detail_list: [{ ...firstDetail, ...changes }] });
}

suite('an answer to a query of a plan', () => {
  test('brings its state and its numbers', () => {
    assert.deepEqual(planWith({}), {
      type: 'state',
      state: 'NORMAL',
      merchant_plan_no: 'plan-2026_11*',
      plan_id: '01000033210032606914000000007983',
      service_id: '00109000000000169034377913212082',
    });
  });

  test('keeps a state as it came, listed or not', () => {
    for (const plan_state of ['STOP', 'FROZEN_2', '7', 'A'.repeat(64)]) {
      const evidence = planWith({ plan_state });
      assert.equal(evidence.type === 'state' && evidence.state, plan_state);
    }
  });

  test('may leave the merchant out', () => {
    for (const mchid of [undefined, null, '']) {
      assert.equal(planWith({ mchid }).type, 'state');
    }
  });

  test('is unknown when it names another plan', () => {
    for (const merchant_plan_no of ['plan-2026_11', 'PLAN-2026_11*', 'plan-2026_11*1', '7']) {
      assert.deepEqual(planWith({ merchant_plan_no }), { type: 'unknown', code: 'OTHER_PLAN' });
    }
  });

  test('is unknown when it names another merchant', () => {
    for (const mchid of ['1900007292', '190000729', 1900007291, {}, ['1900007291']]) {
      assert.deepEqual(planWith({ mchid }), otherMerchant);
    }
  });

  test('is unknown when it is no JSON object or an empty one', () => {
    for (const body of noObjects) {
      assert.deepEqual(readPlan(bytesOf(body), plan), malformed);
    }
  });

  test('is unknown when its number, state or ids are missing or odd', () => {
    for (const merchant_plan_no of [undefined, null, '', 'a b', 42, ['plan-2026_11*']]) {
      assert.deepEqual(planWith({ merchant_plan_no }), malformed);
    }
    for (const plan_state of noWords) {
      assert.deepEqual(planWith({ plan_state }), malformed);
    }
    for (const odd of noIds) {
      assert.deepEqual(planWith({ plan_id: odd }), malformed);
      assert.deepEqual(planWith({ service_id: odd }), malformed);
    }
  });
});

suite('an answer to a query of a sign plan', () => {
  test('brings its state, numbers, times and details', () => {
    assert.deepEqual(signPlanWith({}), {
      type: 'state',
      state: 'SIGNED',
      merchant_sign_plan_no: 'sign-7*',
      sign_plan_id: '01020033210023606914000000007830',
      plan_id: '01000033210032606914000000007983',
      service_id: '00109000000000169034377913212082',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      signedAt: noon,
      overAt: instant(1_797_825_600_000),
      details: [
        {
          plan_detail_no: 1,
          merchant_plan_detail_no: 'lesson-7_1',
          state: 'USED',
          actualFen: 18_000,
        },
        {
          plan_detail_no: 2,
          merchant_plan_detail_no: 'lesson-7_2',
          state: 'NOT_USED',
          actualFen: 12_000,
        },
      ],
    });
  });

  test('says who cancelled it, once somebody did', () => {
    for (const cancel_sign_type of ['USER', 'MERCHANT', 'REVOKE_SERVICE', 'WECHAT_9']) {
      const evidence = signPlanWith({ sign_state: 'SIGN_PLAN_CANCEL', cancel_sign_type });
      assert.ok(evidence.type === 'state');
      assert.equal(evidence.state, 'SIGN_PLAN_CANCEL');
      assert.equal(evidence.cancel_sign_type, cancel_sign_type);
    }
    for (const cancel_sign_type of ['NOT_CANCEL', '', null, undefined]) {
      const evidence = signPlanWith({ cancel_sign_type });
      assert.ok(evidence.type === 'state');
      assert.equal('cancel_sign_type' in evidence, false);
    }
  });

  test('may have its times in both of the formats of WeChat', () => {
    const sign_time = '20261121120000';
    const evidence = signPlanWith({ sign_time, plan_over_time: '2026-11-21T04:00:00.500Z' });
    assert.ok(evidence.type === 'state');
    assert.equal(evidence.signedAt, noon);
    assert.equal(evidence.overAt, noon + 500);
  });

  test('has no time where there is none to read', () => {
    const odd = [undefined, null, '', 'soon', '20260230120000', '2026112112000', '20261121', 7];
    for (const time of odd) {
      const evidence = signPlanWith({ sign_time: time, plan_over_time: time });
      assert.ok(evidence.type === 'state');
      assert.equal('signedAt' in evidence, false);
      assert.equal('overAt' in evidence, false);
    }
  });

  test('may list no details', () => {
    for (const signed_detail_list of [undefined, null, '', []]) {
      const evidence = signPlanWith({ signed_detail_list });
      assert.deepEqual(evidence.type === 'state' && evidence.details, []);
    }
  });

  test('keeps the state of a detail as it came, and reads its number from text', () => {
    for (const plan_detail_state of ['USING', 'SIGN_PLAN_DETAIL_CANCEL', 'LENT_2']) {
      const evidence = detailWith({ plan_detail_state, plan_detail_no: '12' });
      assert.deepEqual(evidence.type === 'state' && evidence.details, [
        {
          plan_detail_no: 12,
          merchant_plan_detail_no: 'lesson-7_1',
          state: plan_detail_state,
          actualFen: 18_000,
        },
      ]);
    }
  });

  test('is unknown when it names another sign plan or merchant', () => {
    for (const merchant_sign_plan_no of ['sign-7', 'SIGN-7*', '01020033210023606914000000007830']) {
      const other = { type: 'unknown', code: 'OTHER_SIGN_PLAN' };
      assert.deepEqual(signPlanWith({ merchant_sign_plan_no }), other);
    }
    assert.deepEqual(signPlanWith({ mchid: '1900007292' }), otherMerchant);
  });

  test('is unknown when it is wrapped as the answer to its making is', () => {
    assert.deepEqual(readSignPlan(bytesOf(signPlanMade), signPlan), malformed);
  });

  test('is unknown when a number, state or id is missing or odd', () => {
    for (const body of noObjects) {
      assert.deepEqual(readSignPlan(bytesOf(body), signPlan), malformed);
    }
    for (const sign_state of noWords) {
      assert.deepEqual(signPlanWith({ sign_state }), malformed);
    }
    for (const name of ['sign_plan_id', 'plan_id', 'service_id', 'merchant_sign_plan_no']) {
      for (const odd of noIds) {
        assert.deepEqual(signPlanWith({ [name]: odd }), malformed, `${name} ${odd}`);
      }
    }
    for (const openid of [undefined, null, '', 'a b', 7, 'o'.repeat(129)]) {
      assert.deepEqual(signPlanWith({ openid }), malformed);
    }
  });

  test('is unknown when it cannot be read who cancelled it', () => {
    for (const cancel_sign_type of ['user', 7, ['USER'], 'A'.repeat(65)]) {
      assert.deepEqual(signPlanWith({ cancel_sign_type }), malformed);
    }
  });

  test('is unknown when one of its details is not whole', () => {
    for (const signed_detail_list of [{}, 'USED', 7, [null], ['USED'], [firstDetail, 7], [{}]]) {
      assert.deepEqual(signPlanWith({ signed_detail_list }), malformed);
    }
    for (const plan_detail_no of [undefined, 0, -1, 1.5, '01', '+1', '1e1', ' 1', '0x1', [1]]) {
      assert.deepEqual(detailWith({ plan_detail_no }), malformed);
    }
    for (const plan_detail_state of noWords) {
      assert.deepEqual(detailWith({ plan_detail_state }), malformed);
    }
    for (const merchant_plan_detail_no of [undefined, '', 'a b', 42, 'x'.repeat(33)]) {
      assert.deepEqual(detailWith({ merchant_plan_detail_no }), malformed);
    }
  });
});

suite('an answer to a command', () => {
  for (const name of commandNames) {
    const { number, answer } = commandAnswers[name];
    const read = (value: unknown) => readAccepted(bytesOf(value), plan.mchid, commandOf(name));

    test(`${name} is accepted when it names the number`, () => {
      const expected = { type: 'accepted' } as const;
      const { package: page } = signPlanMade;
      const isMade = name === 'create-sign-plan';
      assert.deepEqual(read(answer), isMade ? { ...expected, package: page } : expected);
    });

    test(`${name} is open when it names another number, another merchant or nothing`, () => {
      const text = JSON.stringify(answer);
      const other = read(text.replaceAll(`"${number}"`, '"another-1"'));
      assert.ok(
        other.type === 'unknown' && /^OTHER_(?:SIGN_)?PLAN$|^OTHER_SERVICE_ORDER$/.test(other.code),
      );
      const mine = JSON.parse(text);
      const named = name === 'create-sign-plan' ? mine.sign_plan : mine;
      named.mchid = '1900007292';
      assert.deepEqual(read(mine), otherMerchant);
      for (const body of [...noObjects, JSON.stringify({ sign_plan: [], package: 'x' })]) {
        assert.deepEqual(read(body), malformed);
      }
    });
  }

  test('is about a subject of its own kind', () => {
    const queried = { merchant_plan_no: 'n', merchant_sign_plan_no: 'n', out_order_no: 'n' };
    for (const name of commandNames) {
      const command = { ...commandOf(name), number: 'other' };
      const kind = /sign/.test(name) ? 'OTHER_SIGN_PLAN' : 'OTHER_PLAN';
      const code = /plan/.test(name) ? kind : 'OTHER_SERVICE_ORDER';
      const body = bytesOf({ ...queried, sign_plan: queried, package: 'x' });
      assert.deepEqual(readAccepted(body, plan.mchid, command), { type: 'unknown', code });
    }
  });

  test('to the making of a sign plan must hold a package that can be handed on', () => {
    const read = (page: unknown) =>
      readAccepted(
        bytesOf({ ...signPlanMade, package: page }),
        plan.mchid,
        commandOf('create-sign-plan'),
      );
    for (const page of ['x', 'a b&c=%20', 'x'.repeat(2048)]) {
      assert.deepEqual(read(page), { type: 'accepted', package: page });
    }
    for (const page of [undefined, null, '', 7, ['x'], 'a\nb', '支', '\u007f', 'x'.repeat(2049)]) {
      assert.deepEqual(read(page), malformed);
    }
  });
});
