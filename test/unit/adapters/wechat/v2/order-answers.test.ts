import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  readCharged,
  readOrder,
  readPrepay,
  readReversed,
} from '#adapters/wechat/v2/order-answers.ts';
import { tradeStates } from '#core/evidence.ts';
import { isOutTradeNo, isTransactionId } from '#core/values/ids.ts';
import { known, noon } from './account-support.ts';

const out_trade_no = known('order_000001', isOutTradeNo);
const transaction_id = known('4200002345202611211234567890', isTransactionId);
const malformed = { type: 'unknown', code: 'MALFORMED' };
const otherOrder = { type: 'unknown', code: 'OTHER_ORDER' };

const paid = {
  appid: 'wxd678efh567hg6787',
  mch_id: '1900007291',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  trade_type: 'MICROPAY',
  trade_state: 'SUCCESS',
  total_fee: '100',
  fee_type: 'CNY',
  cash_fee: '90',
  transaction_id: '4200002345202611211234567890',
  out_trade_no: 'order_000001',
  time_end: '20261121120000',
};

type Changes = Readonly<Record<string, string | undefined>>;

function fieldsWith(changes: Changes, base: Changes = paid): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...base, ...changes })) {
    if (value !== undefined) {
      fields.set(name, value);
    }
  }
  return fields;
}

const readPaid = (changes: Changes) => readOrder(fieldsWith(changes), { out_trade_no });

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
        successAt: noon,
      },
    });
  });

  test('every known state is read, and without money promises the number alone', () => {
    const { appid, mch_id } = paid;
    for (const trade_state of tradeStates) {
      const evidence = readPaid({ trade_state });
      assert.equal(evidence.type === 'state' && evidence.state, trade_state);
      const bare = readOrder(fieldsWith({ appid, mch_id, trade_state, out_trade_no }, {}), {
        out_trade_no,
      });
      const hasMoney = trade_state === 'SUCCESS' || trade_state === 'REFUND';
      assert.equal(bare.type, hasMoney ? 'unknown' : 'state', trade_state);
    }
  });

  test('NOTPAY has no payment, even where fields stand empty', () => {
    const empty = { trade_state: 'NOTPAY', transaction_id: '', total_fee: '', time_end: '' };
    assert.equal(paymentIn(readPaid(empty)), undefined);
  });

  test('a currency that is absent or empty is CNY, another is reported', () => {
    assert.equal(paymentIn(readPaid({ fee_type: undefined }))?.currency, 'CNY');
    assert.equal(paymentIn(readPaid({ fee_type: '' }))?.currency, 'CNY');
    assert.equal(paymentIn(readPaid({ fee_type: 'USD' }))?.currency, 'USD');
  });

  test('a payer, paid total or time that cannot be read is left out', () => {
    for (const odd of ['', 'not right', '1e2']) {
      const payment = paymentIn(readPaid({ openid: `${odd} `, cash_fee: odd, time_end: odd }));
      assert.deepEqual(payment, { transaction_id, amountFen: 100, currency: 'CNY' });
    }
  });
});

suite('an answer about another order is unknown', () => {
  test('when it names another out_trade_no', () => {
    assert.deepEqual(readPaid({ out_trade_no: 'order_000002' }), otherOrder);
    const asked = { out_trade_no, transaction_id };
    assert.deepEqual(readOrder(fieldsWith({ out_trade_no: 'order_000002' }), asked), otherOrder);
  });

  test('when it names another transaction_id than the one asked for', () => {
    const asked = { out_trade_no, transaction_id };
    const other = { transaction_id: '4200000000000000000000000001' };
    assert.deepEqual(readOrder(fieldsWith(other), asked), otherOrder);
    assert.equal(readOrder(fieldsWith({}), asked).type, 'state');
  });

  test('but an answer that denies the payment names none, and is an answer', () => {
    const asked = { out_trade_no, transaction_id };
    for (const none of [undefined, '']) {
      assert.deepEqual(readOrder(fieldsWith({ transaction_id: none }), asked), malformed);
      const changes = { transaction_id: none, trade_state: 'NOTPAY' };
      const denied = readOrder(fieldsWith(changes), asked);
      assert.equal(denied.type === 'state' && denied.state, 'NOTPAY');
    }
  });
});

suite('an answer that is not whole is unknown', () => {
  for (const [name, values] of Object.entries({
    trade_state: ['PAID', 'success', ' SUCCESS', 'SUCCESS ', ''],
    mch_id: ['', '19000', '19000072911x'],
    appid: ['', 'w x', 'wx\n'],
    out_trade_no: ['', 'short', 'order 000001'],
  })) {
    test(`when its ${name} is missing or odd`, () => {
      for (const value of [undefined, ...values]) {
        assert.deepEqual(readPaid({ [name]: value }), malformed, value);
      }
    });
  }

  for (const trade_state of ['SUCCESS', 'REFUND']) {
    test(`when money was paid (${trade_state}) and number, amount or currency is odd`, () => {
      for (const odd of [undefined, '', 'a b']) {
        assert.deepEqual(readPaid({ trade_state, transaction_id: odd }), malformed);
      }
      for (const odd of [undefined, '', '1e2', '-1', '1.5', '0100', ' 100', '9007199254740992']) {
        assert.deepEqual(readPaid({ trade_state, total_fee: odd }), malformed, odd);
      }
      for (const odd of ['cny', 'RMBY', '156', ' CNY']) {
        assert.deepEqual(readPaid({ trade_state, fee_type: odd }), malformed, odd);
      }
    });
  }
});

suite('an answer to a placing', () => {
  const links = {
    code_url: 'weixin://wxpay/bizpayurl?pr=JyC91EIz1',
    mweb_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2916',
    prepay_id: 'wx201410272009395522657a690389285100',
  };
  const products = [
    ['NATIVE', 'NATIVE', 'code_url', 'code_url'],
    ['JSAPI', 'JSAPI', 'prepay_id', 'prepay_id'],
    ['APP', 'APP', 'prepay_id', 'prepay_id'],
    ['H5', 'MWEB', 'mweb_url', 'h5_url'],
  ] as const;

  for (const [trade_type, name, field, ours] of products) {
    test(`${trade_type} brings its link`, () => {
      const placed = { type: 'placed', link: { trade_type, [ours]: links[field] } };
      const answer = fieldsWith({ trade_type: name }, links);
      assert.deepEqual(readPrepay(answer, trade_type), placed);
      assert.deepEqual(readPrepay(fieldsWith({}, links), trade_type), placed);
    });

    test(`${trade_type} has no link in one that is odd, or of another product`, () => {
      const read = (changes: Changes) => readPrepay(fieldsWith(changes, links), trade_type);
      for (const odd of [undefined, '', 'a b', 'a\nb', '链接', 'x'.repeat(513)]) {
        assert.deepEqual(read({ [field]: odd }), malformed, odd);
      }
      for (const [, other] of products.filter(([, other]) => other !== name)) {
        assert.deepEqual(read({ trade_type: other }), malformed);
      }
      assert.deepEqual(read({ trade_type: 'H5' }), malformed);
    });
  }

  test('a mweb_url that is not https is no link', () => {
    for (const mweb_url of ['http://wx.tenpay.com/a', 'javascript:alert(1)', '//a', 'xhttps://a']) {
      assert.deepEqual(readPrepay(fieldsWith({ mweb_url }, {}), 'H5'), malformed, mweb_url);
    }
  });

  test('a prepay_id has 64 characters at most', () => {
    const read = (length: number) =>
      readPrepay(fieldsWith({ prepay_id: 'x'.repeat(length) }, {}), 'JSAPI').type;
    assert.deepEqual([read(64), read(65)], ['placed', 'unknown']);
  });
});

suite('an answer that a code was charged', () => {
  test('is believed of our order, with its payment', () => {
    assert.deepEqual(readCharged(fieldsWith({}), out_trade_no), { type: 'paid' });
  });

  test('is unknown of another order, and without number, payment or amount', () => {
    const read = (changes: Changes) => readCharged(fieldsWith(changes), out_trade_no);
    assert.deepEqual(read({ out_trade_no: 'order_000002' }), otherOrder);
    for (const name of ['out_trade_no', 'transaction_id', 'total_fee']) {
      assert.deepEqual(read({ [name]: undefined }), malformed);
      assert.deepEqual(read({ [name]: '' }), malformed);
    }
  });
});

suite('an answer to a reversal', () => {
  const read = (recall: string | undefined, failure?: Parameters<typeof readReversed>[1]) =>
    readReversed(fieldsWith({ recall }), failure);

  test('is over with N, and wants another call with Y', () => {
    assert.deepEqual(read('N'), { type: 'done' });
    assert.deepEqual(read('Y'), { type: 'recall' });
  });

  test('is open with anything else', () => {
    for (const recall of [undefined, '', 'n', 'y', 'NO', ' N']) {
      assert.deepEqual(read(recall), malformed, recall);
    }
  });

  test('a refusal with Y is none', () => {
    const refused = { type: 'refused', code: 'TRADE_ERROR' } as const;
    assert.deepEqual(read('Y', refused), { type: 'recall' });
    for (const recall of ['N', '', undefined]) {
      assert.deepEqual(read(recall, refused), refused);
    }
  });

  test('no other failure becomes anything else', () => {
    for (const type of ['unknown', 'fault', 'no-such-order'] as const) {
      for (const recall of ['Y', 'N']) {
        assert.deepEqual(read(recall, { type, code: 'X' }), { type, code: 'X' });
      }
    }
  });
});
