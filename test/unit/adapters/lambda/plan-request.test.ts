import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at } from '../../../support/clock.ts';
import {
  acceptedBy,
  bodied,
  isMoment,
  isNumber,
  isText,
  isWhole,
  plan,
  serviceOrder,
  signPlan,
  signPlanStop,
} from './payscore-bodies.ts';
import { notObjects, notTexts, pointersOf, refusedIn, withAt } from './support.ts';

const bytesOf = (body: object): Buffer => Buffer.from(JSON.stringify(body));
const hash = /^[0-9A-Za-z_-]{43}$/;

/** Every field that a body cannot do without is missed. */
async function needs(kind: keyof typeof bodied, pointers: readonly string[]): Promise<void> {
  const { request, body } = bodied[kind];
  for (const pointer of pointers) {
    await refusedIn(request, body, pointer, [undefined]);
  }
}

/** No object of a body has a field that is not named here. */
async function hasNoOthers(kind: keyof typeof bodied, places: readonly string[]): Promise<void> {
  const { request, body } = bodied[kind];
  for (const place of places) {
    for (const name of ['x', 'mchid', 'notify_url', '__proto__', 'constructor', '']) {
      await refusedIn(request, body, `${place}/${name}`, ['x', null, {}]);
    }
  }
}

describe('the body of a new plan', () => {
  const { request } = bodied.plan;
  const detail = '/plan_detail_list/1';

  it('becomes a plan', async () => {
    const { bodySha256, ...asked } = await acceptedBy(bodied.plan, bytesOf(plan));
    assert.deepEqual(asked, {
      ...plan,
      merchant_plan_no: 'lessons-2026',
      requestId: 'request-1',
    });
    assert.match(String(bodySha256), hash);
  });

  it('needs no appid and no words about a discount', async () => {
    const { appid: _, ...small } = plan;
    assert.equal('appid' in (await acceptedBy(bodied.plan, small)), false);
    const [item] = plan.plan_detail_list;
    await acceptedBy(bodied.plan, { ...small, plan_detail_list: [item] });
  });

  it('needs all the rest', () =>
    needs('plan', [
      '/service_id',
      '/plan_name',
      '/plan_duration',
      '/deduction_quantity',
      '/total_original_price',
      '/total_actual_price',
      '/plan_detail_list',
      `${detail}/plan_detail_name`,
      `${detail}/original_price`,
      `${detail}/actual_price`,
    ]));

  it('names a service and an appid as WeChat names them', async () => {
    const others = ['x'.repeat(33), 'a b', 'a\n', 'a.b', '课', '🍵'];
    await refusedIn(request, plan, '/service_id', [...notTexts, ...others, 'a-b', 'a_b']);
    await refusedIn(request, plan, '/appid', [...notTexts, ...others]);
  });

  it('has a name of 20 characters, and details of 128', async () => {
    await isText(bodied.plan, '/plan_name', 20);
    await isText(bodied.plan, `${detail}/plan_detail_name`, 128);
    await isText(bodied.plan, `${detail}/plan_discount_description`, 128);
  });

  for (const [pointer, least] of [
    ['/plan_duration', 1],
    ['/deduction_quantity', 1],
    ['/total_original_price', 0],
    ['/total_actual_price', 0],
    [`${detail}/original_price`, 0],
    [`${detail}/actual_price`, 0],
  ] as const) {
    it(`has a whole number from ${least} at ${pointer}`, () =>
      isWhole(bodied.plan, pointer, least));
  }

  it('has details, each an object', async () => {
    await refusedIn(request, plan, '/plan_detail_list', [null, 'x', 1, {}, []]);
    await refusedIn(request, plan, detail, notObjects);
  });

  it('has no other fields', async () => {
    await hasNoOthers('plan', ['', detail]);
    await refusedIn(request, plan, '/merchant_plan_no', ['lessons-2026']);
    await refusedIn(request, plan, `${detail}/plan_detail_no`, [2]);
  });

  it('has every field at fault named', async () => {
    const body = { ...plan, plan_name: '', plan_duration: '300', plan_detail_list: [{}], x: 1 };
    assert.deepEqual((await pointersOf(request, body)).toSorted(), [
      '/plan_detail_list/0/actual_price',
      '/plan_detail_list/0/original_price',
      '/plan_detail_list/0/plan_detail_name',
      '/plan_duration',
      '/plan_name',
      '/x',
    ]);
  });

  it('is refused as a whole where it is no object', async () => {
    const { request: stopping } = bodied.signPlanStop;
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    for (const text of ['', 'null', '[]', '1e2', '"{}"', '{"a":1', `{}${'{}'}`, deep]) {
      for (const each of [request, stopping]) {
        const [first = ''] = await pointersOf(each, Buffer.from(text));
        assert.equal(first, '', text.slice(0, 20));
      }
    }
  });
});

describe('the body of a new sign plan', () => {
  const { request } = bodied.signPlan;
  const detail = '/sign_plan_detail/1';

  it('becomes a sign plan', async () => {
    const { bodySha256, ...asked } = await acceptedBy(bodied.signPlan, bytesOf(signPlan));
    assert.deepEqual(asked, {
      ...signPlan,
      merchant_sign_plan_no: 'sign-1',
      requestId: 'request-1',
    });
    assert.match(String(bodySha256), hash);
  });

  it('needs every field', () =>
    needs('signPlan', [
      '/merchant_plan_no',
      '/openid',
      '/sign_plan_detail',
      `${detail}/plan_detail_no`,
      `${detail}/merchant_plan_detail_no`,
    ]));

  it('has numbers as WeChat takes them', async () => {
    await isNumber(bodied.signPlan, '/merchant_plan_no');
    await isNumber(bodied.signPlan, `${detail}/merchant_plan_detail_no`);
    await isWhole(bodied.signPlan, `${detail}/plan_detail_no`, 1);
  });

  it('names a user', async () => {
    const others = ['x'.repeat(129), 'a b', 'a.b', 'a\n', '课'];
    await refusedIn(request, signPlan, '/openid', [...notTexts, ...others]);
  });

  it('has details, each an object', async () => {
    await refusedIn(request, signPlan, '/sign_plan_detail', [null, 'x', 1, {}, []]);
    await refusedIn(request, signPlan, detail, notObjects);
  });

  it('has no other fields', async () => {
    await hasNoOthers('signPlan', ['', detail]);
    for (const name of ['service_id', 'plan_id', 'appid', 'merchant_sign_plan_no']) {
      await refusedIn(request, signPlan, `/${name}`, ['x']);
    }
  });
});

describe('the body of a stop of a sign plan', () => {
  it('becomes a stop', async () => {
    const { sha256, ...asked } = await acceptedBy(bodied.signPlanStop, bytesOf(signPlanStop));
    assert.deepEqual(asked, { ...signPlanStop, merchant_sign_plan_no: 'sign-1' });
    assert.match(String(sha256), hash);
  });

  it('has a reason of 50 characters, and nothing else', async () => {
    await needs('signPlanStop', ['/stop_reason']);
    await isText(bodied.signPlanStop, '/stop_reason', 50);
    await hasNoOthers('signPlanStop', ['']);
  });
});

describe('the body of a new service order', () => {
  const { request } = bodied.serviceOrder;

  it('becomes a service order', async () => {
    const { bodySha256, ...asked } = await acceptedBy(bodied.serviceOrder, bytesOf(serviceOrder));
    const { time_range: _, ...rest } = serviceOrder;
    assert.deepEqual(asked, {
      ...rest,
      out_order_no: 'lesson-1',
      requestId: 'request-1',
      timeRange: {
        startAt: at('2026-11-21T03:00:00Z'),
        endAt: at('2026-11-21T05:00:00Z'),
        start_time_remark: '上课',
        end_time_remark: '下课',
      },
    });
    assert.match(String(bodySha256), hash);
  });

  it('needs no end, no place and no attach', async () => {
    const { location: _, attach: __, ...small } = serviceOrder;
    const body = { ...small, time_range: { start_time: '20261121110000' } };
    const { timeRange } = await acceptedBy(bodied.serviceOrder, body);
    assert.deepEqual(timeRange, { startAt: at('2026-11-21T03:00:00Z') });
  });

  it('needs all the rest', () =>
    needs('serviceOrder', [
      '/merchant_sign_plan_no',
      '/service_introduction',
      '/time_range',
      '/time_range/start_time',
    ]));

  it('cuts off parts of a second, which WeChat is not told', async () => {
    const body = withAt(serviceOrder, '/time_range/start_time', '2026-11-21T03:00:00.999Z');
    const { timeRange } = await acceptedBy(bodied.serviceOrder, body);
    assert.equal(Object(timeRange).startAt, at('2026-11-21T03:00:00Z'));
  });

  it('has moments in one of two ways', async () => {
    await isMoment(bodied.serviceOrder, '/time_range/start_time');
    await isMoment(bodied.serviceOrder, '/time_range/end_time');
  });

  for (const [pointer, most] of [
    ['/service_introduction', 20],
    ['/time_range/start_time_remark', 20],
    ['/time_range/end_time_remark', 20],
    ['/location/start_location', 50],
    ['/location/end_location', 50],
    ['/attach', 256],
  ] as const) {
    it(`has a text of at most ${most} characters at ${pointer}`, () =>
      isText(bodied.serviceOrder, pointer, most));
  }

  it('names a sign plan, in objects that are objects', async () => {
    await isNumber(bodied.serviceOrder, '/merchant_sign_plan_no');
    await refusedIn(request, serviceOrder, '/time_range', notObjects);
    await refusedIn(request, serviceOrder, '/location', notObjects);
  });

  it('has no other fields', async () => {
    await hasNoOthers('serviceOrder', ['', '/time_range', '/location']);
    for (const name of ['plan_detail_no', 'out_trade_no', 'risk_fund', 'openid', 'device']) {
      await refusedIn(request, serviceOrder, `/${name}`, [1, 'x']);
    }
  });
});
