import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { first, noticeReader } from './notice-reader.ts';
import { startReceiver } from './receiver.ts';
import { fieldsOf, openedText, unsealed } from './v2-notice-reader.ts';
import { OK, openV2Shop } from './v2-notice-shop.ts';

const shop = await openV2Shop();
after(() => shop.simulator.close());
const { apiKey, appid, mchid } = shop.merchant;
await shop.control('refunds', { status: 'PROCESSING' });

/** What `req_info` of one notice says. */
const opened = (body: string, key = apiKey) => fieldsOf(openedText(fieldsOf(body), key), 'root');

/** A refund by hand of 30 of 100 fen that an order through APIv2 cost, to be told to `url`. */
const refunded = async (number: string, url: string) => {
  const [out_trade_no, out_refund_no] = [`order-${number}`, `refund-${number}`];
  await shop.place(out_trade_no, url);
  await shop.control('pay', { out_trade_no, notice: 'lost' });
  const byHand = { out_trade_no, out_refund_no, amount: 30, notice: true };
  assert.equal((await shop.control('console-refund', byHand)).status, 200);
  return out_refund_no;
};

const end = async (out_refund_no: string, status: string, more: object = {}) => {
  const answer = await shop.control('refund-status', { out_refund_no, status, ...more });
  assert.equal(answer.status, 200);
  return answer.data;
};

describe('refund notices of APIv2', () => {
  test('a refund that is done is told at once, sealed and unsigned', async (t) => {
    const receiver = await startReceiver(OK);
    t.after(receiver.close);
    const refund = await end(await refunded('0001', receiver.url), 'SUCCESS');
    await receiver.arrived(1);
    const { headers, body } = first(receiver.received);
    assert.equal(headers['content-type'], 'text/xml');
    const { nonce_str, req_info, ...outer } = fieldsOf(body);
    assert.match(nonce_str ?? '', /^[0-9a-zA-Z]{32}$/);
    assert.match(req_info ?? '', /^[A-Za-z0-9+/]+={0,2}$/);
    assert.deepEqual(outer, { return_code: 'SUCCESS', appid, mch_id: mchid });
    const { success_time, ...inner } = opened(body);
    assert.match(success_time ?? '', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
    const zoned = String(refund['success_time']);
    assert.equal(success_time, zoned.slice(0, 19).replace('T', ' '));
    assert.deepEqual(inner, {
      transaction_id: refund['transaction_id'],
      out_trade_no: 'order-0001',
      refund_id: refund['refund_id'],
      out_refund_no: 'refund-0001',
      total_fee: '100',
      settlement_total_fee: '100',
      refund_fee: '30',
      cash_refund_fee: '30',
      settlement_refund_fee: '30',
      refund_status: 'SUCCESS',
      refund_recv_accout: '支付用户零钱',
      refund_account: 'REFUND_SOURCE_UNSETTLED_FUNDS',
      refund_request_source: 'VENDOR_PLATFORM',
    });
  });

  test('a refund asked for through APIv2 is told to its own address, and without one to nobody', async (t) => {
    const [receiver, ofOrder] = [await startReceiver(OK), await startReceiver(OK)];
    t.after(receiver.close);
    t.after(ofOrder.close);
    for (const [number, notify_url] of [
      ['0010', ''],
      ['0011', receiver.url],
    ] as const) {
      const [out_trade_no, out_refund_no] = [`order-${number}`, `refund-${number}`];
      await shop.place(out_trade_no, ofOrder.url);
      await shop.control('pay', { out_trade_no, notice: 'lost' });
      const refund_account = 'REFUND_SOURCE_RECHARGE_FUNDS';
      const asked = { out_trade_no, out_refund_no, total_fee: '100', refund_fee: '30' };
      const more = notify_url === '' ? asked : { ...asked, notify_url, refund_account };
      await shop.v2Call('/secapi/pay/refund', 'MD5', more);
      await end(out_refund_no, 'SUCCESS');
    }
    await receiver.arrived(1);
    const inner = opened(first(receiver.received).body);
    assert.equal(inner['out_refund_no'], 'refund-0011');
    assert.equal(inner['refund_request_source'], 'API');
    assert.equal(inner['refund_account'], 'REFUND_SOURCE_RECHARGE_FUNDS');
    assert.equal(ofOrder.received.length, 0);
  });

  test('a refund asked for through APIv3 of an order through APIv2 is told as APIv3 tells it', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    await shop.place('order-0012', 'http://127.0.0.1:9/notify');
    await shop.control('pay', { out_trade_no: 'order-0012', notice: 'lost' });
    await shop.refund('order-0012', 'refund-0012', 30, { notify_url: receiver.url });
    await end('refund-0012', 'SUCCESS');
    await receiver.arrived(1);
    assert.equal(JSON.parse(first(receiver.received).body).event_type, 'REFUND.SUCCESS');
  });

  test('what is abnormal or closed has the names of APIv2, and no time of success', async (t) => {
    const receiver = await startReceiver(OK);
    t.after(receiver.close);
    const abnormal = await refunded('0002', receiver.url);
    await end(abnormal, 'ABNORMAL');
    await receiver.arrived(1);
    await end(await refunded('0003', receiver.url), 'CLOSED');
    await receiver.arrived(2);
    await end(abnormal, 'SUCCESS');
    await receiver.arrived(3);
    const told = receiver.received.map(({ body }) => opened(body));
    assert.deepEqual(
      told.map((inner) => [inner['refund_status'], 'success_time' in inner]),
      [
        ['CHANGE', false],
        ['REFUNDCLOSE', false],
        ['SUCCESS', true],
      ],
    );
  });

  test('it is received by a document that says SUCCESS only', async (t) => {
    const receiver = await startReceiver(204, OK);
    t.after(receiver.close);
    const out_refund_no = await refunded('0004', receiver.url);
    await end(out_refund_no, 'SUCCESS', { notice: 'lost' });
    const input = { out_refund_no, kind: 'true', times: 2 };
    const { data } = await shop.control('refund-notice', input);
    assert.deepEqual(
      [data['statuses'], data['received']],
      [
        [204, 200],
        [false, true],
      ],
    );
    const [one, other] = receiver.received.map(({ body }) => fieldsOf(body));
    assert.notEqual(one?.['nonce_str'], other?.['nonce_str']);
    assert.equal(one?.['req_info'], other?.['req_info'], 'ECB: equal texts look equal');
  });
});

describe('the format of a refund notice', () => {
  test('a refund of APIv3 may be told as APIv2 tells it', async (t) => {
    const receiver = await startReceiver(OK);
    t.after(receiver.close);
    await shop.placeAndPay('order-1001', { notify_url: receiver.url });
    await shop.refund('order-1001', 'refund-1001', 30);
    await end('refund-1001', 'SUCCESS');
    const input = { out_refund_no: 'refund-1001', kind: 'true' };
    await shop.control('refund-notice', { ...input, format: 'v2' });
    await shop.control('refund-notice', { ...input, format: 'v3' });
    await shop.control('refund-notice', input);
    const [asV2, ...asV3] = receiver.received;
    const { out_refund_no, refund_request_source: source } = opened(asV2?.body ?? '');
    assert.deepEqual([out_refund_no, source], ['refund-1001', 'API']);
    const { verifies } = noticeReader(shop);
    assert.deepEqual(
      asV3.map((notice) => verifies(notice)),
      [true, true],
    );
  });

  test('a refund of APIv2 may be told as APIv3 tells it', async (t) => {
    const receiver = await startReceiver(204);
    t.after(receiver.close);
    const out_refund_no = await refunded('1002', receiver.url);
    await end(out_refund_no, 'SUCCESS', { notice: 'lost' });
    const input = { out_refund_no, kind: 'unknown-event', format: 'v3' };
    assert.deepEqual((await shop.control('refund-notice', input)).data['received'], [true]);
    const notice = first(receiver.received);
    assert.equal(noticeReader(shop).verifies(notice), true);
    assert.equal(JSON.parse(notice.body).event_type, 'REFUND.UNHEARD_OF');
  });

  test('there are two formats', async () => {
    const input = { out_refund_no: 'refund-1002', kind: 'true', format: 'v1' };
    const { status, data } = await shop.control('refund-notice', input);
    assert.equal(status, 400);
    assert.match(String(data['error']), /format: must be one of v2, v3/);
  });
});

describe('odd refund notices of APIv2', () => {
  const sent = async (kind: string, number: string, status = 'SUCCESS') => {
    const receiver = await startReceiver(OK);
    const out_refund_no = await refunded(number, receiver.url);
    if (status !== 'PROCESSING') await end(out_refund_no, status, { notice: 'lost' });
    const answer = await shop.control('refund-notice', { out_refund_no, kind });
    await receiver.close();
    return { ...answer, body: receiver.received[0]?.body ?? '' };
  };

  test('an untrue notice opens and says SUCCESS of a refund that is not done', async () => {
    for (const [number, status] of [
      ['2001', 'PROCESSING'],
      ['2002', 'CLOSED'],
    ] as const) {
      const { body } = await sent('untrue', number, status);
      assert.equal(opened(body)['refund_status'], 'SUCCESS');
      const { data } = await shop.queryRefund(`refund-${number}`);
      assert.equal(data['status'], status);
    }
  });

  test('a notice sealed with another key does not open', async () => {
    const { body } = await sent('wrong-api-key', '2003');
    assert.deepEqual(Object.keys(fieldsOf(body)).sort(), [
      'appid',
      'mch_id',
      'nonce_str',
      'req_info',
      'return_code',
    ]);
    assert.throws(() => opened(body));
  });

  test('a failure says FAIL and holds what does not open', async () => {
    const { body } = await sent('return-fail', '2004');
    assert.equal(fieldsOf(body)['return_code'], 'FAIL');
    assert.throws(() => opened(body));
  });

  test('a tampered notice opens, and its first block is no text any more', async () => {
    const { body } = await sent('tampered', '2005');
    const bytes = unsealed(fieldsOf(body), apiKey).toString('latin1');
    assert.equal(bytes.startsWith('<root>'), false);
    assert.match(bytes, /<out_trade_no><!\[CDATA\[order-2005\]\]><\/out_trade_no>/);
    assert.equal(bytes.endsWith('</root>'), true);
    assert.throws(() => opened(body));
  });

  test('a notice about another merchant, and one about another appid, open', async () => {
    const merchant = (await sent('foreign-mchid', '2006')).body;
    const app = (await sent('foreign-appid', '2007')).body;
    assert.equal(opened(merchant)['out_refund_no'], 'refund-2006');
    assert.equal(opened(app)['out_refund_no'], 'refund-2007');
    const names = [merchant, app].map((body) => [
      fieldsOf(body)['mch_id'],
      fieldsOf(body)['appid'],
    ]);
    assert.deepEqual(names, [
      ['1900000001', appid],
      [mchid, 'wx0000000000000001'],
    ]);
  });

  test('an amount that only a lax reader takes for a number opens', async () => {
    const exponent = opened((await sent('amount-1e2', '2008')).body);
    const negative = opened((await sent('negative-amount', '2009')).body);
    assert.deepEqual([exponent['refund_fee'], exponent['total_fee']], ['0.3e2', '100']);
    assert.deepEqual([negative['refund_fee'], negative['total_fee']], ['-30', '100']);
  });

  test('a document type stands in what is sealed, so that it is met last', async () => {
    for (const [number, kind, reference] of [
      ['2010', 'doctype', '&lol9;'],
      ['2011', 'external-entity', '&xxe;'],
    ] as const) {
      const text = openedText(fieldsOf((await sent(kind, number)).body), apiKey);
      assert.match(text, /^<!DOCTYPE root \[<!ENTITY/);
      const document = text.slice(text.indexOf('<root>'));
      assert.equal(fieldsOf(document, 'root')['detail'], reference);
    }
  });

  const unsigned = ['forged', 'unsigned', 'empty-sign', 'downgraded'];
  for (const [index, kind] of [...unsigned, 'stale', 'probe', 'wrong-apiv3-key'].entries()) {
    test(`there is no ${kind}`, async () => {
      const { status, data, body } = await sent(kind, `202${index}`);
      assert.deepEqual([status, body], [409, '']);
      const reason = unsigned.includes(kind) ? /has no signature/ : /only APIv3 has it/;
      assert.match(String(data['error']), reason);
    });
  }
});
