import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendRefundNotices } from '../../../simulator/control-notice.ts';
import { consoleRefund } from '../../../simulator/control-refund.ts';
import { createMerchant } from '../../../simulator/merchant.ts';
import { openAccount } from '../../../simulator/merchant-account.ts';
import type { NoticePlan } from '../../../simulator/notice-schedule.ts';
import { type Placement, placeOrder } from '../../../simulator/order.ts';
import type { Transmission } from '../../../simulator/transmit.ts';
import { createWorld, payNow } from '../../../simulator/world.ts';
import { virtualTimers } from '../../unit/simulator/virtual-timers.ts';
import { fieldsOf } from './v2-notice-reader.ts';

const START = Date.parse('2026-03-01T12:00:00+08:00');
const DAY_MS = 86_400_000;
const account = await openAccount(await createMerchant({ mchid: '1900000109' }), START);

const placement: Placement = {
  mchid: '1900000109',
  appid: 'wx8888888888888888',
  outTradeNo: 'order-0001',
  tradeType: 'NATIVE',
  notifyUrl: 'https://pay.example.com/notify',
  total: 100,
  openid: undefined,
  attach: undefined,
  deviceId: undefined,
  expiresAtMs: START + 7_200_000,
  codeLifeMs: 7_200_000,
  fingerprint: 'native {}',
  v2: { signType: 'MD5' },
};

const document = (returnCode: string): Transmission => ({
  status: 200,
  body: Buffer.from(`<xml><return_code>${returnCode}</return_code></xml>`),
});

/** The seconds at which one payment's notice is sent when its receiver gives these answers, the last one for ever. */
const sendsOf = async (plan: NoticePlan, ...answers: readonly Transmission[]) => {
  const clock = virtualTimers(START);
  const sends: { readonly atS: number; readonly body: string }[] = [];
  const world = createWorld({
    timers: clock.timers,
    accounts: [account],
    transmit: (_url, { body }) => {
      const answer = answers[Math.min(sends.length, answers.length - 1)] ?? { status: null };
      sends.push({ atS: (clock.timers.now() - START) / 1_000, body });
      return Promise.resolve(answer);
    },
  });
  const placed = placeOrder(undefined, placement, START);
  if (!placed.ok) throw new Error(placed.because);
  world.orders.put(placed.order);
  assert.equal(payNow(world, placed.order, { notice: plan }).ok, true);
  await clock.advance(3 * DAY_MS);
  assert.equal(clock.waiting(), 0);
  const log = world.notices.deliveries(placement.mchid, placement.outTradeNo);
  return { atS: sends.map((send) => send.atS), bodies: sends.map((send) => send.body), log };
};

const NORMAL = { mode: 'normal' } as const;

describe('schedule of a payment notice of APIv2', () => {
  test('one that nobody takes is sent at once and 15 times again, the last after 24 h 04 min', async () => {
    const { atS, log } = await sendsOf(NORMAL, document('FAIL'));
    assert.deepEqual(
      atS,
      [
        0, 15, 30, 60, 240, 840, 2_040, 3_840, 5_640, 7_440, 11_040, 21_840, 32_640, 43_440, 65_040,
        86_640,
      ],
    );
    assert.deepEqual(log[15], {
      notice_id: log[0]?.notice_id,
      kind: 'true',
      attempt: 16,
      at: '2026-03-02T12:04:00+08:00',
      status: 200,
    });
  });

  test('neither a 204 nor a bare 200 ends it, a document that says SUCCESS does', async () => {
    const empty = { status: 200, body: Buffer.alloc(0) };
    const { atS } = await sendsOf(NORMAL, { status: 204 }, empty, document('SUCCESS'));
    assert.deepEqual(atS, [0, 15, 30]);
  });

  test('each send has another nonce and another sign', async () => {
    const { bodies } = await sendsOf(NORMAL, document('FAIL'), document('SUCCESS'));
    const [one, other] = bodies.map((body) => fieldsOf(body));
    assert.equal(bodies.length, 2);
    assert.notEqual(one?.['nonce_str'], other?.['nonce_str']);
    assert.notEqual(one?.['sign'], other?.['sign']);
    assert.deepEqual({ ...one, nonce_str: '', sign: '' }, { ...other, nonce_str: '', sign: '' });
    assert.equal(one?.['time_end'], '20260301120000', 'the time in Beijing');
  });

  test('there are no probes: the first try is true', async () => {
    const { atS, log } = await sendsOf({ mode: 'probed' }, document('SUCCESS'));
    assert.deepEqual(atS, [0]);
    assert.deepEqual(
      log.map(({ kind }) => kind),
      ['true'],
    );
  });

  test('lost, late and tripled are as in APIv3', async () => {
    const taken = document('SUCCESS');
    assert.deepEqual((await sendsOf({ mode: 'lost' }, taken)).atS, []);
    assert.deepEqual((await sendsOf({ mode: 'late', delayMs: 60_000 }, taken)).atS, [60]);
    assert.deepEqual((await sendsOf({ mode: 'tripled' }, taken)).atS, [0, 1, 2]);
  });
});

describe('a merchant that never set an APIv2 key', () => {
  test('gets no notice of APIv2', async () => {
    const { apiKey: _left, ...merchant } = await createMerchant({ mchid: '1900000110' });
    const world = createWorld({
      timers: virtualTimers(START).timers,
      accounts: [await openAccount(merchant, START)],
      transmit: () => Promise.reject(new Error('it was sent')),
    });
    const { v2: _right, ...ordered } = placement;
    const placed = placeOrder(undefined, { ...ordered, mchid: '1900000110' }, START);
    if (!placed.ok) throw new Error(placed.because);
    assert.equal(payNow(world, placed.order, { notice: { mode: 'lost' } }).ok, true);
    const byHand = { out_trade_no: 'order-0001', out_refund_no: 'refund-0001' };
    assert.equal(consoleRefund(world, byHand).status, 200);
    const input = { out_refund_no: 'refund-0001', kind: 'untrue', format: 'v2' };
    const answer = await sendRefundNotices(world, input);
    assert.equal(answer.status, 409);
    assert.match(String(answer.value['error']), /the merchant has no APIv2 key/);
  });
});
