import type { Account } from '#core/account.ts';
import type { Reference } from '#core/values/ids.ts';
import type { Instant } from '#core/values/time.ts';
import type { ConsoleRefundPlan, RefundPlan } from './refund-plans.ts';
import type { PaidAs } from './trade.ts';

/** What happens around one order. The first choice of everything is the dullest. */
export type OrderPlan = {
  readonly account: Account;
  readonly number: string;
  readonly reference?: Reference;
  readonly startsAt: Instant;
  readonly expiresAt: Instant;
  readonly isJsapi: boolean;
  /** Of a code payment. What is said of its link holds for its charge. */
  readonly code: CodePlan | undefined;
  readonly payer: Payer | undefined;
  /** How long after the start the same PUT comes again. */
  readonly repeats: readonly number[];
  readonly closeAfterMs: number | undefined;
  readonly refreshAfterMs: number | undefined;
  /** How long after the payment somebody has us look. */
  readonly looksAfterPaymentMs: readonly number[];
  /** Well signed notices of a payment, or of a refund of all of it, that may not exist. */
  readonly claimAfterMs: number | undefined;
  readonly claimRefundAfterMs: number | undefined;
  readonly refunds: readonly RefundPlan[];
  readonly consoleRefund: ConsoleRefundPlan | undefined;
  readonly consoleCloseAfterMs: number | undefined;
  /** WeChat hides a placed order for so long. */
  readonly hiddenMs: number;
};

export type Payer = {
  readonly paidAs: PaidAs;
  /**
   * After the link came, before the order expires, or with the link of another order; none of them: only
   * if somebody else's act makes them.
   */
  readonly afterMs?: number;
  readonly beforeExpiryMs?: number;
  readonly withOther?: true;
  /** The payment ends after our close. */
  readonly landsLate?: true;
  readonly payingMs: number;
  readonly succeeds: boolean;
};

/** What is different about an order whose payer's code is charged. */
export type CodePlan = {
  /** The payer must confirm on the phone; else the code alone pays. */
  readonly asksPassword: boolean;
  /** How long after the start a PUT comes that asks for something else under the same number. */
  readonly otherBodyAfterMs: number | undefined;
};
