import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFaultBoard, type Fault } from '../../../simulator/faults.ts';

const anyCall: Fault = {
  fault: '500',
  mchid: undefined,
  method: undefined,
  operation: undefined,
  path: undefined,
  carryOut: false,
};
const query = {
  mchid: '1900000109',
  method: 'GET',
  operation: 'query-by-out-trade-no',
  target: '/v3/pay/transactions/out-trade-no/order-0001?mchid=1900000109',
};
const close = {
  mchid: '1900000109',
  method: 'POST',
  operation: 'close',
  target: '/v3/pay/transactions/out-trade-no/order-0001/close',
};

describe('armed faults', () => {
  test('a fault strikes as often as it was armed for', () => {
    const board = createFaultBoard();
    board.arm(anyCall, 2);
    assert.equal(board.take(query)?.fault, '500');
    assert.equal(board.armed()[0]?.remaining, 1);
    assert.equal(board.take(close)?.fault, '500');
    assert.equal(board.take(query), undefined);
    assert.deepEqual(board.armed(), []);
  });

  test('faults strike in the order they were armed', () => {
    const board = createFaultBoard();
    board.arm({ ...anyCall, fault: '429' }, 1);
    board.arm({ ...anyCall, fault: 'reset' }, 1);
    assert.deepEqual([board.take(query)?.fault, board.take(query)?.fault], ['429', 'reset']);
  });

  const narrow: Readonly<Record<string, Partial<Fault>>> = {
    mchid: { mchid: '1900000108' },
    method: { method: 'POST' },
    operation: { operation: 'close' },
    path: { path: /order-0002/u },
  };
  for (const [what, part] of Object.entries(narrow)) {
    test(`a call with another ${what} is spared and uses nothing up`, () => {
      const board = createFaultBoard();
      board.arm({ ...anyCall, ...part }, 1);
      assert.equal(board.take(query), undefined);
      assert.equal(board.armed().length, 1);
    });
  }

  test('a matching path strikes', () => {
    const board = createFaultBoard();
    board.arm({ ...anyCall, path: /out-trade-no\/order-0001\/close$/u }, 1);
    assert.equal(board.take(query), undefined);
    assert.equal(board.take(close)?.fault, '500');
  });

  test('a stale answer waits for a query', () => {
    const board = createFaultBoard();
    board.arm({ ...anyCall, fault: 'stale' }, 1);
    assert.equal(board.take(close), undefined);
    assert.equal(board.take({ ...close, operation: 'apply-refund' }), undefined);
    assert.equal(board.take(query)?.fault, 'stale');
  });

  test('cleared faults strike no more, and the 101st is not armed', () => {
    const board = createFaultBoard();
    for (let count = 0; count < 100; count += 1) board.arm(anyCall, 1);
    assert.equal(board.arm(anyCall, 1), undefined);
    board.clear();
    assert.equal(board.take(query), undefined);
    assert.notEqual(board.arm(anyCall, 1), undefined);
  });
});
