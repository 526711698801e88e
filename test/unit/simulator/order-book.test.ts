import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Order } from '../../../simulator/order.ts';
import { createOrderBook } from '../../../simulator/order-book.ts';

const order = (outTradeNo: string, transactionId?: string): Order => ({
  mchid: '1900000109',
  appid: 'wx8888888888888888',
  outTradeNo,
  tradeType: 'NATIVE',
  notifyUrl: 'https://pay.example.com/notify',
  total: 1,
  openid: undefined,
  attach: undefined,
  deviceId: undefined,
  expiresAtMs: 1,
  codeLifeMs: 1,
  fingerprint: '',
  placedAtMs: 0,
  codeUntilMs: 1,
  paying: false,
  payOnClose: undefined,
  state: transactionId === undefined ? 'NOTPAY' : 'SUCCESS',
  payment:
    transactionId === undefined
      ? undefined
      : {
          transactionId,
          noticeId: 'n',
          total: 1,
          payerTotal: 1,
          currency: 'CNY',
          openid: 'o',
          paidAtMs: 0,
        },
});

describe('order book', () => {
  test('orders are found by both numbers, for their own merchant only', () => {
    const book = createOrderBook(10, () => undefined);
    book.put(order('order-1', '42'));
    assert.equal(book.get('1900000109', 'order-1')?.outTradeNo, 'order-1');
    assert.equal(book.getByTransactionId('1900000109', '42')?.outTradeNo, 'order-1');
    assert.equal(book.get('1900000108', 'order-1'), undefined);
    assert.equal(book.getByTransactionId('1900000108', '42'), undefined);
    assert.equal(book.getByTransactionId('1900000109', '43'), undefined);
  });

  test('a full book drops its oldest order, and only for a new one', () => {
    const dropped: string[] = [];
    const book = createOrderBook(2, (old) => dropped.push(old.outTradeNo));
    book.put(order('order-1', '42'));
    book.put(order('order-2'));
    book.put(order('order-2', '43'));
    assert.deepEqual(dropped, []);
    book.put(order('order-3'));
    assert.deepEqual(dropped, ['order-1']);
    assert.equal(book.size(), 2);
    assert.equal(book.getByTransactionId('1900000109', '42'), undefined);
    assert.deepEqual(
      book.newest(1).map((kept) => kept.outTradeNo),
      ['order-3'],
    );
  });
});
