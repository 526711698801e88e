import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { listOf, parseJsonObject } from '../../../local/json.ts';
import { send } from './client.ts';
import { chargeWaiting } from './code-payment-plays.ts';
import {
  type Attempt,
  attemptsAt,
  type Expected,
  expectedOf,
  type Known,
  strayAttempts,
  type Token,
} from './fuzzing.ts';
import { type Answered, codeOf, complaintsAbout } from './judge.ts';
import { operations } from './page.ts';
import { begin, complete, completeAndPay, launch, makePlan, sign } from './payscore-play.ts';
import {
  closed,
  place,
  placeAndPay,
  placeForReview,
  processingRefund,
  serviceIdOf,
} from './play.ts';
import { type Stage, startStage } from './stage.ts';

/** `FUZZ_SEED=… FUZZ_RUNS=…` for another, or a longer run. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const runs = Number(process.env['FUZZ_RUNS'] ?? 250);

describe('the API answers as docs/openapi.yaml says, whatever it is asked', () => {
  let stage: Stage;
  let known: Known;

  before(async () => {
    stage = await startStage();
    known = await knownOf(stage);
  });
  after(() => stage.stop());

  /** Sends a request, and judges its answer and what it brought about. */
  async function judge(attempt: Attempt): Promise<Answered> {
    const expected = expectedOf(attempt, known);
    const [wrote, asked] = [stage.writes(), stage.proxy.asked().length];
    const answered = await send(known.origin, attempt);
    const { status, text } = answered;
    assert.deepEqual(complaintsAbout(attempt, answered), [], text);
    assert.ok(status < 500, `${status} ${text}`);
    if (expected === undefined) {
      assert.ok(status !== 400 || isInWords(text), `refused, and keeps to the page: ${text}`);
      return answered;
    }
    assertRefused(answered, expected);
    assert.equal(stage.writes(), wrote, 'something was written');
    assert.deepEqual(stage.proxy.asked().slice(asked).filter(isPlacing), [], 'WeChat was asked');
    return answered;
  }

  async function fuzz(t: TestContext, attempts: fc.Arbitrary<Attempt>): Promise<void> {
    t.diagnostic(`FUZZ_SEED=${seed}`);
    const met = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(attempts, async (attempt) => {
        const answered = await judge(attempt);
        const what = `${answered.status} ${codeOf(answered) ?? ''}`.trim();
        met.set(what, (met.get(what) ?? 0) + 1);
      }),
      { seed, numRuns: runs },
    );
    t.diagnostic(
      [...met]
        .map(([what, count]) => `${what}: ${count}`)
        .sort()
        .join(', '),
    );
  }

  for (const operation of operations) {
    it(operation.id, (t) => fuzz(t, attemptsAt(operation, known)));
  }

  it('at any path, by any method', (t) => fuzz(t, strayAttempts(known)));
});

function assertRefused(answered: Answered, expected: NonNullable<Expected>): void {
  if (expected === 'gateway') {
    assert.equal(answered.status, 400, answered.text);
    return;
  }
  const { status, code } = expected;
  assert.deepEqual([answered.status, codeOf(answered)], [status, code], answered.text);
}

/** What the page says in words only: what the account, the clock and the calendar allow, and names that differ. */
const inWords = [
  ...['/appid', '/time_expire', '/paid_time', '/time_range/start_time', '/time_range/end_time'],
  ...['/post_payments', '/post_discounts'],
];

/** Or it is refused by a rule that has a code of its own. */
function isInWords(text: string): boolean {
  const { code, errors } = Object(parseJsonObject(text));
  const pointers = listOf(errors ?? [], 'errors').map((error) => Object(error)['pointer']);
  const isNamed = pointers.length > 0 && pointers.every((pointer) => inWords.includes(pointer));
  return code !== 'request_invalid' || isNamed;
}

const placings =
  /^\/(v3\/pay\/transactions\/[a-z0-9]+|pay\/(micropay|unifiedorder)|v3\/payscore\/(plan\/payscore-plans|sign-plan\/(user-sign-plans|serviceorder)))$/;

function isPlacing(path: string): boolean {
  return placings.test(path);
}

async function knownOf(stage: Stage): Promise<Known> {
  const { dev } = stage.stack;
  const refund = await processingRefund(stage);
  const orders = [
    await place(stage),
    await placeAndPay(stage),
    await closed(stage),
    await placeForReview(stage),
    await chargeWaiting(stage),
  ];
  await stage.control('payscore-charges', { outcome: 'failing' });
  const lessons = [await begin(stage), await complete(stage), await completeAndPay(stage)];
  const unsigned = await launch(stage);
  return {
    origin: dev.api,
    account: dev.account.name,
    appid: dev.account.appid,
    orders: [...orders.map(({ number }) => number), String(refund.body['out_trade_no'])],
    refunds: [refund.number],
    serviceId: serviceIdOf(stage),
    plans: [unsigned.plan, (await makePlan(stage)).number],
    signPlans: [
      unsigned.number,
      (await sign(stage)).number,
      ...lessons.map(({ signPlan }) => signPlan),
    ],
    serviceOrders: lessons.map(({ number }) => number),
    tokens: await tokensOf(stage),
  };
}

const scopes = [
  ...['orders:read', 'orders:write', 'orders:resolve', 'refunds:read', 'refunds:write'],
  ...['payscore:read', 'payscore:write'],
];

/** The good one first. */
async function tokensOf({ stack }: Stage): Promise<readonly Token[]> {
  const good = stack.dev.token;
  const scope = scopes.join(' ');
  const bearer = async (claims: Parameters<typeof stack.token>[0]): Promise<string> =>
    `Bearer ${await stack.token(claims)}`;
  const valid = (header: string, given = scopes): Token => ({
    header,
    scopes: given,
    isValid: true,
  });
  const foreign = (header: string): Token => ({ ...valid(header), isForeign: true });
  const invalid = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer  ${good}`,
    `Bearer ${good} `.trimEnd().concat('x'),
    `Basic ${good}`,
    good,
    `Bearer ${good},Bearer ${good}`,
    `Bearer ${good.split('.').slice(0, 2).join('.')}.`,
    `Bearer ${'x'.repeat(8_000)}`,
    'Bearer a.b.c',
    await bearer({ tenant: 'dev', scope, lifetimeSeconds: -60 }),
  ];
  return [
    valid(`Bearer ${good}`),
    valid(`bearer ${good}`),
    valid(await bearer({ tenant: 'dev', scope: '' }), []),
    valid(await bearer({ tenant: 'dev', scope: 'orders:read ORDERS:WRITE' }), ['orders:read']),
    foreign(await bearer({ tenant: 'other', scope })),
    foreign(await bearer({ tenant: 'dev', scope, accounts: [] })),
    foreign(await bearer({ tenant: 'dev', scope, accounts: ['shop'] })),
    ...invalid.map((header): Token => ({ header, scopes: [], isValid: false })),
  ];
}
