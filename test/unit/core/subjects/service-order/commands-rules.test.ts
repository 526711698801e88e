import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Charge,
  noteCommand,
  type ServiceOrderRequest,
} from '#core/subjects/service-order/commands.ts';
import type { TimeRange } from '#core/subjects/service-order/start.ts';
import type { Json } from '#core/values/json.ts';
import { moment } from '../../fixtures.ts';
import { now, sha } from '../../payscore/fixtures.ts';
import { completedData, orderIn, orderOf } from './fixtures.ts';

type Data = Readonly<Record<string, Json | undefined>>;

/** From 03:00 on; asked at 07:00. */
const endAt = moment('2026-11-21T05:00:00Z');
const wrongEnd = { code: 'time_range_wrong', pointer: '/time_range/end_time' };
const wrongStart = { code: 'time_range_wrong', pointer: '/time_range/start_time' };

function answerTo(status: string, request: ServiceOrderRequest, data: Data = {}) {
  const order = orderOf(orderIn(status, data));
  return noteCommand(order, request, { sha256: sha, now });
}

function refusalOf(status: string, request: ServiceOrderRequest, data: Data = {}) {
  const answer = answerTo(status, request, data);
  return answer.ok ? undefined : answer.refusal;
}

/** The exact bytes that would be sent. */
function bodyOf(status: string, request: ServiceOrderRequest, data: Data = {}): string {
  const answer = answerTo(status, request, data);
  assert.ok(answer.ok && answer.value !== undefined);
  const pending = answer.value.patch.set?.['pending'] as { readonly body: string };
  return pending.body;
}

function charge(
  total_amount: number,
  payments: readonly number[],
  discounts: readonly number[] = [],
) {
  const lines = (amounts: readonly number[]) =>
    amounts.map((amount, n) => ({ name: `${n}`, amount }));
  const made: Charge = {
    post_payments: lines(payments),
    total_amount,
    ...(discounts.length > 0 && { post_discounts: lines(discounts) }),
  };
  return made;
}

const completing = (made: Charge, timeRange?: TimeRange): ServiceOrderRequest => ({
  name: 'complete',
  ...made,
  ...(timeRange !== undefined && { timeRange }),
});
const modifying = (made: Charge): ServiceOrderRequest => ({
  name: 'modify',
  ...made,
  reason: '少',
});

describe('what a service is completed with', () => {
  for (const [what, made] of [
    ['the whole price', charge(12_000, [12_000])],
    ['less', charge(1, [1])],
    ['nothing', charge(0, [0])],
    ['two lines and a discount', charge(12_000, [10_000, 4_000], [2_000])],
    ['what its discounts leave of nothing', charge(0, [500], [200, 300])],
  ] as const) {
    it(`may be ${what}`, () => {
      assert.equal(refusalOf('DOING', completing(made, { endAt })), undefined);
    });
  }

  for (const [what, made, code] of [
    ['a fen above the signed price', charge(12_001, [12_001]), 'amount_exceeds'],
    ['a fen above its lines', charge(12_000, [11_999]), 'sum_wrong'],
    ['a fen below its lines', charge(11_999, [12_000]), 'sum_wrong'],
    ['its payments without its discounts', charge(12_000, [12_000], [1]), 'sum_wrong'],
    ['its discounts on top', charge(12_000, [11_000], [1_000]), 'sum_wrong'],
    ['lines that are far too much, and another sum', charge(12_000, [99_000]), 'sum_wrong'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const refusal = { code, pointer: '/total_amount' };
      assert.deepEqual(refusalOf('DOING', completing(made, { endAt })), refusal);
    });
  }

  it('is nothing where nothing was signed, and not a fen', () => {
    const free = { priceFen: 0 };
    assert.equal(refusalOf('DOING', completing(charge(0, [0]), { endAt }), free), undefined);
    const refusal = { code: 'amount_exceeds', pointer: '/total_amount' };
    assert.deepEqual(refusalOf('DOING', completing(charge(1, [1]), { endAt }), free), refusal);
  });
});

describe('when a service ended', () => {
  const whole = charge(12_000, [12_000]);
  for (const [what, range, data] of [
    ['now', { endAt: now }, {}],
    ['a moment after its start', { endAt: moment('2026-11-21T03:00:00.001Z') }, {}],
    ['as its creation said', undefined, { endTime: endAt }],
    [
      'as its creation said, its end told by a remark',
      { end_time_remark: '下课' },
      { endTime: endAt },
    ],
    ['though it began later than planned', { startAt: moment('2026-11-21T03:30:00Z'), endAt }, {}],
    ['though it began as planned', { startAt: moment('2026-11-21T03:00:00Z'), endAt }, {}],
  ] as const) {
    it(`may be ${what}`, () => {
      assert.equal(refusalOf('DOING', completing(whole, range), data), undefined);
    });
  }

  for (const [what, range, data, refusal] of [
    ['unknown', undefined, {}, wrongEnd],
    ['unknown but for a remark', { end_time_remark: '下课' }, {}, wrongEnd],
    ['ahead of us', { endAt: moment('2026-11-21T07:00:00.001Z') }, {}, wrongEnd],
    ['at its start', { endAt: moment('2026-11-21T03:00:00Z') }, {}, wrongEnd],
    ['before its start', { endAt: moment('2026-11-21T02:59:59Z') }, {}, wrongEnd],
    ['before the start that this says', { startAt: endAt, endAt }, {}, wrongEnd],
    ['after a start that this says', { startAt: endAt }, { endTime: endAt }, wrongEnd],
    [
      'after a start before the planned one',
      { startAt: moment('2026-11-21T02:59:59Z'), endAt },
      {},
      wrongStart,
    ],
  ] as const) {
    it(`is refused as ${what}`, () => {
      assert.deepEqual(refusalOf('DOING', completing(whole, range), data), refusal);
    });
  }
});

describe('what an amount is lowered to', () => {
  it('may be a fen less, or nothing', () => {
    for (const total of [11_999, 0]) {
      const refusal = refusalOf('COMPLETED', modifying(charge(total, [total])), completedData);
      assert.equal(refusal, undefined);
    }
  });

  for (const [what, made, code, data] of [
    ['the same', charge(12_000, [12_000]), 'amount_not_lower', completedData],
    ['what it was before', charge(9_000, [9_000]), 'amount_not_lower', { totalFen: 9_000 }],
    ['more, within the price', charge(9_001, [9_001]), 'amount_not_lower', { totalFen: 9_000 }],
    ['more than was signed', charge(12_001, [12_001]), 'amount_exceeds', completedData],
    ['another sum than its lines', charge(9_000, [9_001]), 'sum_wrong', completedData],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const refusal = { code, pointer: '/total_amount' };
      assert.deepEqual(refusalOf('COMPLETED', modifying(made), data), refusal);
    });
  }
});

describe('when a service was paid another way', () => {
  /** Completed at 04:00; asked at 07:00. */
  for (const [text, isRight] of [
    ['2026-11-21T03:59:59.999Z', false],
    ['2026-11-21T04:00:00.000Z', true],
    ['2026-11-21T07:00:00.000Z', true],
    ['2026-11-21T07:01:00.000Z', true],
    ['2026-11-21T07:01:00.001Z', false],
  ] as const) {
    it(`${isRight ? 'may be' : 'is refused as'} ${text}`, () => {
      const refusal = refusalOf('COMPLETED', { name: 'sync', paidAt: moment(text) }, completedData);
      const wrong = { code: 'time_range_wrong', pointer: '/paid_time' };
      assert.deepEqual(refusal, isRight ? undefined : wrong);
    });
  }
});

describe('the bytes of a command', () => {
  const ids = '"appid":"wx8888888888888888","service_id":"00004000000000162930000000000001"';

  it('complete a service', () => {
    const bare = completing(charge(12_000, [12_000]), { endAt });
    assert.equal(
      bodyOf('DOING', bare),
      `{${ids},"post_payments":[{"name":"0","amount":12000}],"total_amount":12000,` +
        '"time_range":{"end_time":"20261121130000"},"profit_sharing":false}',
    );
  });

  it('complete a service with all that may be said', () => {
    const full: ServiceOrderRequest = {
      name: 'complete',
      post_payments: [{ name: '课', amount: 6_000, description: '每节', count: 2 }],
      post_discounts: [{ name: '优惠', amount: 1_000, description: '老学员' }],
      total_amount: 5_000,
      timeRange: { startAt: moment('2026-11-21T03:30:00Z'), endAt, end_time_remark: '下课' },
      location: { end_location: '二号馆' },
      profit_sharing: true,
      goods_tag: 'WXG',
    };
    assert.equal(
      bodyOf('DOING', full),
      `{${ids},"post_payments":[{"name":"课","amount":6000,"description":"每节","count":2}],` +
        '"post_discounts":[{"name":"优惠","amount":1000,"description":"老学员"}],' +
        '"total_amount":5000,"time_range":{"start_time":"20261121113000",' +
        '"end_time":"20261121130000","end_time_remark":"下课"},' +
        '"location":{"end_location":"二号馆"},"profit_sharing":true,"goods_tag":"WXG"}',
    );
  });

  it('complete a service whose end its creation said, without a time', () => {
    const body = bodyOf('DOING', completing(charge(0, [0])), { endTime: endAt });
    assert.ok(!body.includes('time_range'));
  });

  it('lower the amount', () => {
    assert.equal(
      bodyOf('COMPLETED', modifying(charge(9_000, [10_000], [1_000])), completedData),
      `{${ids},"post_payments":[{"name":"0","amount":10000}],` +
        '"post_discounts":[{"name":"0","amount":1000}],"total_amount":9000,"reason":"少"}',
    );
  });

  it('cancel, tell of a payment, and ask for a charge', () => {
    assert.equal(bodyOf('DOING', { name: 'cancel', reason: '停课' }), `{${ids},"reason":"停课"}`);
    const paidAt = moment('2026-11-21T16:00:01.999Z');
    const order = orderOf(orderIn('COMPLETED', completedData));
    const sync = noteCommand(order, { name: 'sync', paidAt }, { sha256: sha, now: paidAt });
    assert.ok(sync.ok && sync.value !== undefined);
    const pending = sync.value.patch.set?.['pending'] as { readonly body: string };
    const detail = '"type":"Order_Paid","detail":{"paid_time":"20261122000001"}';
    assert.equal(pending.body, `{${ids},${detail}}`);
    assert.equal(bodyOf('COMPLETED', { name: 'pay' }, completedData), `{${ids}}`);
  });
});
