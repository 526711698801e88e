import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { first, noticeReader } from './notice-reader.ts';
import { openShop } from './outside-client.ts';
import { startReceiver } from './receiver.ts';

const shop = await openShop('public-key', { answerLimitMs: 500 });
after(() => shop.simulator.close());
const { opened, verifies } = noticeReader(shop);
await shop.control('refunds', { status: 'PROCESSING' });

type Ends = { readonly status: string; readonly notice?: string; readonly delay_s?: number };

/** A refund of 30 of 100 fen that tells `notifyUrl`, and then its end. */
const refunded = async (number: string, notifyUrl: string, ends?: Ends) => {
  const [order, refund] = [`order-${number}`, `refund-${number}`];
  await shop.placeAndPay(order, { notify_url: 'http://127.0.0.1:9/notify' });
  await shop.refund(order, refund, 30, { notify_url: notifyUrl });
  if (ends !== undefined) await end(refund, ends);
  return refund;
};

const end = async (out_refund_no: string, ends: Ends) => {
  const answer = await shop.control('refund-status', { out_refund_no, ...ends });
  assert.equal(answer.status, 200);
};

const deliveriesOf = async (query: string) =>
  (await shop.read(`deliveries?${query}`))['deliveries'] as Record<string, unknown>[];

describe('notices of refunds', () => {
  test('a refund that is done is told at once, signed and encrypted', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await refunded('0001', receiver.url, { status: 'SUCCESS' });
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.equal(verifies(notice), true);
    const { data } = await shop.queryRefund('refund-0001');
    assert.deepEqual(opened(notice), {
      mchid: shop.merchant.mchid,
      out_trade_no: 'order-0001',
      transaction_id: data['transaction_id'],
      out_refund_no: 'refund-0001',
      refund_id: data['refund_id'],
      refund_status: 'SUCCESS',
      success_time: data['success_time'],
      user_received_account: '支付用户零钱',
      amount: { total: 100, refund: 30, payer_total: 100, payer_refund: 30 },
    });
    const { id, create_time: createdAt, resource, ...outer } = JSON.parse(notice.body);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.match(createdAt, /\+08:00$/);
    assert.deepEqual(outer, {
      resource_type: 'encrypt-resource',
      event_type: 'REFUND.SUCCESS',
      summary: '退款成功',
    });
    assert.deepEqual([resource.original_type, resource.associated_data], ['refund', 'refund']);
  });

  test('an abnormal refund is told, and told again under another id when it succeeds', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    const out_refund_no = await refunded('0002', receiver.url, { status: 'ABNORMAL' });
    await receiver.arrived(1);
    await end(out_refund_no, { status: 'SUCCESS' });
    await receiver.arrived(2);
    const outer = receiver.received.map(({ body }) => JSON.parse(body));
    assert.deepEqual(
      outer.map(({ event_type, summary }) => [event_type, summary]),
      [
        ['REFUND.ABNORMAL', '退款异常'],
        ['REFUND.SUCCESS', '退款成功'],
      ],
    );
    assert.notEqual(outer[0].id, outer[1].id);
    assert.equal('success_time' in opened(first(receiver.received)), false);
  });

  test('a closed refund is told by itself when its time has come', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.control('refunds', { status: 'CLOSED', delay_s: 0, times: 1 });
    await refunded('0003', receiver.url);
    await receiver.arrived(1);
    await shop.control('refunds', { status: 'PROCESSING' });
    assert.equal(opened(first(receiver.received))['refund_status'], 'CLOSED');
    assert.equal(JSON.parse(first(receiver.received).body).event_type, 'REFUND.CLOSED');
  });

  test('a refund without a notify_url, and one by hand, are told to nobody', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.placeAndPay('order-0004', { notify_url: receiver.url });
    await shop.refund('order-0004', 'refund-0004', 30);
    const byHand = { out_trade_no: 'order-0004', out_refund_no: 'refund-0005', amount: 30 };
    await shop.control('console-refund', byHand);
    for (const out_refund_no of ['refund-0004', 'refund-0005']) {
      await end(out_refund_no, { status: 'SUCCESS' });
    }
    const errors = (await deliveriesOf('out_trade_no=order-0004')).map(({ error }) => error);
    assert.deepEqual(errors, ['lost on the way'], 'the notice of the payment alone');
    assert.equal(receiver.received.length, 0);
  });

  test('a refund by hand is told to the notify_url of its order when wanted', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.placeAndPay('order-0006', { notify_url: receiver.url });
    const byHand = { out_trade_no: 'order-0006', out_refund_no: 'refund-0006', notice: true };
    await shop.control('console-refund', byHand);
    await end('refund-0006', { status: 'SUCCESS' });
    await receiver.arrived(1);
    assert.equal(opened(first(receiver.received))['out_refund_no'], 'refund-0006');
  });
});

describe('switches of refund notices', () => {
  test('a standing plan of payments leaves refunds alone, and the other way round', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.control('notices', { mode: 'lost', times: 1 });
    await shop.control('notices', { of: 'refunds', mode: 'lost', times: 1 });
    await shop.place('order-1001', { notify_url: receiver.url });
    await shop.control('pay', { out_trade_no: 'order-1001' });
    await shop.place('order-1002', { notify_url: receiver.url });
    await shop.control('pay', { out_trade_no: 'order-1002' });
    await receiver.arrived(1);
    await refunded('1003', receiver.url, { status: 'SUCCESS' });
    await refunded('1004', receiver.url, { status: 'SUCCESS' });
    await receiver.arrived(2);
    assert.deepEqual(
      receiver.received.map(opened).map(({ out_trade_no }) => out_trade_no),
      ['order-1002', 'order-1004'],
    );
  });

  test('a refund by hand or without an address does not use the plan up', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.control('notices', { of: 'refunds', mode: 'lost', times: 1 });
    await shop.placeAndPay('order-1005');
    await shop.control('console-refund', { out_trade_no: 'order-1005', out_refund_no: 'hand-01' });
    await end('hand-01', { status: 'SUCCESS' });
    await refunded('1006', receiver.url, { status: 'SUCCESS' });
    const lost = (await deliveriesOf('out_trade_no=order-1006')).at(-1);
    assert.deepEqual(
      [lost?.['out_refund_no'], lost?.['error']],
      ['refund-1006', 'lost on the way'],
    );
  });

  test('the notice of one end may be lost or probed', async (t) => {
    const receiver = await startReceiver(401, 204);
    t.after(receiver.close);
    const out_refund_no = await refunded('1007', receiver.url, {
      status: 'ABNORMAL',
      notice: 'lost',
    });
    await end(out_refund_no, { status: 'SUCCESS', notice: 'probed' });
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.equal(JSON.parse(notice.body).event_type, 'REFUND.SUCCESS');
    assert.match(notice.headers['wechatpay-signature'] ?? '', /^WECHATPAY\/SIGNTEST\//);
    const late = { out_refund_no, status: 'SUCCESS', notice: 'late' };
    assert.equal((await shop.control('refund-status', late)).status, 400);
  });
});

describe('refund notices on demand', () => {
  const sent = async (kind: string, number: string, ends?: Ends, times?: number) => {
    const receiver = await startReceiver(401, 204);
    const lost = ends === undefined ? undefined : { ...ends, notice: 'lost' };
    const out_refund_no = await refunded(number, receiver.url, lost);
    const answer = await shop.control('refund-notice', { out_refund_no, kind, times });
    await receiver.close();
    assert.equal(answer.status, 200);
    return { answer: answer.data, received: receiver.received };
  };
  const done = { status: 'SUCCESS' };

  test('the true notice comes as often as wanted, under one id, signed afresh', async () => {
    const { answer, received } = await sent('true', '2001', { status: 'CLOSED' }, 3);
    assert.deepEqual(answer['statuses'], [401, 204, 204]);
    assert.deepEqual(
      received.map((notice) => [verifies(notice), opened(notice)['refund_status']]),
      Array(3).fill([true, 'CLOSED']),
    );
    assert.equal(new Set(received.map(({ body }) => JSON.parse(body).id)).size, 1);
  });

  for (const [index, kind] of ['forged', 'tampered', 'probe'].entries()) {
    test(`a ${kind} notice does not verify`, async () => {
      const notice = first((await sent(kind, `201${index}`, done)).received);
      assert.equal(JSON.parse(notice.body).event_type, 'REFUND.SUCCESS');
      assert.equal(verifies(notice), false);
    });
  }

  test('a stale notice verifies and is ten minutes old', async () => {
    const notice = first((await sent('stale', '2002', done)).received);
    const ageS = Date.now() / 1000 - Number(notice.headers['wechatpay-timestamp']);
    assert.equal(verifies(notice), true);
    assert.ok(ageS >= 600 && ageS < 660);
  });

  test('an untrue notice verifies and says SUCCESS of a refund that is not done', async () => {
    const open = first((await sent('untrue', '2003')).received);
    assert.deepEqual([verifies(open), opened(open)['refund_status']], [true, 'SUCCESS']);
    assert.equal((await shop.queryRefund('refund-2003')).data['status'], 'PROCESSING');
    const closed = first((await sent('untrue', '2004', { status: 'CLOSED' })).received);
    assert.equal(JSON.parse(closed.body).event_type, 'REFUND.SUCCESS');
    assert.equal(opened(closed)['refund_status'], 'SUCCESS');
    assert.equal((await shop.queryRefund('refund-2004')).data['status'], 'CLOSED');
  });

  test('an unknown event, a foreign mchid and another APIv3 key verify', async () => {
    const unknown = first((await sent('unknown-event', '2005', done)).received);
    assert.equal(JSON.parse(unknown.body).event_type, 'REFUND.UNHEARD_OF');
    const foreign = first((await sent('foreign-mchid', '2006', done)).received);
    assert.equal(opened(foreign)['mchid'], '1900000001');
    const sealed = first((await sent('wrong-apiv3-key', '2007', done)).received);
    assert.throws(() => opened(sealed));
    assert.deepEqual(
      [unknown, foreign, sealed].map((notice) => verifies(notice)),
      [true, true, true],
    );
  });

  test('a refund without an address is told to the notify_url of its order', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.placeAndPay('order-2008', { notify_url: receiver.url });
    await shop.refund('order-2008', 'refund-2008', 30);
    await end('refund-2008', done);
    await shop.control('refund-notice', { out_refund_no: 'refund-2008', kind: 'true' });
    assert.equal(opened(first(receiver.received))['out_refund_no'], 'refund-2008');
  });

  test('the sends about a refund stand with it and with its order', async () => {
    await sent('true', '2009', done);
    const [refund] = (await shop.read('refunds?out_refund_no=refund-2009'))['refunds'] as {
      deliveries: Record<string, unknown>[];
    }[];
    assert.deepEqual(
      refund?.deliveries.map(({ kind, status }) => [kind, status]),
      [
        ['true', null],
        ['true', 401],
      ],
    );
    const ofOrder = await deliveriesOf('out_trade_no=order-2009');
    assert.deepEqual(ofOrder.slice(1), refund?.deliveries);
  });
});
