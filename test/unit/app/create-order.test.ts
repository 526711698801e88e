import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrder } from '#app/create-order.ts';
import { isAppError } from '#core/errors.ts';
import type { PrepayOutcome } from '#core/evidence.ts';
import { isAppid } from '#core/values/ids.ts';
import { at } from '../../support/clock.ts';
import { Crash } from '../../support/faults.ts';
import {
  account,
  hint,
  jsapiOrder,
  newOrder,
  orderKey,
  outTradeNo,
  prepayRequest,
  storedOrder,
  valid,
  wake,
} from '../../support/order-builder.ts';
import { createTestBed } from '../../support/test-bed.ts';
import { assertFaultsCame, placed, standing } from './looking.ts';

const codeUrl = 'weixin://wxpay/bizpayurl?pr=A-1001-1';
const paramError: PrepayOutcome = { type: 'refused', code: 'PARAM_ERROR', field: '/description' };

test('a new order is written, gets its first wake, is placed, and its link handed out', async () => {
  const bed = createTestBed();
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual(answer, {
    ok: true,
    value: { out_trade_no: 'A-1001', status: 'AWAITING', created: true, code_url: codeUrl },
  });
  assert.deepEqual([standing(bed).status, standing(bed).version], ['AWAITING', 1]);
  assert.equal(standing(bed).data['link'], codeUrl);
  assert.deepEqual(bed.timers.messages(), [wake()]);
  assert.equal(bed.timers.queued()[0]?.availableAt, at('2026-11-21T04:00:30Z'));
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:31:00Z'));
});

test('WeChat is asked for exactly what was ordered, with its expiry always', async () => {
  const bed = await placed();
  assert.deepEqual(bed.world.order(outTradeNo)?.request, prepayRequest());
});

test('a JSAPI order answers what the front end hands to WeChat', async () => {
  const bed = createTestBed();
  const answer = await createOrder(bed, account, jsapiOrder());
  assert.ok(answer.ok);
  assert.equal(answer.value.pay?.package, 'prepay_id=wx-A-1001-1');
  assert.equal(answer.value.code_url, undefined);
});

test('an APP order answers what the app hands to WeChat, signed for the appid of the order', async () => {
  const bed = createTestBed();
  const appid = account.appids[1] ?? assert.fail('a second appid');
  const answer = await createOrder(bed, account, newOrder({ trade_type: 'APP', appid }));
  assert.deepEqual(answer.ok && answer.value.pay, {
    appid: 'wxd678efh567hg6788',
    partnerid: '1900000001',
    prepayid: 'wx-A-1001-1',
    package: 'Sign=WXPay',
    noncestr: 'nonce',
    timestamp: '1795233600',
    sign: 'signature',
  });
  assert.equal(answer.ok && answer.value.h5_url, undefined);
});

test('an H5 order answers the page to open, and another one once that is four minutes old', async () => {
  const bed = createTestBed();
  const scene_info = { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } };
  const request = () => newOrder({ trade_type: 'H5', details: { scene_info } });
  for (const [time, link] of [
    ['2026-11-21T04:00:00Z', 'wx-A-1001-1'],
    ['2026-11-21T04:03:59.999Z', 'wx-A-1001-1'],
    ['2026-11-21T04:04:00Z', 'wx-A-1001-2'],
  ] as const) {
    bed.clock.advanceTo(at(time));
    const answer = await createOrder(bed, account, request());
    const page = `https://wx.tenpay.com/checkmweb?prepay_id=${link}`;
    assert.equal(answer.ok && answer.value.h5_url, page, time);
    assert.equal(answer.ok && answer.value.pay, undefined);
  }
});

test('what WeChat alone needs is not kept: the description and the attachment', async () => {
  const bed = createTestBed();
  await createOrder(bed, account, newOrder({ details: { attach: 'table 7' } }));
  assert.equal(bed.world.order(outTradeNo)?.request.details.attach, 'table 7');
  const kept = JSON.stringify(standing(bed));
  assert.equal(kept.includes('table 7') || kept.includes('coffee'), false);
});

test('an appid that is not bound to the account is refused before anything is written', async () => {
  const bed = createTestBed();
  const answer = await createOrder(bed, account, newOrder({ appid: valid('wx-other', isAppid) }));
  assert.deepEqual(answer, {
    ok: false,
    refusal: { code: 'request_invalid', pointer: '/appid' },
  });
  assert.deepEqual([bed.store.records(), bed.world.callsOf(), bed.timers.sends()], [[], 0, 0]);
});

for (const expiry of ['2026-11-21T03:59:00Z', '2026-11-21T04:01:59Z', '2026-11-28T04:00:01Z']) {
  test(`an expiry at ${expiry} is refused before anything is written`, async () => {
    const bed = createTestBed();
    const answer = await createOrder(bed, account, newOrder({ expiresAt: at(expiry) }));
    assert.deepEqual(answer, {
      ok: false,
      refusal: { code: 'request_invalid', pointer: '/time_expire' },
    });
    assert.deepEqual([bed.store.records(), bed.world.callsOf()], [[], 0]);
  });
}

test('the record is written before WeChat is asked', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', (honest) => {
    assert.equal(standing(bed).status, 'CREATED');
    assert.equal(bed.timers.sends(), 1);
    return honest();
  });
  await createOrder(bed, account, newOrder());
  assert.equal(bed.world.callsOf('prepay'), 1);
});

test('a table that refuses the record ends the request before WeChat is asked', async () => {
  const bed = createTestBed();
  bed.faults.store.plan('create', 'fail');
  await assert.rejects(
    () => createOrder(bed, account, newOrder()),
    (error) => isAppError(error) && error.code === 'store_unavailable',
  );
  assert.equal(bed.world.callsOf(), 0);
});

test('a create without an answer, three times over, ends the request', async () => {
  const bed = createTestBed();
  const faults = ['unknown-not-done', 'unknown-not-done', 'unknown-not-done'] as const;
  bed.faults.store.plan('create', ...faults);
  await assert.rejects(() => createOrder(bed, account, newOrder()), isAppError);
  assert.equal(bed.world.callsOf(), 0);
  assertFaultsCame(bed);
});

for (const fault of ['unknown-done', 'unknown-not-done'] as const) {
  test(`a create that ends ${fault} is still this request's order, with its chain`, async () => {
    const bed = createTestBed();
    bed.faults.store.plan('create', fault);
    const answer = await createOrder(bed, account, newOrder());
    assert.ok(answer.ok && answer.value.created);
    assert.deepEqual(bed.timers.messages(), [wake()]);
    assert.equal(standing(bed).data['attempts'], 1);
  });
}

test('a create that met its own retry still begins the chain', async () => {
  const bed = createTestBed();
  bed.faults.store.plan('create', 'lost-done');
  const answer = await createOrder(bed, account, newOrder());
  assert.ok(answer.ok);
  assert.deepEqual(bed.timers.messages(), [wake()], 'else nobody looks for 31 minutes');
});

test('a timer queue that is down does not stop the order: its dueAt stands', async () => {
  const bed = createTestBed();
  bed.faults.timers.plan('send', 'fail');
  const answer = await createOrder(bed, account, newOrder());
  assert.ok(answer.ok && answer.value.code_url === codeUrl);
  assert.equal(standing(bed).dueAt, at('2026-11-21T04:31:00Z'));
});

test('a definite refusal of the first placing gives the number back, without wake or event', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', paramError);
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual(answer, {
    ok: false,
    refusal: { code: 'wechat_refused', wechatCode: 'PARAM_ERROR', pointer: '/description' },
  });
  assert.deepEqual([standing(bed).status, standing(bed).dueAt], ['REFUSED', undefined]);
  assert.deepEqual([bed.events.sends(), bed.hints.sends()], [0, 0]);
  assert.equal(standing(bed).history.at(-1)?.evidence, 'PARAM_ERROR');
});

test('a number that was refused may be used again, for another request', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('REFUSED'));
  const again = newOrder({ bodySha256: 'another-body', expiresAt: at('2026-11-21T05:00:00Z') });
  const answer = await createOrder(bed, account, again);
  assert.ok(answer.ok && answer.value.created);
  assert.deepEqual([standing(bed).status, standing(bed).version], ['AWAITING', 2]);
  assert.equal(standing(bed).data['bodySha256'], 'another-body');
});

test('an invalid request for a refused number is refused as invalid', async () => {
  const bed = createTestBed();
  bed.store.put(storedOrder('REFUSED'));
  const answer = await createOrder(bed, account, newOrder({ appid: valid('wx-other', isAppid) }));
  assert.deepEqual(answer.ok || answer.refusal.code, 'request_invalid');
});

for (const fault of ['lost-done', 'unknown-done', 'unknown-not-done'] as const) {
  test(`a refusal that could not be written for certain (${fault}) is looked into`, async () => {
    const bed = createTestBed();
    bed.world.plan('prepay', paramError);
    bed.faults.store.plan('amend', fault);
    const answer = await createOrder(bed, account, newOrder());
    assert.deepEqual(answer, {
      ok: false,
      refusal: { code: 'wechat_looking', wechatCode: 'PARAM_ERROR' },
    });
    assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
  });
}

for (const code of ['OUT_TRADE_NO_USED', 'ORDER_CLOSED', 'ORDERPAID']) {
  test(`${code} on the first placing means look: the order stays open and is hinted`, async () => {
    const bed = createTestBed();
    bed.world.plan('prepay', { type: 'look', code });
    const answer = await createOrder(bed, account, newOrder());
    assert.deepEqual(answer, {
      ok: false,
      refusal: { code: 'wechat_looking', wechatCode: code },
    });
    assert.equal(standing(bed).status, 'CREATED');
    assert.deepEqual(bed.hints.messages(), [hint({ reason: 'request' })]);
  });
}

test('a placing without an answer leaves the order open and says so', async () => {
  const bed = createTestBed();
  bed.world.plan('prepay', { type: 'unknown', code: 'TIMEOUT' });
  const answer = await createOrder(bed, account, newOrder());
  assert.deepEqual(answer, {
    ok: false,
    refusal: { code: 'wechat_unavailable', wechatCode: 'TIMEOUT' },
  });
  assert.deepEqual([standing(bed).status, bed.timers.sends()], ['CREATED', 1]);
});

test('a function that dies at any step leaves an order that somebody ends', async () => {
  for (const [operation, step] of [
    ['create', 'crash-after'],
    ['amend', 'crash-before'],
    ['amend', 'crash-after'],
  ] as const) {
    const bed = createTestBed();
    bed.faults.store.plan(operation, step);
    await assert.rejects(() => createOrder(bed, account, newOrder()), Crash);
    assert.ok(bed.store.peek(orderKey)?.dueAt !== undefined, `${operation} ${step}`);
    const answer = await createOrder(bed, account, newOrder());
    assert.ok(answer.ok && answer.value.code_url !== undefined);
  }
});
