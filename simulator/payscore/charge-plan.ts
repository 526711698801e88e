/** What becomes of the charge of an order: it succeeds after so many tries, one each `delayMs`; or never by itself. */
export type ChargePlan =
  | { readonly outcome: 'paid'; readonly delayMs: number; readonly failures: number }
  | { readonly outcome: 'failing' };

/** What becomes of it unless told otherwise. */
export const USUAL_CHARGE = {
  outcome: 'paid',
  delayMs: 5_000,
  failures: 0,
} as const satisfies ChargePlan;

/** Whether the next orders can be used as soon as they are created. */
export type CreationPlan = { readonly state: 'DOING' | 'CREATED' };
