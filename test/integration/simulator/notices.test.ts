import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { first, noticeReader } from './notice-reader.ts';
import { openShop } from './outside-client.ts';
import { startReceiver } from './receiver.ts';

const shop = await openShop('public-key', { answerLimitMs: 500 });
after(() => shop.simulator.close());
const { opened, verifies } = noticeReader(shop);

const paidOrder = async (outTradeNo: string, receiverUrl: string, pay: object = {}) => {
  await shop.place(outTradeNo, { notify_url: receiverUrl });
  return shop.control('pay', { out_trade_no: outTradeNo, ...pay });
};

describe('notices', () => {
  test('a payment is told at once, signed and encrypted, with what a query would say', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await paidOrder('order-0001', receiver.url);
    await receiver.arrived(1);
    const notice = first(receiver.received);
    assert.equal(verifies(notice), true);
    assert.equal(notice.headers['wechatpay-serial'], shop.keys.wechatpaySerial);
    assert.equal(notice.headers['content-type'], 'application/json');
    assert.equal(notice.headers['user-agent'], 'Mozilla/4.0');
    assert.deepEqual(opened(notice), (await shop.query('order-0001')).data);
    const { id, create_time: createdAt, resource, ...outer } = JSON.parse(notice.body);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.match(createdAt, /\+08:00$/);
    assert.deepEqual(outer, {
      resource_type: 'encrypt-resource',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '支付成功',
    });
    assert.equal(resource.algorithm, 'AEAD_AES_256_GCM');
    assert.equal(resource.associated_data, 'transaction');
    assert.equal(resource.original_type, 'transaction');
    assert.equal(resource.nonce.length, 12);
  });

  test('the notice of a payment says the same again after a refund', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await paidOrder('order-0007', receiver.url);
    await receiver.arrived(1);
    await shop.control('console-refund', { out_trade_no: 'order-0007' });
    await shop.control('notice', { out_trade_no: 'order-0007', kind: 'true' });
    const [sent, again] = receiver.received.map(opened);
    assert.equal(sent?.['trade_state'], 'SUCCESS');
    assert.deepEqual(again, sent);
  });

  test('a lost notice does not come, and the order is paid', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await paidOrder('order-0002', receiver.url, { notice: 'lost' });
    assert.equal((await shop.query('order-0002')).data['trade_state'], 'SUCCESS');
    assert.equal(receiver.received.length, 0);
    const { deliveries } = await shop.read('deliveries?out_trade_no=order-0002');
    assert.equal((deliveries as { error: string }[])[0]?.error, 'lost on the way');
  });

  test('the standing plan holds for as many payments as it says', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.control('notices', { mode: 'lost', times: 1 });
    await paidOrder('order-0003', receiver.url);
    await paidOrder('order-0004', receiver.url);
    await receiver.arrived(1);
    assert.equal(opened(first(receiver.received))['out_trade_no'], 'order-0004');
  });

  test('an answer that takes too long, and a dead receiver, are logged as failures', async (t) => {
    const silent = await startReceiver(0);
    t.after(silent.close);
    await paidOrder('order-0005', silent.url, { notice: 'lost' });
    const slow = await shop.control('notice', { out_trade_no: 'order-0005', kind: 'true' });
    assert.deepEqual(slow.data['statuses'], [null]);
    assert.deepEqual(slow.data['errors'], ['no answer in time']);
    await silent.close();
    const dead = await shop.control('notice', { out_trade_no: 'order-0005', kind: 'true' });
    assert.deepEqual(dead.data['errors'], ['ECONNREFUSED']);
  });

  test('a notice for an address outside this machine is not sent', async () => {
    await shop.place('order-0006');
    await shop.control('pay', { out_trade_no: 'order-0006', notice: 'lost' });
    const { data } = await shop.control('notice', { out_trade_no: 'order-0006', kind: 'true' });
    assert.deepEqual(data['errors'], ['not sent: the address is outside']);
  });
});

describe('notices on demand', () => {
  const sent = async (kind: string, outTradeNo: string, times?: number) => {
    const receiver = await startReceiver(401, 204);
    await shop.place(outTradeNo, { notify_url: receiver.url });
    if (kind !== 'untrue') {
      await shop.control('pay', { out_trade_no: outTradeNo, notice: 'lost' });
    }
    const answer = await shop.control('notice', { out_trade_no: outTradeNo, kind, times });
    await receiver.close();
    assert.equal(answer.status, 200);
    return { answer: answer.data, received: receiver.received };
  };

  test('the true notice comes as often as wanted, under one id, signed afresh', async () => {
    const { answer, received } = await sent('true', 'order-1001', 3);
    assert.deepEqual(answer['statuses'], [401, 204, 204]);
    assert.deepEqual(
      received.map((notice) => verifies(notice)),
      [true, true, true],
    );
    assert.equal(new Set(received.map(({ body }) => JSON.parse(body).id)).size, 1);
    assert.equal(new Set(received.map(({ headers }) => headers['wechatpay-nonce'])).size, 3);
  });

  test('a forged notice names our key and does not verify with it', async () => {
    const { received } = await sent('forged', 'order-1002');
    const notice = first(received);
    assert.equal(notice.headers['wechatpay-serial'], shop.keys.wechatpaySerial);
    assert.equal(verifies(notice), false);
    assert.equal(opened(notice)['trade_state'], 'SUCCESS');
  });

  test('a tampered notice is JSON that does not verify', async () => {
    const notice = first((await sent('tampered', 'order-1003')).received);
    assert.equal(verifies(notice), false);
    assert.equal(JSON.parse(notice.body).event_type, 'TRANSACTION.SUCCESS');
    assert.throws(() => opened(notice));
  });

  test('a stale notice verifies and is ten minutes old', async () => {
    const notice = first((await sent('stale', 'order-1004')).received);
    const ageS = Date.now() / 1000 - Number(notice.headers['wechatpay-timestamp']);
    assert.equal(verifies(notice), true);
    assert.ok(ageS >= 600 && ageS < 660);
  });

  test('a probe names itself and does not verify', async () => {
    const notice = first((await sent('probe', 'order-1005')).received);
    assert.match(notice.headers['wechatpay-signature'] ?? '', /^WECHATPAY\/SIGNTEST\//);
    assert.equal(verifies(notice), false);
  });

  test('an unknown event verifies and opens', async () => {
    const notice = first((await sent('unknown-event', 'order-1006')).received);
    assert.equal(verifies(notice), true);
    assert.equal(JSON.parse(notice.body).event_type, 'TRANSACTION.UNHEARD_OF');
    assert.equal(opened(notice)['out_trade_no'], 'order-1006');
  });

  test('a notice under another APIv3 key verifies and does not open', async () => {
    const notice = first((await sent('wrong-apiv3-key', 'order-1007')).received);
    assert.equal(verifies(notice), true);
    assert.throws(() => opened(notice));
  });

  test('a notice about another merchant verifies and opens', async () => {
    const notice = first((await sent('foreign-mchid', 'order-1008')).received);
    assert.equal(verifies(notice), true);
    assert.equal(opened(notice)['mchid'], '1900000001');
  });

  test('an untrue notice verifies and says SUCCESS of an order that nobody paid', async () => {
    const notice = first((await sent('untrue', 'order-1009')).received);
    assert.equal(verifies(notice), true);
    assert.equal(opened(notice)['trade_state'], 'SUCCESS');
    assert.equal((await shop.query('order-1009')).data['trade_state'], 'NOTPAY');
  });

  test('a platform certificate signs in certificate mode, and half of the notices in the migration', async () => {
    await shop.control('key-mode', { mode: 'certificate' });
    const certified = first((await sent('true', 'order-1010')).received);
    assert.equal(certified.headers['wechatpay-serial'], shop.keys.platformSerial);
    assert.equal(verifies(certified, shop.keys.platformCertificate), true);
    await shop.control('key-mode', { mode: 'mixed', notice_percent: 50 });
    const { received } = await sent('true', 'order-1011', 4);
    await shop.control('key-mode', { mode: 'public-key' });
    const serials = received.map(({ headers }) => headers['wechatpay-serial']);
    const { wechatpaySerial, platformSerial } = shop.keys;
    assert.deepEqual(serials, [platformSerial, wechatpaySerial, platformSerial, wechatpaySerial]);
  });
});
