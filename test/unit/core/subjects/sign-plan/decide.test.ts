import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignPlanEvidence } from '#core/payscore/evidence.ts';
import { decideSignPlan } from '#core/subjects/sign-plan/decide.ts';
import { isPayscoreId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { changeOf, checked, moment, otherOpenid } from '../../fixtures.ts';
import { brief, now, otherServiceId, pendingOf, signPlanId } from '../../payscore/fixtures.ts';
import {
  detailsIn,
  detailsSaid,
  overAt,
  signedAt,
  signPlanIn,
  signPlanOf,
  signPlanRecord,
  signPlanSays,
} from './fixtures.ts';

const statuses = [
  'CREATED',
  'UNSIGNED',
  'SIGNED',
  'SIGN_PLAN_CANCEL',
  'COMPLETE',
  'EXPIRE',
  'LAPSED',
  'REFUSED',
  'UNMATCHED',
] as const;

const evidences = {
  UNSIGNED: signPlanSays('UNSIGNED'),
  SIGNED: signPlanSays('SIGNED'),
  SIGN_PLAN_CANCEL: signPlanSays('SIGN_PLAN_CANCEL', { cancel_sign_type: 'USER' }),
  COMPLETE: signPlanSays('COMPLETE'),
  EXPIRE: signPlanSays('EXPIRE'),
  'a new word': signPlanSays('PAUSED'),
  'in lower case': signPlanSays('signed'),
  'another user': signPlanSays('SIGNED', { openid: otherOpenid }),
  'no such sign plan': { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' },
  'no answer': { type: 'unknown', code: 'TIMEOUT' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
} as const satisfies Readonly<Record<string, SignPlanEvidence>>;

const signed = '→ SIGNED sign-plan.signed';
const cancelled = '→ SIGN_PLAN_CANCEL sign-plan.cancelled';
const complete = '→ COMPLETE sign-plan.completed';
const expired = '→ EXPIRE sign-plan.expired';
const used = '→ REFUSED sign-plan.refused';
const other = '? OTHER_SIGN_PLAN';
const gone = '? RESOURCE_NOT_EXISTS';
const every = (text: string): readonly string[] => statuses.map(() => text);

/** Nothing is pending; a column for each of `statuses`. */
const table: Readonly<Record<keyof typeof evidences, readonly string[]>> = {
  UNSIGNED: ['→ UNSIGNED', 'wait', 'wait', '–', '–', '–', '–', '→ UNSIGNED', '–'],
  SIGNED: [signed, signed, 'wait', '–', '–', '–', signed, signed, '–'],
  SIGN_PLAN_CANCEL: [cancelled, cancelled, cancelled, '–', '–', '–', cancelled, cancelled, '–'],
  COMPLETE: [complete, complete, complete, '–', '–', '–', complete, complete, '–'],
  EXPIRE: [expired, expired, expired, '–', '–', '–', expired, expired, '–'],
  'a new word': every('? UNDOCUMENTED'),
  'in lower case': every('? UNDOCUMENTED'),
  'another user': [used, other, other, '–', '–', '–', '–', '–', '–'],
  'no such sign plan': ['wait', gone, gone, '–', '–', '–', '–', '–', '–'],
  'no answer': every('? TIMEOUT'),
  fault: every('! SIGN_ERROR'),
};

describe('what a sign plan is decided to be', () => {
  for (const [row, evidence] of Object.entries(evidences)) {
    for (const [n, status] of statuses.entries()) {
      it(`${row} on ${status}`, () => {
        const decision = decideSignPlan(signPlanOf(signPlanIn(status)), evidence, { now });
        assert.equal(brief(decision), table[row as keyof typeof evidences][n]);
      });
    }
  }

  it('keeps when it was signed and until when it lasts, and lets the package go', () => {
    const record = signPlanIn('UNSIGNED', { package: 'DJIOSQPYWDxsjdldeuw' });
    const change = changeOf(decideSignPlan(signPlanOf(record), evidences.SIGNED, { now }));
    assert.deepEqual(change, {
      status: 'SIGNED',
      patch: { set: { sign_plan_id: signPlanId, signedAt, overAt }, unset: ['package'] },
      events: ['sign-plan.signed'],
      evidence: 'SIGNED',
    });
  });

  it('keeps who ended it only where it was cancelled', () => {
    const signPlan = signPlanOf(signPlanIn('SIGNED'));
    const byUser = { cancel_sign_type: 'USER' };
    const asked = (state: string) =>
      changeOf(decideSignPlan(signPlan, signPlanSays(state, byUser), { now })).patch.set;
    assert.equal(asked('SIGN_PLAN_CANCEL')?.['cancel_sign_type'], 'USER');
    assert.equal(asked('COMPLETE')?.['cancel_sign_type'], undefined);
  });
});

describe('an answer about another sign plan', () => {
  const otherId = checked(isPayscoreId, '999');
  const [first, second, third] = detailsSaid('NOT_USED', 'NOT_USED', 'NOT_USED');
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error('There are three details.');
  }
  for (const [what, changes] of [
    ['service', { service_id: otherServiceId }],
    ['plan', { plan_id: otherId }],
    ['user', { openid: otherOpenid }],
    ['price of a detail', { details: [first, { ...second, actualFen: checked(isFen, 1) }, third] }],
    ['count of details', { details: [first, second] }],
    ['lack of details', { details: [] }],
    ['numbering', { details: [first, second, { ...third, plan_detail_no: 4 }] }],
    [
      'number of a detail',
      {
        details: [
          first,
          second,
          { ...third, merchant_plan_detail_no: first.merchant_plan_detail_no },
        ],
      },
    ],
    [
      'order of the numbers',
      {
        details: [
          { ...first, merchant_plan_detail_no: second.merchant_plan_detail_no },
          { ...second, merchant_plan_detail_no: first.merchant_plan_detail_no },
          third,
        ],
      },
    ],
  ] as const) {
    it(`by its ${what}: the number is used, and this one can never be`, () => {
      const evidence = signPlanSays('SIGNED', changes);
      const creation = decideSignPlan(signPlanOf(signPlanRecord()), evidence, { now });
      assert.equal(
        brief(creation),
        '→ REFUSED sign-plan.refused [create-sign-plan refused NUMBER_USED]',
      );
      const later = decideSignPlan(signPlanOf(signPlanIn('SIGNED')), evidence, { now });
      assert.equal(brief(later), '? OTHER_SIGN_PLAN');
    });
  }

  it('is none by the order in which its details come', () => {
    const evidence = signPlanSays('SIGNED', { details: [third, first, second] });
    const decision = decideSignPlan(signPlanOf(signPlanIn('UNSIGNED')), evidence, { now });
    assert.equal(brief(decision), '→ SIGNED sign-plan.signed');
  });
});

describe('the details of a sign plan', () => {
  const CANCEL = 'SIGN_PLAN_DETAIL_CANCEL';
  const after = (ours: string, theirs: string, status = 'SIGNED') => {
    const signPlan = signPlanOf(
      signPlanIn(status, { details: detailsIn('USED', ours, 'NOT_USED') }),
    );
    const evidence = signPlanSays(status, { details: detailsSaid('USED', theirs, 'NOT_USED') });
    const decision = decideSignPlan(signPlan, evidence, { now });
    return decision.type === 'commit' ? decision.change.patch.set?.['details'] : decision.type;
  };

  for (const [ours, theirs] of [
    ['NOT_USED', 'USING'],
    ['NOT_USED', 'USED'],
    ['NOT_USED', CANCEL],
    ['USING', 'USED'],
    ['USING', CANCEL],
  ] as const) {
    it(`go on from ${ours} to ${theirs}`, () => {
      assert.deepEqual(after(ours, theirs), detailsIn('USED', theirs, 'NOT_USED'));
    });
  }

  for (const [ours, theirs] of [
    ['NOT_USED', 'NOT_USED'],
    ['USING', 'NOT_USED'],
    ['USED', 'NOT_USED'],
    [CANCEL, 'NOT_USED'],
    ['USED', 'USING'],
    [CANCEL, 'USING'],
    ['USED', CANCEL],
    [CANCEL, 'USED'],
    ['NOT_USED', 'PAUSED'],
    ['USING', 'used'],
  ] as const) {
    it(`do not go from ${ours} to ${theirs}`, () => {
      assert.equal(after(ours, theirs), 'wait');
    });
  }

  it('go on after the end, and announce nothing', () => {
    const ended = signPlanOf(signPlanIn('SIGN_PLAN_CANCEL'));
    const details = detailsSaid(CANCEL, CANCEL, CANCEL);
    const decision = decideSignPlan(ended, signPlanSays('SIGN_PLAN_CANCEL', { details }), { now });
    assert.equal(brief(decision), '→ SIGN_PLAN_CANCEL');
    assert.deepEqual(changeOf(decision).patch.set?.['details'], detailsIn(CANCEL, CANCEL, CANCEL));
  });
});

describe('a sign plan that nobody signs', () => {
  const justBefore = moment('2026-12-21T03:59:59.999Z');
  const onTheDay = moment('2026-12-21T04:00:00Z');
  const unsigned = signPlanOf(signPlanIn('UNSIGNED', { package: 'DJIOSQPYWDxsjdldeuw' }));

  it('is let go after thirty days, silently, and its package stays', () => {
    const look = (at: typeof now) => decideSignPlan(unsigned, evidences.UNSIGNED, { now: at });
    assert.equal(brief(look(justBefore)), 'wait');
    assert.equal(brief(look(onTheDay)), '→ LAPSED');
    assert.deepEqual(changeOf(look(onTheDay)).patch, {
      set: { sign_plan_id: signPlanId },
      unset: ['pending'],
    });
  });

  it('is let go without a package too, and then sends its creation no more', () => {
    const waiting = signPlanOf(signPlanRecord({ status: 'UNSIGNED' }));
    const decision = decideSignPlan(waiting, evidences.UNSIGNED, { now: onTheDay });
    assert.equal(brief(decision), '→ LAPSED');
    assert.equal(changeOf(decision).looksOn, undefined);
  });

  it('is signed all the same where somebody signed it at last', () => {
    const decision = decideSignPlan(unsigned, evidences.SIGNED, { now: onTheDay });
    assert.equal(brief(decision), '→ SIGNED sign-plan.signed');
  });

  it('is not let go without an answer', () => {
    for (const evidence of [evidences['no answer'], evidences['no such sign plan']]) {
      assert.equal(decideSignPlan(unsigned, evidence, { now: onTheDay }).type, 'unknown');
    }
  });

  it('rests once it is let go, unless a command is pending', () => {
    const lapsed = signPlanOf(signPlanIn('LAPSED'));
    assert.equal(brief(decideSignPlan(lapsed, evidences.UNSIGNED, { now: onTheDay })), '–');
    const stopping = signPlanOf(signPlanIn('LAPSED', { pending: pendingOf('stop-sign-plan') }));
    assert.equal(brief(decideSignPlan(stopping, evidences.UNSIGNED, { now: onTheDay })), 'send');
  });
});
