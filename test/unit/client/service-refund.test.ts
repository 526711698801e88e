import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answer, createClientWorld } from './world.ts';

describe('a refund of a service order', () => {
  it('names it instead of an order', async () => {
    const { client, sent, plan } = createClientWorld();
    const view = {
      out_refund_no: 'R-1001',
      mchid: '1900000001',
      status: 'CREATED',
      out_order_no: 'lesson-1',
      transaction_id: '4200002026112100000000000001',
      amount: { refund: 800, total: 18_000, currency: 'CNY' },
      origin: 'request',
      created_at: '2026-11-21T04:00:20.000Z',
      start_at: '2026-11-21T04:00:20.000Z',
      history: [],
      history_count: 0,
    };
    plan(answer(201, view));
    const amount = { refund: 800, currency: 'CNY' } as const;
    const shownRefund = await client.putRefund('R-1001', { out_order_no: 'lesson-1', amount });
    assert.deepEqual(shownRefund, view);
    assert.deepEqual(JSON.parse(sent[0]?.body ?? ''), { out_order_no: 'lesson-1', amount });
  });
});
