import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readServiceOrder } from '#adapters/wechat/v3/payscore-answers.ts';
import { instant } from '#core/values/time.ts';
import {
  bytesOf,
  collection,
  payment,
  serviceOrder,
  serviceOrderAnswer,
} from './payscore-samples.ts';

const malformed = { type: 'unknown', code: 'MALFORMED' };
const noWords = ['done', 'A B', 'A-B', 7, true, ['A'], {}, 'A'.repeat(65)];
const noAmounts = [
  -1,
  1.5,
  2 ** 53,
  true,
  [1],
  {},
  '-1',
  '+1',
  '01',
  '1.0',
  '1e3',
  ' 1',
  '0x1',
  'x',
];
const tooLarge = ['9007199254740992', '99999999999999999'];

function orderWith(changes: object) {
  return readServiceOrder(bytesOf({ ...serviceOrderAnswer, ...changes }), serviceOrder);
}

function collectionWith(changes: object) {
  return orderWith({ collection: { ...collection, ...changes } });
}

function paymentWith(changes: object) {
  return collectionWith({ details: [{ ...payment, ...changes }] });
}

function stateIn(evidence: ReturnType<typeof orderWith>) {
  assert.ok(evidence.type === 'state', JSON.stringify(evidence));
  return evidence;
}

const running = {
  state: 'DOING',
  state_description: 'USER_CONFIRM',
  total_amount: undefined,
  need_collection: undefined,
  collection: undefined,
};

suite('an answer to a query of a service order', () => {
  test('that was paid brings what was paid, when and how', () => {
    assert.deepEqual(orderWith({}), {
      type: 'state',
      state: 'DONE',
      out_order_no: 'lesson-7_2',
      service_id: '00109000000000169034377913212082',
      appid: 'wxd678efh567hg6787',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      order_id: '15646546545165651651',
      need_collection: true,
      collection_state: 'USER_PAID',
      totalFen: 12000,
      paidFen: 12000,
      transaction_id: '4200002345202611211234567890',
      paid_type: 'NEWTON',
      paidAt: instant(1_795_233_605_000),
    });
  });

  test('that runs brings its state and no money', () => {
    assert.deepEqual(orderWith(running), {
      type: 'state',
      state: 'DOING',
      state_description: 'USER_CONFIRM',
      out_order_no: 'lesson-7_2',
      service_id: '00109000000000169034377913212082',
      appid: 'wxd678efh567hg6787',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      order_id: '15646546545165651651',
    });
  });

  test('that is being charged may list an empty payment', () => {
    const evidence = stateIn(
      orderWith({
        state: 'DOING',
        state_description: 'MCH_COMPLETE',
        collection: { state: 'USER_PAYING', total_amount: 12000, paid_amount: 0, details: [{}] },
      }),
    );
    assert.equal(evidence.collection_state, 'USER_PAYING');
    assert.equal(evidence.paidFen, 0);
    assert.equal('transaction_id' in evidence || 'paidAt' in evidence, false);
  });

  test('that has nothing to be paid says so', () => {
    const free = { ...running, state: 'DONE', total_amount: 0, need_collection: false };
    const evidence = stateIn(orderWith({ ...free, state_description: undefined }));
    assert.equal(evidence.need_collection, false);
    assert.equal(evidence.totalFen, 0);
    assert.equal('collection_state' in evidence, false);
  });

  test('keeps states as they came, listed or not', () => {
    for (const word of ['CREATED', 'CLOSED', 'WAIT_PAY', '7', 'A'.repeat(64)]) {
      const evidence = stateIn(
        orderWith({ state: word, state_description: word, collection: { state: word } }),
      );
      assert.deepEqual(
        [evidence.state, evidence.state_description, evidence.collection_state],
        [word, word, word],
      );
    }
  });

  test('takes empty text for an absent field', () => {
    const names = ['state_description', 'openid', 'order_id', 'collection', 'need_collection'];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    const none = Object.fromEntries(names.map((name) => [name, undefined]));
    assert.deepEqual(orderWith(empty), orderWith(none));
    assert.equal('collection_state' in stateIn(collectionWith({ state: '' })), false);
    assert.equal('transaction_id' in stateIn(paymentWith({ transaction_id: '' })), false);
  });

  test('reads amounts from decimal text', () => {
    for (const [text, fen] of [
      ['0', 0],
      ['12000', 12000],
      ['9007199254740991', 2 ** 53 - 1],
    ]) {
      const changes = { total_amount: text, collection: { ...collection, paid_amount: text } };
      const evidence = stateIn(orderWith(changes));
      assert.equal(evidence.totalFen, fen);
      assert.equal(evidence.paidFen, fen);
    }
  });

  test('has its total from the collection where it has no other', () => {
    const both = { total_amount: 11000, collection: { ...collection, total_amount: 12000 } };
    assert.equal(stateIn(orderWith(both)).totalFen, 11000);
    assert.equal(stateIn(orderWith({ ...both, total_amount: undefined })).totalFen, 12000);
    assert.equal(stateIn(orderWith({ ...both, total_amount: '' })).totalFen, 12000);
    assert.equal(stateIn(orderWith({ ...both, total_amount: 0 })).totalFen, 0);
  });

  test('takes the last payment that has a number, wherever it stands', () => {
    const details = [
      { ...payment, seq: 9, transaction_id: undefined, paid_type: 'MCH' },
      { ...payment, seq: '3', transaction_id: '4200000003', paid_time: '20261121120007' },
      { ...payment, seq: 2, transaction_id: '4200000002' },
      { ...payment, seq: undefined, transaction_id: '4200000000' },
    ];
    const evidence = stateIn(collectionWith({ details }));
    assert.equal(evidence.transaction_id, '4200000003');
    assert.equal(evidence.paid_type, 'NEWTON');
    assert.equal(evidence.paidAt, instant(1_795_233_607_000));
  });

  test('that was paid another way says when, and has no number', () => {
    const details = [{ seq: 1, amount: 12000, paid_type: 'MCH', paid_time: '20261121120005' }];
    const evidence = stateIn(collectionWith({ details }));
    assert.equal('transaction_id' in evidence, false);
    assert.equal(evidence.paid_type, 'MCH');
    assert.equal(evidence.paidAt, instant(1_795_233_605_000));
  });

  test('may have the time of payment in both of the formats of WeChat', () => {
    const evidence = stateIn(paymentWith({ paid_time: '2026-11-21T12:00:05+08:00' }));
    assert.equal(evidence.paidAt, instant(1_795_233_605_000));
  });

  test('has no time of payment where there is none to read', () => {
    for (const paid_time of [
      undefined,
      null,
      '',
      'now',
      '20261321120005',
      '20261121',
      20261121120005,
    ]) {
      const evidence = stateIn(paymentWith({ paid_time }));
      assert.equal('paidAt' in evidence, false);
      assert.equal(evidence.paidFen, 12000);
    }
  });
});

suite('an answer about another service order is unknown', () => {
  test('when it names another number', () => {
    for (const out_order_no of ['lesson-7_1', 'lesson-7_', 'LESSON-7_2', 'lesson-7_2*']) {
      const other = { type: 'unknown', code: 'OTHER_SERVICE_ORDER' };
      assert.deepEqual(orderWith({ out_order_no }), other);
    }
  });

  test('when it names another merchant', () => {
    const other = { type: 'unknown', code: 'OTHER_MERCHANT' };
    for (const mchid of ['1900007292', '1900007291 ', 1900007291, {}]) {
      assert.deepEqual(orderWith({ mchid }), other);
    }
  });

  test('whatever else is wrong with it', () => {
    const other = { type: 'unknown', code: 'OTHER_SERVICE_ORDER' };
    assert.deepEqual(orderWith({ out_order_no: 'lesson-7_1', state: 7, mchid: 'x' }), other);
  });
});

suite('an answer that is not whole is unknown', () => {
  test('when it is no JSON object or an empty one', () => {
    for (const body of ['', 'null', '[]', '"DONE"', '{"state":"DONE"', '<html>', '{}', '7']) {
      assert.deepEqual(readServiceOrder(bytesOf(body), serviceOrder), malformed);
    }
  });

  test('when its number, service, appid or state is missing or odd', () => {
    for (const name of ['out_order_no', 'service_id', 'appid', 'state']) {
      for (const odd of [undefined, null, '', 'a b', 42, {}, ['DONE'], 'x'.repeat(65)]) {
        assert.deepEqual(orderWith({ [name]: odd }), malformed, `${name} ${odd}`);
      }
    }
  });

  test('when it uses the name of the number in the request that made it', () => {
    const changes = { out_order_no: undefined, out_trade_no: 'lesson-7_2' };
    assert.deepEqual(orderWith(changes), malformed);
  });

  test('when a word is odd', () => {
    for (const word of noWords) {
      assert.deepEqual(orderWith({ state: word }), malformed);
      assert.deepEqual(orderWith({ state_description: word }), malformed);
      assert.deepEqual(collectionWith({ state: word }), malformed);
      assert.deepEqual(paymentWith({ paid_type: word }), malformed);
    }
  });

  test('when an amount is not whole fen', () => {
    for (const amount of [...noAmounts, ...tooLarge]) {
      assert.deepEqual(orderWith({ total_amount: amount }), malformed);
      assert.deepEqual(collectionWith({ total_amount: amount }), malformed);
      assert.deepEqual(collectionWith({ paid_amount: amount }), malformed);
      assert.deepEqual(paymentWith({ seq: amount }), malformed);
    }
  });

  test('when a number of WeChat or the payer is odd', () => {
    for (const odd of ['a b', 'a/b', 42, {}, ['x'], 'x'.repeat(129)]) {
      assert.deepEqual(orderWith({ openid: odd }), malformed);
      assert.deepEqual(orderWith({ order_id: odd }), malformed);
      assert.deepEqual(paymentWith({ transaction_id: odd }), malformed);
    }
  });

  test('when it is not yes or no whether there is money to be collected', () => {
    for (const need_collection of ['true', 'TRUE', 0, 1, {}, []]) {
      assert.deepEqual(orderWith({ need_collection }), malformed);
    }
  });

  test('when its collection or a payment in it is no object', () => {
    for (const odd of [7, 'USER_PAID', [], [collection], true]) {
      assert.deepEqual(orderWith({ collection: odd }), malformed);
    }
    for (const details of [7, 'x', {}, [null], [7], [payment, 'x'], [[payment]]]) {
      assert.deepEqual(collectionWith({ details }), malformed);
    }
  });
});
