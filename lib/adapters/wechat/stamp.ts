import { randomUUID } from 'node:crypto';
import { type Instant, secondMs } from '#core/values/time.ts';

/** Fresh for every signature. */
export type Stamp = {
  /** Unix seconds. */
  readonly timestamp: string;
  readonly nonce: string;
};

/** A prepay that a front end is to pay. */
export type Payment = { readonly appid: string; readonly prepay_id: string };

export function createStamp(now: Instant): Stamp {
  return { timestamp: String(Math.floor(now / secondMs)), nonce: createNonce() };
}

/** 32 characters of `0-9 A-F`, of 122 random bits; Node draws them in stock, a fifth of `randomBytes`' price. */
export function createNonce(): string {
  return randomUUID().replaceAll('-', '').toUpperCase();
}
