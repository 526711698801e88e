import type { Account } from '#core/account.ts';
import type { SubjectKey } from '#core/record.ts';
import { hourMs, minuteMs, secondMs } from '#core/values/time.ts';

/**
 * What happens around one plan, its signatures and their services. `ours`: made here. `taken`: another
 * system has launched a sign plan under the first number. `stray`: only another system has all of it.
 */
export type PayscoreTale = {
  readonly kind: 'ours' | 'taken' | 'stray';
  readonly account: Account;
  readonly number: string;
  /** What each detail costs, in fen, never rising. */
  readonly prices: readonly number[];
  readonly lastsDays: number;
  readonly repeats: readonly number[];
  /** After the plan can be signed. */
  readonly stopAfterMs: number | undefined;
  readonly cancelsWhilePaying: boolean;
  readonly signatures: readonly SignatureTale[];
};

/** One user's signature. */
export type SignatureTale = {
  readonly number: string;
  /** After the plan can be signed. */
  readonly afterMs: number;
  readonly repeats: readonly number[];
  /** After the merchant got what opens the sign page; absent: never. */
  readonly signsAfterMs: number | undefined;
  /** After the signature. */
  readonly userCancel:
    | { readonly afterMs: number; readonly how: 'USER' | 'REVOKE_SERVICE' }
    | undefined;
  readonly stopAfterMs: number | undefined;
  /** A well signed notice of a signature that may not be, after the launch. */
  readonly claimAfterMs: number | undefined;
  readonly refreshAfterMs: number | undefined;
  readonly services: readonly ServiceTale[];
};

/** One detail, from its turn on. */
export type ServiceTale = {
  readonly number: string;
  readonly detailNo: number;
  readonly priceFen: number;
  /** After its turn came. */
  readonly afterMs: number;
  /** The merchant asks already while the one before runs. */
  readonly isEager: boolean;
  readonly repeats: readonly number[];
  /** Whether its PUT names an end of its own. */
  readonly namesEnd: boolean;
  readonly end: EndTale | undefined;
  /** What the merchant asks while WeChat charges. */
  readonly pushes: readonly PushTale[];
  readonly claimPaidAfterMs: number | undefined;
  readonly refundAfterMs: number | undefined;
  readonly refreshAfterMs: number | undefined;
  readonly fate: ServiceFate;
};

/** How the merchant ends a service, after it runs. */
export type EndTale = {
  readonly name: 'complete' | 'cancel';
  readonly afterMs: number;
  readonly totalFen: number;
  /** The same request again, another total, or a cancel beside it; so long after. */
  readonly again: 'same' | 'other' | 'cancel' | undefined;
  readonly againAfterMs: number;
  /** The end that it names lies so long back. */
  readonly endedAgoMs: number;
};

export type PushTale = {
  readonly name: 'pay' | 'modify' | 'sync' | 'cancel';
  readonly afterMs: number;
};

/** What WeChat makes of a service order. */
export type ServiceFate = {
  /** How long after its completion the charge succeeds; absent: never by itself. */
  readonly chargedAfterMs: number | undefined;
  /** Whether it succeeds once the merchant asks for it again, or for less. */
  readonly chargedWhenAsked: boolean;
  /** How the payment differs from what was agreed. */
  readonly chargedAs: 'right' | 'amount' | 'payer';
  /** For so long it is CREATED, and then it expires, or can be used. */
  readonly createdMs: number;
  readonly expires: boolean;
};

export const dullFate: ServiceFate = {
  chargedAfterMs: 2 * secondMs,
  chargedWhenAsked: true,
  chargedAs: 'right',
  createdMs: 0,
  expires: false,
};

/** When a merchant's client asks again that got no answer, or was told to wait. */
export const retriesMs = [3 * secondMs, 30 * secondMs, 3 * minuteMs, 20 * minuteMs, hourMs];

export function planKeyOf({ account, number }: PayscoreTale): SubjectKey {
  return { kind: 'plan', mchid: account.mchid, number };
}

export function signPlanKeyOf({ account }: PayscoreTale, { number }: SignatureTale): SubjectKey {
  return { kind: 'sign-plan', mchid: account.mchid, number };
}

export function serviceKeyOf({ account }: PayscoreTale, { number }: ServiceTale): SubjectKey {
  return { kind: 'service-order', mchid: account.mchid, number };
}
