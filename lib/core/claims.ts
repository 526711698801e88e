import type { WriteOutcome } from './ports.ts';
import type { OrderName } from './subjects/order/order.ts';
import type { Reference } from './values/ids.ts';

export type ClaimKey = { readonly tenant: string; readonly reference: Reference };

/** Who is paid for a `reference`, and which order was last placed for it. */
export type Claim = { readonly owner?: OrderName; readonly placed?: OrderName };

/**
 * One item a `reference` and tenant, `claim#{tenant}#{reference}`. Ends in `AppError`s as `RecordStore`
 * does.
 */
export interface ClaimStore {
  /** Strongly consistent. */
  load(key: ClaimKey): Promise<Claim | undefined>;
  /** Makes an order the owner for good; `lost` where there is one, be it this order. */
  take(key: ClaimKey, order: OrderName): Promise<WriteOutcome>;
  /** Names the order last placed, if it is still the one that was seen (undefined: none). */
  place(key: ClaimKey, order: OrderName, seen: OrderName | undefined): Promise<WriteOutcome>;
}
