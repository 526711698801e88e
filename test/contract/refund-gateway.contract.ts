import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import type { ApiVersion } from '#core/account.ts';
import type { RefundEvidence } from '#core/evidence.ts';
import { isTransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { valid } from '../support/order-builder.ts';
import { type GatewayTraits, traitsOf, unknownsOf } from './gateway-faults.ts';
import {
  freshRefundNo,
  type RefundCalls,
  type RefundWorld,
  refundCallsOf,
  refundOf,
} from './refund-gateway-harness.ts';

const accepted = { type: 'accepted' };

function stateIn(evidence: RefundEvidence) {
  assert.ok(evidence.type === 'state', JSON.stringify(evidence));
  return evidence.state;
}

function notFoundOf({ noRefund }: GatewayTraits): RefundEvidence {
  return { type: 'not-found', code: noRefund };
}

/** What every `RefundGateway` does with an account of this API, whoever plays WeChat Pay behind it. */
export function refundGatewayContract(
  name: string,
  api: ApiVersion,
  open: () => Promise<RefundWorld>,
): void {
  const traits = traitsOf[api];
  suite(name, () => {
    let world: RefundWorld;

    before(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.heal();
    });
    after(async () => {
      await world.end();
    });

    const calls = refundCallsOf(() => world);
    queryRules(calls, traits);
    applyRules(calls);
    refusalRules(calls, traits);
    openRules(calls, traits);
    unknownRules(calls, api);
    lostAnswerRules(calls, traits);
  });
}

function queryRules(calls: RefundCalls, traits: GatewayTraits): void {
  const { world, paid, accept, query } = calls;

  test('a refund that nobody applied for is not found', async () => {
    assert.deepEqual(await query(freshRefundNo()), notFoundOf(traits));
  });

  test('an accepted refund is PROCESSING and says what it refunds', async () => {
    const { request, out_trade_no, transaction_id } = await accept();
    const evidence = await query(request.out_refund_no);
    assert.ok(evidence.type === 'state');
    const { refund_id, ...facts } = evidence.facts;
    assert.equal(evidence.state, 'PROCESSING');
    assert.equal(evidence.out_refund_no, request.out_refund_no);
    assert.deepEqual(facts, { out_trade_no, transaction_id, refundFen: 40, totalFen: 100 });
    assert.match(refund_id, /^[0-9A-Za-z]+$/);
  });

  test('a refund that succeeded says when, and remains the same refund', async () => {
    const { request } = await accept();
    const before = await query(request.out_refund_no);
    await world().settle(request.out_refund_no, 'SUCCESS');
    const evidence = await query(request.out_refund_no);
    assert.ok(before.type === 'state' && evidence.type === 'state');
    assert.equal(evidence.state, 'SUCCESS');
    const { successAt, ...facts } = evidence.facts;
    assert.ok(successAt !== undefined);
    assert.deepEqual(facts, before.facts);
  });

  for (const status of ['CLOSED', 'ABNORMAL'] as const) {
    test(`a refund that ended as ${status} says so, and no time`, async () => {
      const { request } = await accept();
      await world().settle(request.out_refund_no, status);
      const evidence = await query(request.out_refund_no);
      assert.ok(evidence.type === 'state');
      assert.equal(evidence.state, status);
      assert.equal('successAt' in evidence.facts, false);
    });
  }

  test('an ABNORMAL refund can still succeed', async () => {
    const { request } = await accept();
    await world().settle(request.out_refund_no, 'ABNORMAL');
    await world().settle(request.out_refund_no, 'SUCCESS');
    assert.equal(stateIn(await query(request.out_refund_no)), 'SUCCESS');
  });

  test('a refund made in the console is known like any other', async () => {
    const { out_trade_no, transaction_id } = await paid();
    const out_refund_no = freshRefundNo();
    await world().refundByHand(out_trade_no, { out_refund_no, amountFen: valid(30, isFen) });
    const evidence = await query(out_refund_no);
    assert.ok(evidence.type === 'state');
    const { refund_id: _, ...facts } = evidence.facts;
    assert.deepEqual(facts, { out_trade_no, transaction_id, refundFen: 30, totalFen: 100 });
  });
}

function applyRules({ world, paid, accept, query, apply }: RefundCalls): void {
  test('the same application again is accepted, whatever became of it', async () => {
    const { request } = await accept();
    assert.deepEqual(await apply(request), accepted);
    await world().settle(request.out_refund_no, 'SUCCESS');
    assert.deepEqual(await apply(request), accepted);
    assert.equal(stateIn(await query(request.out_refund_no)), 'SUCCESS');
  });

  test('a number that was CLOSED stays so, however often it is applied for', async () => {
    const { request } = await accept();
    await world().settle(request.out_refund_no, 'CLOSED');
    assert.deepEqual(await apply(request), accepted);
    assert.equal(stateIn(await query(request.out_refund_no)), 'CLOSED');
  });

  test('all that an application can carry is taken', async () => {
    const request = {
      ...refundOf(await paid()),
      reason: '商品已售完',
      notify_url: 'http://127.0.0.1:9/notify/main',
      funds_account: 'AVAILABLE',
    } as const;
    assert.deepEqual(await apply(request), accepted);
    assert.deepEqual(await apply(request), accepted);
  });

  test('a whole order can be refunded', async () => {
    const request = { ...refundOf(await paid()), refundFen: valid(100, isFen) };
    assert.deepEqual(await apply(request), accepted);
  });

  test('the order of an accepted refund is REFUND, a part of it too', async () => {
    const { out_trade_no, transaction_id } = await accept();
    const { orders, account } = world();
    const evidence = await orders.query(account, { out_trade_no });
    assert.ok(evidence.type === 'state');
    assert.equal(evidence.state, 'REFUND');
    assert.equal(evidence.payment?.transaction_id, transaction_id);
    assert.equal(evidence.payment?.amountFen, 100);
  });
}

function refusalRules(calls: RefundCalls, traits: GatewayTraits): void {
  const { paid, accept, query, apply } = calls;
  const notFound = notFoundOf(traits);

  test('the same number with other parameters is refused, and the first ones stand', async () => {
    const { request } = await accept();
    for (const change of [{ refundFen: valid(41, isFen) }, { reason: 'late' }]) {
      assert.equal((await apply({ ...request, ...change })).type, 'refused');
    }
    const evidence = await query(request.out_refund_no);
    assert.equal(evidence.type === 'state' && evidence.facts.refundFen, 40);
  });

  for (const [what, change] of [
    ['a refund of more than was paid', { refundFen: valid(101, isFen) }],
    ['a refund of nothing', { refundFen: valid(0, isFen) }],
    ['a refund of a part of another total', { totalFen: valid(99, isFen) }],
    ['a refund with too long a reason', { reason: traits.longReason }],
    ['a refund whose notices have no address', { notify_url: 'pay.example.com' }],
  ] as const) {
    test(`${what} is refused and not known afterwards`, async () => {
      const request = { ...refundOf(await paid()), ...change };
      assert.equal((await apply(request)).type, 'refused');
      assert.deepEqual(await query(request.out_refund_no), notFound);
    });
  }

  test('a refund of a payment that nobody made is refused', async () => {
    const transaction_id = valid('4200000000000000000000000000', isTransactionId);
    const unknown = refundOf({ transaction_id });
    assert.equal((await apply(unknown)).type, 'refused');
    assert.deepEqual(await query(unknown.out_refund_no), notFound);
  });

  test('a second refund of the whole order is refused', async () => {
    const order = await paid();
    assert.deepEqual(await apply({ ...refundOf(order), refundFen: valid(100, isFen) }), accepted);
    calls.world().later(60_000);
    const more = refundOf(order);
    assert.equal((await apply(more)).type, 'refused');
    assert.deepEqual(await query(more.out_refund_no), notFound);
  });
}

function openRules(calls: RefundCalls, traits: GatewayTraits): void {
  const { world, paid, query, apply } = calls;
  const { notEnough, secondPart } = traits;

  test('a balance that does not suffice leaves it open: topped up, the same goes through', async () => {
    const request = refundOf(await paid());
    await world().limitBalance(39);
    assert.deepEqual(await apply(request), { type: 'unknown', code: notEnough });
    assert.deepEqual(await query(request.out_refund_no), notFoundOf(traits));
    await world().limitBalance(40);
    assert.deepEqual(await apply(request), accepted);
  });

  const fate = secondPart.isTaken ? 'goes through all the same' : 'goes through a minute later';
  test(`a second part within a minute is unknown, and ${fate}`, async () => {
    const order = await paid();
    assert.deepEqual(await apply(refundOf(order)), accepted);
    const second = refundOf(order);
    assert.deepEqual(await apply(second), { type: 'unknown', code: secondPart.code });
    const expected = secondPart.isTaken ? 'state' : 'not-found';
    assert.equal((await query(second.out_refund_no)).type, expected);
    world().later(60_000);
    assert.deepEqual(await apply(second), accepted);
    assert.equal(stateIn(await query(second.out_refund_no)), 'PROCESSING');
  });
}

function unknownRules(calls: RefundCalls, api: ApiVersion): void {
  const { world, paid, accept, query, apply } = calls;
  for (const [fault, code] of unknownsOf(api)) {
    test(`${fault}: every call ends in unknown, ${code}`, async () => {
      const { request } = await accept();
      const fresh = refundOf(await paid());
      await world().fail(fault);
      const outcomes = await Promise.all([
        query(request.out_refund_no),
        apply(request),
        apply(fresh),
      ]);
      const unknown = { type: 'unknown', code };
      assert.deepEqual(outcomes, [unknown, unknown, unknown]);
    });
  }
}

function lostAnswerRules(calls: RefundCalls, traits: GatewayTraits): void {
  const { world, paid, accept, query, apply } = calls;

  test('an answer that says no such refund never says more than that', async () => {
    const { request } = await accept();
    await world().fail('not-here');
    assert.deepEqual(await query(request.out_refund_no), notFoundOf(traits));
    const refused = { type: 'refused', code: traits.nothingToRefund };
    assert.deepEqual(await apply(request), refused);
    await world().heal();
    assert.equal(stateIn(await query(request.out_refund_no)), 'PROCESSING');
  });

  for (const fault of traits.lostBy) {
    test(`an application that was accepted and answered by ${fault} shows in the query`, async () => {
      const request = refundOf(await paid());
      await world().fail(fault, true);
      assert.notEqual((await apply(request)).type, 'accepted');
      await world().heal();
      assert.equal(stateIn(await query(request.out_refund_no)), 'PROCESSING');
      assert.deepEqual(await apply(request), accepted);
    });
  }
}
