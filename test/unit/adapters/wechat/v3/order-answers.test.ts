import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readPrepay, readTransaction } from '#adapters/wechat/v3/order-answers.ts';
import { tradeStates } from '#core/evidence.ts';
import { isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { instant } from '#core/values/time.ts';
import { known, paidTransaction } from './support.ts';

const out_trade_no = known('order_000001', isOutTradeNo);
const transaction_id = known(paidTransaction.transaction_id, isTransactionId);
const malformed = { type: 'unknown', code: 'MALFORMED' };
const otherOrder = { type: 'unknown', code: 'OTHER_ORDER' };

function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function read(changes: Record<string, unknown>, asked: Parameters<typeof readTransaction>[1]) {
  return readTransaction(bytes({ ...paidTransaction, ...changes }), asked);
}

function readPaid(changes: Record<string, unknown>) {
  return read(changes, { out_trade_no });
}

function paymentIn(evidence: ReturnType<typeof readPaid>) {
  assert.ok(evidence.type === 'state');
  return evidence.payment;
}

suite('an answer to a query', () => {
  test('SUCCESS brings identity and payment', () => {
    assert.deepEqual(readPaid({}), {
      type: 'state',
      state: 'SUCCESS',
      mchid: '1900007291',
      appid: 'wxd678efh567hg6787',
      out_trade_no: 'order_000001',
      payment: {
        transaction_id: '4200002345202611211234567890',
        amountFen: 100,
        payerTotalFen: 90,
        currency: 'CNY',
        openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
        successAt: instant(1_795_233_598_000),
      },
    });
  });

  test('every known state is read, with or without money', () => {
    for (const trade_state of tradeStates) {
      const evidence = readPaid({ trade_state });
      assert.equal(evidence.type === 'state' && evidence.state, trade_state);
    }
  });

  test('NOTPAY has no payment, even where fields stand empty', () => {
    const notPaid = {
      trade_state: 'NOTPAY',
      transaction_id: '',
      success_time: '',
      payer: {},
    };
    assert.equal(paymentIn(readPaid(notPaid)), undefined);
  });

  test('a foreign mchid is reported as it is, for the core to compare', () => {
    const evidence = readPaid({ mchid: '1900009999' });
    assert.equal(evidence.type === 'state' && evidence.mchid, '1900009999');
  });

  test('a currency that is not named is CNY, another is reported', () => {
    assert.equal(paymentIn(readPaid({ amount: { total: 100 } }))?.currency, 'CNY');
    const dollars = { total: 100, currency: 'USD' };
    assert.equal(paymentIn(readPaid({ amount: dollars }))?.currency, 'USD');
  });

  test('a payer, paid total or time that cannot be read is left out', () => {
    const odd = {
      payer: { openid: 'not an openid' },
      amount: { total: 100, payer_total: '90', currency: 'CNY' },
    };
    for (const success_time of ['yesterday', '', 1_795_233_598_000, null]) {
      const payment = paymentIn(readPaid({ ...odd, success_time }));
      assert.deepEqual(payment, { transaction_id, amountFen: 100, currency: 'CNY' });
    }
  });
});

suite('an answer about another order is unknown', () => {
  test('when it names another out_trade_no', () => {
    assert.deepEqual(readPaid({ out_trade_no: 'order_000002' }), otherOrder);
    const asked = { out_trade_no, transaction_id };
    assert.deepEqual(read({ out_trade_no: 'order_000002' }, asked), otherOrder);
  });

  test('when it names another transaction_id than the one asked for', () => {
    const asked = { out_trade_no, transaction_id };
    assert.deepEqual(read({ transaction_id: '4200000000000000000000000001' }, asked), otherOrder);
    assert.equal(read({}, asked).type, 'state');
  });

  test('but an answer that denies the payment names none, and is an answer', () => {
    const asked = { out_trade_no, transaction_id };
    assert.deepEqual(read({ transaction_id: undefined }, asked), malformed);
    const denied = read({ transaction_id: undefined, trade_state: 'NOTPAY' }, asked);
    assert.equal(denied.type === 'state' && denied.state, 'NOTPAY');
  });
});

suite('an answer that is not whole is unknown', () => {
  test('when it is not a JSON object', () => {
    for (const body of ['', 'null', '[]', '"SUCCESS"', '{"trade_state":"SUCCESS"', '<html>']) {
      assert.deepEqual(readTransaction(bytes(body), { out_trade_no }), malformed);
    }
  });

  test('when its trade_state is unknown, missing or no text', () => {
    for (const trade_state of ['PAID', 'success', '', undefined, null, ['SUCCESS']]) {
      assert.deepEqual(readPaid({ trade_state }), malformed);
    }
  });

  for (const name of ['mchid', 'appid', 'out_trade_no']) {
    test(`when its ${name} is missing or of another type`, () => {
      for (const value of [undefined, null, '', 1900007291, {}]) {
        assert.deepEqual(readPaid({ [name]: value }), malformed);
      }
    });
  }

  test('when its appid is no printable word of 64 characters at most', () => {
    const longest = readPaid({ appid: 'x'.repeat(64) });
    assert.equal(longest.type === 'state' && longest.appid.length, 64);
    for (const appid of [' wx', 'wx ', 'w x', 'wx\n', 'x'.repeat(65)]) {
      assert.deepEqual(readPaid({ appid }), malformed);
    }
  });

  test('when money was paid and transaction_id or amount is missing or odd', () => {
    for (const trade_state of ['SUCCESS', 'REFUND']) {
      for (const value of [undefined, null, '', 'a b', 42]) {
        assert.deepEqual(readPaid({ trade_state, transaction_id: value }), malformed);
      }
      for (const total of [undefined, null, '100', -1, 1.5, 2 ** 53]) {
        assert.deepEqual(readPaid({ trade_state, amount: { total, currency: 'CNY' } }), malformed);
      }
      for (const amount of [undefined, null, 100, [100]]) {
        assert.deepEqual(readPaid({ trade_state, amount }), malformed);
      }
    }
  });

  test('when money was paid and its currency is odd', () => {
    for (const currency of ['', 'cny', 'RMBY', null, 156]) {
      assert.deepEqual(readPaid({ amount: { total: 100, currency } }), malformed);
    }
  });
});

suite('an answer to a prepay', () => {
  test('NATIVE brings the code_url', () => {
    const code_url = 'weixin://wxpay/bizpayurl?pr=JyC91EIz1';
    assert.deepEqual(readPrepay(bytes({ code_url, more: 1 }), 'NATIVE'), {
      type: 'placed',
      link: { trade_type: 'NATIVE', code_url },
    });
  });

  test('JSAPI brings the prepay_id', () => {
    const prepay_id = 'wx201410272009395522657a690389285100';
    assert.deepEqual(readPrepay(bytes({ prepay_id }), 'JSAPI'), {
      type: 'placed',
      link: { trade_type: 'JSAPI', prepay_id },
    });
  });

  test('APP brings the prepay_id', () => {
    const prepay_id = 'wx201410272009395522657a690389285100';
    assert.deepEqual(readPrepay(bytes({ prepay_id }), 'APP'), {
      type: 'placed',
      link: { trade_type: 'APP', prepay_id },
    });
  });

  test('H5 brings the h5_url', () => {
    const h5_url =
      'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2916&package=2150917749';
    assert.deepEqual(readPrepay(bytes({ h5_url }), 'H5'), {
      type: 'placed',
      link: { trade_type: 'H5', h5_url },
    });
  });

  test('a link may be as long as WeChat writes it', () => {
    const [code_url, prepay_id] = ['x'.repeat(512), 'x'.repeat(64)];
    const h5_url = `https://${'x'.repeat(504)}`;
    assert.equal(readPrepay(bytes({ code_url }), 'NATIVE').type, 'placed');
    assert.equal(readPrepay(bytes({ h5_url }), 'H5').type, 'placed');
    assert.deepEqual(readPrepay(bytes({ h5_url: `${h5_url}x` }), 'H5'), malformed);
    for (const trade_type of ['JSAPI', 'APP'] as const) {
      assert.equal(readPrepay(bytes({ prepay_id }), trade_type).type, 'placed');
      assert.deepEqual(readPrepay(bytes({ prepay_id: `${prepay_id}x` }), trade_type), malformed);
    }
  });

  test('the link of another product is no link', () => {
    const links = { code_url: 'weixin://a', h5_url: 'https://wx.tenpay.com/', prepay_id: 'wx2014' };
    for (const [trade_type, name] of [
      ['NATIVE', 'code_url'],
      ['H5', 'h5_url'],
      ['JSAPI', 'prepay_id'],
      ['APP', 'prepay_id'],
    ] as const) {
      const others = { ...links, [name]: undefined };
      assert.deepEqual(readPrepay(bytes(others), trade_type), malformed, trade_type);
      assert.equal(readPrepay(bytes(links), trade_type).type, 'placed', trade_type);
    }
  });

  test('an h5_url that is not https is no link', () => {
    for (const h5_url of [
      'http://wx.tenpay.com/a',
      'weixin://wxpay/a',
      'javascript:alert(1)',
      '//wx.tenpay.com/a',
      'wx.tenpay.com/a',
      'https:/wx.tenpay.com/a',
      'HTTPS://wx.tenpay.com/a',
      'x https://wx.tenpay.com/a',
    ]) {
      assert.deepEqual(readPrepay(bytes({ h5_url }), 'H5'), malformed, h5_url);
    }
  });

  test('an odd link is no link', () => {
    for (const link of [undefined, null, '', 7, 'a b', 'a\nb', '链接', 'x'.repeat(513)]) {
      assert.deepEqual(readPrepay(bytes({ code_url: link }), 'NATIVE'), malformed);
      assert.deepEqual(readPrepay(bytes({ prepay_id: link }), 'JSAPI'), malformed);
      assert.deepEqual(readPrepay(bytes({ prepay_id: link }), 'APP'), malformed);
      assert.deepEqual(readPrepay(bytes({ h5_url: link }), 'H5'), malformed);
    }
    for (const path of [' ', '\n', '\u0000', '链接']) {
      assert.deepEqual(readPrepay(bytes({ h5_url: `https://a/${path}` }), 'H5'), malformed);
    }
  });

  test('a body that is no object is no link', () => {
    for (const body of ['', '[]', 'null', '{"code_url":']) {
      assert.deepEqual(readPrepay(bytes(body), 'NATIVE'), malformed);
    }
  });
});
