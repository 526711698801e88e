import type { MerchantEvent } from '#core/events.ts';

/** An order of account `shop` was paid. */
export function merchantEvent(overrides: Partial<MerchantEvent> = {}): MerchantEvent {
  return {
    specversion: '1.0',
    id: 'order#1900000001#A-1001/order.paid/1',
    source: '/accounts/shop',
    type: 'order.paid',
    subject: 'order#1900000001#A-1001',
    time: '2026-11-21T12:00:00Z',
    datacontenttype: 'application/json',
    sequence: '0000000002',
    data: { status: 'PAID' },
    ...overrides,
  };
}
