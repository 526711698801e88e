import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  askedOf,
  badCharacters,
  faultsOf,
  notNumbers,
  notObjects,
  notTexts,
  pointersOf,
  refusedIn,
  withAt,
} from './support.ts';

const refunding = 'PUT /v1/shop/refunds/R-1001';
const small = { out_trade_no: 'A-1001', amount: { refund: 8800, currency: 'CNY' } };
const full = { ...small, reason: '茶叶受潮', funds_account: 'UNSETTLED' };

const refusedAt = (pointer: string, values: readonly unknown[]): Promise<void> =>
  refusedIn(refunding, full, pointer, values);

async function accepted(body: unknown): Promise<Record<string, unknown>> {
  const [refund] = await askedOf('putRefund', refunding, body);
  return Object(refund);
}

describe('the body of a new refund', () => {
  it('becomes a refund', async () => {
    assert.deepEqual(await accepted(Buffer.from(JSON.stringify(full))), {
      out_refund_no: 'R-1001',
      of: { out_trade_no: 'A-1001' },
      refundFen: 8800,
      reason: '茶叶受潮',
      funds_account: 'UNSETTLED',
      bodySha256: 'MBpbS1Ace0JQmrw_by1sFbjK14bbcySJY9zAxResG2g',
    });
  });

  it('needs no reason and no funds account', async () => {
    assert.deepEqual(await accepted(small), {
      out_refund_no: 'R-1001',
      of: { out_trade_no: 'A-1001' },
      refundFen: 8800,
      bodySha256: 'NvH2YGljMRhJLrrKQFMkMipWFOKnv9lvy7YGTJOP8Nc',
    });
  });

  for (const pointer of ['/out_trade_no', '/amount', '/amount/refund', '/amount/currency']) {
    it(`is refused without ${pointer}`, () => refusedAt(pointer, [undefined]));
  }

  it('names an order as orders are named', async () => {
    const pointer = '/out_trade_no';
    for (const number of ['A-1001', 'a_|*-9', 'x'.repeat(32)]) {
      const { of } = await accepted(withAt(full, pointer, number));
      assert.deepEqual(of, { out_trade_no: number });
    }
    const others = ['A-100', 'x'.repeat(33), 'A@1001', 'A 1001', 'A-1001\n', '茶茶茶茶茶茶'];
    await refusedAt(pointer, [...notTexts, ...others]);
  });

  const { out_trade_no: _, ...ofNothing } = full;
  const ofService = { ...ofNothing, out_order_no: 'lesson-1' };

  it('names a service order as service orders are named', async () => {
    for (const number of ['1', 'lesson_*-9', 'x'.repeat(32)]) {
      const { of } = await accepted({ ...ofService, out_order_no: number });
      assert.deepEqual(of, { out_order_no: number });
    }
    const others = ['x'.repeat(33), 'a|b', 'A@1001', 'A 1001', 'A-1001\n', '课'];
    for (const value of [...notTexts, ...others]) {
      const pointers = await pointersOf(refunding, { ...ofService, out_order_no: value });
      assert.deepEqual(pointers, ['/out_order_no'], JSON.stringify(value));
    }
  });

  it('names one of the two, and not both', async () => {
    const detail = 'must be there, or else out_order_no, and not both';
    for (const body of [
      ofNothing,
      { ...full, out_order_no: 'lesson-1' },
      { ...full, out_order_no: 'A-1001' },
    ]) {
      assert.deepEqual(await faultsOf(refunding, body), [{ pointer: '/out_trade_no', detail }]);
    }
    for (const body of [
      { ...full, out_order_no: null },
      { ...ofService, out_trade_no: '' },
    ]) {
      assert.ok((await pointersOf(refunding, body)).includes('/out_trade_no'));
    }
  });

  it('gives back whole fen from 1', async () => {
    const pointer = '/amount/refund';
    for (const amount of [1, 2_147_483_647]) {
      assert.equal((await accepted(withAt(full, pointer, amount)))['refundFen'], amount);
    }
    await refusedAt(pointer, [...notNumbers, 0, 0.5, 2_147_483_648, 9_007_199_254_740_992]);
  });

  it('gives back yuan, in an object of two fields', async () => {
    await refusedAt('/amount/currency', [...notTexts, 'USD', 'cny', 'CNY ']);
    await refusedAt('/amount', notObjects);
    for (const name of ['total', 'from', '__proto__', 'constructor', '']) {
      await refusedAt(`/amount/${name}`, [8800, null, []]);
    }
  });

  it('holds a reason of 80 bytes, not of 80 characters', async () => {
    for (const reason of ['x', 'x'.repeat(80), `${'茶'.repeat(26)}é`, `${'茶'.repeat(26)}xy`]) {
      assert.equal((await accepted(withAt(full, '/reason', reason)))['reason'], reason);
    }
    const long = ['x'.repeat(81), '茶'.repeat(27), `${'茶'.repeat(26)}éx`, 'é'.repeat(41)];
    const bad = Object.values(badCharacters).map((character) => `a${character}b`);
    await refusedAt('/reason', [...notTexts, ...long, ...bad]);
  });

  it('names one of two funds accounts', async () => {
    for (const account of ['AVAILABLE', 'UNSETTLED']) {
      assert.equal((await accepted({ ...full, funds_account: account }))['funds_account'], account);
    }
    await refusedAt('/funds_account', [...notTexts, 'UNAVAILABLE', 'available', ['AVAILABLE']]);
  });

  it('has no other fields', async () => {
    const names = ['out_refund_no', 'transaction_id', 'notify_url', 'goods_detail', 'sub_mchid'];
    for (const name of [...names, '__proto__', 'constructor', 'refundFen', '']) {
      await refusedAt(`/${name}`, ['x', null, {}]);
    }
  });

  it('has every field at fault named', async () => {
    const body = { out_trade_no: 'A', amount: { refund: '1', total: 1 }, reason: '', x: 1 };
    assert.deepEqual((await pointersOf(refunding, body)).toSorted(), [
      '/amount/currency',
      '/amount/refund',
      '/amount/total',
      '/out_trade_no',
      '/reason',
      '/x',
    ]);
  });
});
