import type { StoredRecord } from '#core/record.ts';
import type { Order, Resolution } from '#core/subjects/order/order.ts';
import type { Refund } from '#core/subjects/refund/refund.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import type { JsonObject } from '#core/values/json.ts';
import type { Instant } from '#core/values/time.ts';
import { type Effect, type Start, without } from './order-outcomes.ts';

/** What happens to an order's record beside its looks: a refund tells it, or somebody asks. */
export type Aside =
  | { readonly type: 'learn'; readonly out_refund_no: string; readonly refund: Refund }
  | { readonly type: 'start'; readonly request: NewRefund }
  | { readonly type: 'resolve'; readonly asked: Omit<Resolution, 'at'> };

/** What comes of it: a write as of a look, but for the look after a close. */
export type AsideEffect =
  | { readonly type: 'nothing' }
  | { readonly type: 'refused'; readonly error: string }
  | Omit<Extract<Effect, { readonly type: 'write' }>, 'lookAfterClose'>;

/** An aside, and the record that it meets. */
export type Met<Type extends Aside['type']> = {
  readonly record: StoredRecord;
  readonly order: Order;
  readonly now: Instant;
} & Extract<Aside, { readonly type: Type }>;

export function nothing(): AsideEffect {
  return { type: 'nothing' };
}

export function refused(error: string): AsideEffect {
  return { type: 'refused', error };
}

export function writing(
  record: StoredRecord,
  change: {
    readonly status?: string;
    readonly set: JsonObject;
    readonly unset?: readonly string[];
    readonly events?: readonly string[];
    readonly starts?: readonly Start[];
    readonly lookAt?: number;
    readonly because: string;
  },
): AsideEffect {
  const { set, unset, ...rest } = change;
  return {
    type: 'write',
    status: record.status,
    events: [],
    starts: [],
    ...rest,
    data: { ...without(record.data, unset), ...set },
  };
}

/** The refunds as they stand in the record. */
export function notesOf({ data: { refunds = [] } }: StoredRecord): readonly JsonObject[string][] {
  return Array.isArray(refunds) ? refunds : [];
}
