import type { Call, Stage } from './stage.ts';

/** What any operation may meet: how a good call of it is made, and what is wrong with a bad one. */
export type Subject = {
  readonly operation: string;
  readonly unknown?:
    | 'order_unknown'
    | 'refund_unknown'
    | 'plan_unknown'
    | 'sign_plan_unknown'
    | 'service_order_unknown';
  /** A call that would be answered well. */
  readonly call: (stage: Stage) => Promise<Call>;
  /** The record that this call reads. */
  readonly keyOf: (stage: Stage, call: Call) => string;
  /** Put into that call, it is the request of the 400 that the page shows. */
  readonly fault: (body: Call['body']) => Partial<Call>;
};
