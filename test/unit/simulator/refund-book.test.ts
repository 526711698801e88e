import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Refund } from '../../../simulator/refund.ts';
import { createRefundBook } from '../../../simulator/refund-book.ts';

const refund = (outTradeNo: string, outRefundNo: string): Refund => ({
  mchid: '1900000109',
  outTradeNo,
  outRefundNo,
  transactionId: '42',
  refundId: '50',
  refund: 1,
  total: 1,
  payerTotal: 1,
  payerRefund: 1,
  notifyUrl: undefined,
  fundsAccount: 'UNSETTLED',
  fingerprint: '',
  origin: 'api',
  createdAtMs: 0,
  status: 'PROCESSING',
  ended: undefined,
});

const numbers = (refunds: readonly Refund[]) => refunds.map(({ outRefundNo }) => outRefundNo);
const order = (outTradeNo: string) => ({ mchid: '1900000109', outTradeNo });

describe('refund book', () => {
  test('a refund is found by its number, for its own merchant only', () => {
    const book = createRefundBook();
    book.put(refund('order-1', 'refund-1'));
    assert.equal(book.get('1900000109', 'refund-1')?.outTradeNo, 'order-1');
    assert.equal(book.get('1900000108', 'refund-1'), undefined);
    assert.equal(book.get('1900000109', 'refund-2'), undefined);
  });

  test('the refunds of an order are its own, oldest first, each once', () => {
    const book = createRefundBook();
    book.put(refund('order-1', 'refund-1'));
    book.put(refund('order-2', 'refund-2'));
    book.put(refund('order-1', 'refund-3'));
    book.put({ ...refund('order-1', 'refund-1'), status: 'SUCCESS' });
    assert.deepEqual(numbers(book.ofOrder(order('order-1'))), ['refund-1', 'refund-3']);
    assert.equal(book.ofOrder(order('order-1'))[0]?.status, 'SUCCESS');
    assert.deepEqual(book.ofOrder({ ...order('order-1'), mchid: '1900000108' }), []);
    assert.deepEqual(numbers(book.newest(2)), ['refund-3', 'refund-2']);
    assert.equal(book.size(), 3);
  });

  test('with an order its refunds go, and no other', () => {
    const book = createRefundBook();
    book.put(refund('order-1', 'refund-1'));
    book.put(refund('order-2', 'refund-2'));
    book.forget(order('order-1'));
    assert.equal(book.get('1900000109', 'refund-1'), undefined);
    assert.deepEqual(book.ofOrder(order('order-1')), []);
    assert.deepEqual(numbers(book.newest(9)), ['refund-2']);
  });
});
