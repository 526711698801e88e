import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChange } from '#core/commit.ts';
import type { SendOutcome, SignPlanEvidence } from '#core/payscore/evidence.ts';
import { decideSignPlan } from '#core/subjects/sign-plan/decide.ts';
import { signPlanStatuses } from '#core/subjects/sign-plan/sign-plan.ts';
import { changeOf, otherOpenid } from '../../fixtures.ts';
import {
  brief,
  contextOf,
  now,
  outcomes,
  pendingOf,
  sents,
  sha,
  signPlanId,
} from '../../payscore/fixtures.ts';
import { signPlanIn, signPlanOf, signPlanRecord, signPlanSays } from './fixtures.ts';

const creating = pendingOf('create-sign-plan');
const columns = {
  CREATED: signPlanRecord(),
  'UNSIGNED without a package': signPlanIn('UNSIGNED', { pending: creating }),
  'UNSIGNED with a package': signPlanIn('UNSIGNED', { pending: creating, package: 'DJIOSQ' }),
  'UNSIGNED, stopping': signPlanIn('UNSIGNED', { pending: pendingOf('stop-sign-plan') }),
  'SIGNED, stopping': signPlanIn('SIGNED', { pending: pendingOf('stop-sign-plan') }),
} as const;
type Column = keyof typeof columns;

const notFound: SignPlanEvidence = { type: 'not-found', code: 'RESOURCE_NOT_EXISTS' };
const says = {
  UNSIGNED: signPlanSays('UNSIGNED'),
  SIGNED: signPlanSays('SIGNED'),
  SIGN_PLAN_CANCEL: signPlanSays('SIGN_PLAN_CANCEL', { cancel_sign_type: 'MERCHANT' }),
  COMPLETE: signPlanSays('COMPLETE'),
  EXPIRE: signPlanSays('EXPIRE'),
  'another user': signPlanSays('SIGNED', { openid: otherOpenid }),
  'no such sign plan': notFound,
  'no answer': { type: 'unknown', code: 'TIMEOUT' },
  fault: { type: 'fault', code: 'SIGN_ERROR' },
} as const satisfies Readonly<Record<string, SignPlanEvidence>>;
type Row = keyof typeof says;

const code = 'INVALID_ORDER_STATE';
const gone = '? RESOURCE_NOT_EXISTS';
const every = (text: string): readonly string[] => sents.map(() => text);
const open = (refused: string): readonly string[] => [
  'send',
  '? NOT_SHOWN',
  refused,
  '? SYSTEM_ERROR',
  '! NO_AUTH',
];
const created = '[create-sign-plan done]';
const stopped = '→ SIGN_PLAN_CANCEL sign-plan.cancelled [stop-sign-plan done]';
const signedFirst = `→ SIGNED sign-plan.signed ${created}`;
const voidStop = (head: string): readonly string[] =>
  sents.map((sent) => {
    const why = sent === 'refused' ? code : 'STATE';
    return `${head} sign-plan.refused [stop-sign-plan refused ${why}]`;
  });
const stopRefused = (status: string) =>
  `→ ${status} sign-plan.refused [stop-sign-plan refused ${code}]`;

/** By how the send ended: unsent, accepted, refused, unknown, fault. */
const table: Readonly<Record<Column, Readonly<Record<Row, readonly string[]>>>> = {
  CREATED: {
    UNSIGNED: [
      '→ UNSIGNED on',
      `→ UNSIGNED ${created}`,
      `→ UNSIGNED sign-plan.refused [create-sign-plan refused ${code}]`,
      '→ UNSIGNED',
      '→ UNSIGNED',
    ],
    SIGNED: every(signedFirst),
    SIGN_PLAN_CANCEL: every(`→ SIGN_PLAN_CANCEL sign-plan.cancelled ${created}`),
    COMPLETE: every(`→ COMPLETE sign-plan.completed ${created}`),
    EXPIRE: every(`→ EXPIRE sign-plan.expired ${created}`),
    'another user': every('→ REFUSED sign-plan.refused [create-sign-plan refused NUMBER_USED]'),
    'no such sign plan': open(`→ REFUSED sign-plan.refused [create-sign-plan refused ${code}]`),
    'no answer': every('? TIMEOUT'),
    fault: every('! SIGN_ERROR'),
  },
  'UNSIGNED without a package': {
    UNSIGNED: [
      'send',
      `→ UNSIGNED ${created}`,
      `→ UNSIGNED sign-plan.refused [create-sign-plan refused ${code}]`,
      '? SYSTEM_ERROR',
      '! NO_AUTH',
    ],
    SIGNED: every(signedFirst),
    SIGN_PLAN_CANCEL: every(`→ SIGN_PLAN_CANCEL sign-plan.cancelled ${created}`),
    COMPLETE: every(`→ COMPLETE sign-plan.completed ${created}`),
    EXPIRE: every(`→ EXPIRE sign-plan.expired ${created}`),
    'another user': every('? OTHER_SIGN_PLAN'),
    'no such sign plan': every(gone),
    'no answer': every('? TIMEOUT'),
    fault: every('! SIGN_ERROR'),
  },
  'UNSIGNED with a package': {
    UNSIGNED: every(`→ UNSIGNED ${created}`),
    SIGNED: every(signedFirst),
    SIGN_PLAN_CANCEL: every(`→ SIGN_PLAN_CANCEL sign-plan.cancelled ${created}`),
    COMPLETE: every(`→ COMPLETE sign-plan.completed ${created}`),
    EXPIRE: every(`→ EXPIRE sign-plan.expired ${created}`),
    'another user': every('? OTHER_SIGN_PLAN'),
    'no such sign plan': every(gone),
    'no answer': every('? TIMEOUT'),
    fault: every('! SIGN_ERROR'),
  },
  'UNSIGNED, stopping': {
    UNSIGNED: open(stopRefused('UNSIGNED')),
    SIGNED: [
      '→ SIGNED sign-plan.signed on',
      '→ SIGNED sign-plan.signed',
      `→ SIGNED sign-plan.signed sign-plan.refused [stop-sign-plan refused ${code}]`,
      '→ SIGNED sign-plan.signed',
      '→ SIGNED sign-plan.signed',
    ],
    SIGN_PLAN_CANCEL: every(stopped),
    COMPLETE: voidStop('→ COMPLETE sign-plan.completed'),
    EXPIRE: voidStop('→ EXPIRE sign-plan.expired'),
    'another user': every('? OTHER_SIGN_PLAN'),
    'no such sign plan': every(gone),
    'no answer': every('? TIMEOUT'),
    fault: every('! SIGN_ERROR'),
  },
  'SIGNED, stopping': {
    UNSIGNED: open(stopRefused('SIGNED')),
    SIGNED: open(stopRefused('SIGNED')),
    SIGN_PLAN_CANCEL: every(stopped),
    COMPLETE: voidStop('→ COMPLETE sign-plan.completed'),
    EXPIRE: voidStop('→ EXPIRE sign-plan.expired'),
    'another user': every('? OTHER_SIGN_PLAN'),
    'no such sign plan': every(gone),
    'no answer': every('? TIMEOUT'),
    fault: every('! SIGN_ERROR'),
  },
};

describe('a command of a sign plan', () => {
  for (const [column, record] of Object.entries(columns)) {
    for (const [row, evidence] of Object.entries(says)) {
      for (const [n, sent] of sents.entries()) {
        it(`on ${column}, ${sent}, then ${row}`, () => {
          const decision = decideSignPlan(signPlanOf(record), evidence, contextOf(sent));
          assert.equal(brief(decision), table[column as Column][row as Row][n]);
        });
      }
    }
  }
});

describe('what opens the sign page', () => {
  const answered: SendOutcome = { type: 'accepted', package: 'DJIOSQPYWDxsjdldeuw' };

  it('is kept from the answer to the creation', () => {
    const context = { now, sent: answered };
    const decision = decideSignPlan(signPlanOf(columns.CREATED), says.UNSIGNED, context);
    assert.deepEqual(changeOf(decision), {
      status: 'UNSIGNED',
      patch: {
        set: {
          ended: { name: 'create-sign-plan', sha256: sha, outcome: 'done' },
          sign_plan_id: signPlanId,
          package: 'DJIOSQPYWDxsjdldeuw',
        },
        unset: ['pending'],
      },
      events: [],
      evidence: 'UNSIGNED',
    });
  });

  it('is asked for by the same bytes again while no answer has held it', () => {
    const first = decideSignPlan(signPlanOf(columns.CREATED), says.UNSIGNED, { now });
    assert.equal(brief(first), '→ UNSIGNED on');
    const after = applyChange(columns.CREATED, changeOf(first), { now, because: 'timer' });
    assert.deepEqual(after.data['pending'], columns.CREATED.data['pending']);
    for (const sent of [outcomes.unknown, outcomes.fault]) {
      const lost = decideSignPlan(signPlanOf(after), says.UNSIGNED, { now, sent });
      assert.equal(lost.type, 'unknown');
    }
    assert.equal(brief(decideSignPlan(signPlanOf(after), says.UNSIGNED, { now })), 'send');
    const at = decideSignPlan(signPlanOf(after), says.UNSIGNED, { now, sent: answered });
    assert.equal(changeOf(at).patch.set?.['package'], 'DJIOSQPYWDxsjdldeuw');
  });

  it('is not kept where the user has signed meanwhile', () => {
    const context = { now, sent: answered };
    const decision = decideSignPlan(signPlanOf(columns.CREATED), says.SIGNED, context);
    const { set, unset } = changeOf(decision).patch;
    assert.deepEqual([set?.['package'], unset], [undefined, ['pending', 'package']]);
  });

  it('is not known from an answer that no query bears out', () => {
    const context = { now, sent: answered };
    const decision = decideSignPlan(signPlanOf(columns.CREATED), notFound, context);
    assert.equal(brief(decision), '? NOT_SHOWN');
  });
});

describe('of a sign plan', () => {
  const pendings = [undefined, creating, pendingOf('stop-sign-plan')];
  const all = signPlanStatuses.flatMap((status) =>
    pendings.flatMap((pending) =>
      Object.values(says).flatMap((evidence) =>
        sents.map((sent) => {
          const record = signPlanIn(status, { pending });
          const decision = decideSignPlan(signPlanOf(record), evidence, contextOf(sent));
          return { record, pending, evidence, sent, decision };
        }),
      ),
    ),
  );

  it('no send follows a send in one look', () => {
    assert.ok(all.every(({ sent, decision }) => sent === 'unsent' || decision.type !== 'command'));
  });

  it('an end and a foreign one are never left', () => {
    const ends = ['SIGN_PLAN_CANCEL', 'COMPLETE', 'EXPIRE', 'UNMATCHED'];
    for (const { record, decision } of all) {
      if (ends.includes(record.status) && decision.type === 'commit') {
        assert.equal(decision.change.status, record.status);
      }
    }
  });

  it('the same answer twice changes nothing the second time', () => {
    for (const { record, evidence, decision } of all) {
      if (decision.type === 'commit') {
        const after = applyChange(record, decision.change, { now, because: 'timer' });
        assert.notEqual(decideSignPlan(signPlanOf(after), evidence, { now }).type, 'commit');
      }
    }
  });

  it('nothing rests while a command is pending', () => {
    assert.ok(
      all.every(({ pending, decision }) => pending === undefined || decision.type !== 'quiet'),
    );
  });
});
