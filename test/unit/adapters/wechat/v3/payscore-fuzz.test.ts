import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  readAccepted,
  readPlan,
  readServiceOrder,
  readSignPlan,
} from '#adapters/wechat/v3/payscore-answers.ts';
import { type CommandName, commandNames } from '#core/payscore/evidence.ts';
import { isObject, parseJson } from '#core/values/json.ts';
import { mutantsOf } from '../v2/mutants.ts';
import {
  commandOf,
  plan,
  planAnswer,
  serviceOrder,
  serviceOrderAnswer,
  signPlan,
  signPlanAnswer,
  signPlanMade,
} from './payscore-samples.ts';

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  '\\u0000',
  '\\ud800',
  'null',
  'true',
  '1e999',
  '-0',
  '"12000"',
  '"1e3"',
  '"merchant_plan_no":"plan-1",',
  '"merchant_sign_plan_no":"sign-1",',
  '"out_order_no":"lesson-1",',
  '"mchid":"1900007292",',
  '"__proto__":{"out_order_no":"lesson-7_2"},',
  '"collection":null,',
  '"details":[{}],',
  Buffer.from([0x00]),
  Buffer.from([0xff]),
];
const samples = [planAnswer, signPlanAnswer, signPlanMade, serviceOrderAnswer].map((sample) =>
  JSON.stringify(sample),
);

const values = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'A', 'NORMAL', 'plan-1', '1900007292', '12000', 0, -1, 1.5),
  fc.constantFrom<unknown>(plan.number, signPlan.number, serviceOrder.number, {}, [], [{}]),
  fc.jsonValue({ maxDepth: 2 }),
);
const names = fc.constantFrom(
  'merchant_plan_no',
  'merchant_sign_plan_no',
  'out_order_no',
  'mchid',
  'plan_state',
  'sign_state',
  'state',
  'signed_detail_list',
  'collection',
  'total_amount',
  'package',
  'sign_plan',
);
/** A good answer with some fields that hold something else. */
const changed = fc
  .tuple(
    fc.constantFrom<object>(planAnswer, signPlanAnswer, signPlanMade, serviceOrderAnswer),
    fc.dictionary(names, values, { maxKeys: 3, noNullPrototype: true }),
  )
  .map(([sample, changes]) => Buffer.from(JSON.stringify({ ...sample, ...changes })));

const anything = fc.oneof(
  fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text)),
  changed,
  mutantsOf(samples, tokens),
);

/** Read once more, without the adapter: whether the body names this number, and no other merchant. */
function isAbout(body: Uint8Array, field: string, number: string, isWrapped = false): boolean {
  const parsed = parseJson(Buffer.from(body).toString('utf8'));
  const outer = parsed.ok && isObject(parsed.value) ? parsed.value : {};
  const answer = isWrapped ? outer['sign_plan'] : outer;
  if (!isObject(answer)) {
    return false;
  }
  const { mchid } = answer;
  const isMine = mchid === undefined || mchid === null || mchid === '' || mchid === plan.mchid;
  return answer[field] === number && isMine;
}

function fieldOf(name: CommandName): string {
  if (name === 'create-plan' || name === 'stop-plan') {
    return 'merchant_plan_no';
  }
  return /sign-plan/.test(name) ? 'merchant_sign_plan_no' : 'out_order_no';
}

suite('whatever the bytes of an answer', () => {
  test('a reader never throws, and never believes what names another', () => {
    let believed = 0;
    fc.assert(
      fc.property(anything, (body) => {
        const readings = [
          [readPlan(body, plan).type === 'state', 'merchant_plan_no', plan.number],
          [readSignPlan(body, signPlan).type === 'state', 'merchant_sign_plan_no', signPlan.number],
          [
            readServiceOrder(body, serviceOrder).type === 'state',
            'out_order_no',
            serviceOrder.number,
          ],
        ] as const;
        for (const [isBelieved, field, number] of readings) {
          believed += isBelieved ? 1 : 0;
          assert.ok(!isBelieved || isAbout(body, field, number));
        }
        for (const name of commandNames) {
          const command = commandOf(name);
          const { type } = readAccepted(body, plan.mchid, command);
          const isWrapped = name === 'create-sign-plan';
          assert.ok(type === 'accepted' || type === 'unknown');
          assert.ok(type === 'unknown' || isAbout(body, fieldOf(name), command.number, isWrapped));
        }
      }),
      { numRuns: 5_000 },
    );
    assert.ok(believed > 100, `only ${believed} answers were believed: nothing was tested`);
  });

  test('a believed service order holds only whole amounts and words', () => {
    fc.assert(
      fc.property(changed, (body) => {
        const evidence = readServiceOrder(body, serviceOrder);
        if (evidence.type !== 'state') {
          return;
        }
        const { state, state_description: description, collection_state: collecting } = evidence;
        for (const word of [state, description ?? 'A', collecting ?? 'A']) {
          assert.match(word, /^[0-9A-Z_]{1,64}$/);
        }
        for (const fen of [evidence.totalFen ?? 0, evidence.paidFen ?? 0]) {
          assert.ok(Number.isSafeInteger(fen) && fen >= 0);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
