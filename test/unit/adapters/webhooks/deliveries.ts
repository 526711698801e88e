import type { Webhook } from '#core/account.ts';
import type { Delivery } from '#core/deliveries.ts';
import type { MerchantEvent } from '#core/events.ts';
import { at } from '../../../support/clock.ts';

export const hmacKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** 64 bytes: 0, 1, 2 … */
export const longHmacKey =
  'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==';
/** The seed of RFC 8032, section 7.1, test 1. */
export const ed25519Key = 'whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=';

export const sentAt = at('2026-11-21T04:00:21.999Z');

const event: MerchantEvent = {
  specversion: '1.0',
  id: 'order#1900000001#A-1001/order.paid/1',
  source: '/accounts/shop',
  type: 'order.paid',
  subject: 'order#1900000001#A-1001',
  time: '2026-11-21T04:00:21.042Z',
  datacontenttype: 'application/json',
  sequence: '0000000002',
  data: { shop: '深圳' },
};

/** Its body is shorter than an event is, so that the numbers below can be made by hand. */
export const delivery: Delivery = {
  event,
  body: '{"id":"order#1900000001#A-1001/order.paid/1","data":{"shop":"深圳"}}',
};

export function deliveryOf(id: string, body = delivery.body): Delivery {
  return { event: { ...event, id }, body };
}

/** What another program made of `delivery` at `sentAt` with each key. */
export const signatures = {
  [hmacKey]: 'v1,nCD4ApXAS4qeyR29Olcf/3EZSxGjcdNvb0jN40/yd3c=',
  [longHmacKey]: 'v1,+E+aYn1gQLJOTU/ifuqnaacf26BCWt/EJhoHoOceonY=',
  [ed25519Key]:
    'v1a,Ml9PVmqYwkpY3snk94s5V02HF9WLri7OQulzxrvCKr3zteIxpFjRf75L3uQy0U1jXSHW4DpbYjlZgEm8c3j+Bw==',
} as const;

export function webhookAt(url: string): Webhook {
  return { url, keys: [hmacKey, ed25519Key] };
}
