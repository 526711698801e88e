import type { Account } from '#core/account.ts';
import type { SubjectKey } from '#core/record.ts';
import type { TransactionId } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { valid } from '../support/order-builder.ts';
import type { RefundablePayment } from '../support/world-refunds.ts';
import { tradeNumberOf } from './payscore-lives.ts';
import type { Site } from './site.ts';

/** What WeChat charged for services, each of which can be refunded by its transaction alone. */
export type ServicePayments = {
  keep(
    account: Account,
    key: SubjectKey,
    paid: { readonly transaction_id: TransactionId; readonly paidFen: number },
  ): void;
  of(transaction_id: string): RefundablePayment | undefined;
  subjects(): readonly SubjectKey[];
};

export function createServicePayments(
  site: Site,
  onPaid: (account: Account, key: SubjectKey) => void,
): ServicePayments {
  const payments = new Map<string, RefundablePayment & { readonly key: SubjectKey }>();
  return {
    keep: (account, key, { transaction_id, paidFen }) => {
      site.tell?.(() => `WeChat: ${key.number} is paid with ${paidFen} fen`);
      payments.set(transaction_id, {
        key,
        mchid: account.mchid,
        out_trade_no: tradeNumberOf(key),
        payment: {
          transaction_id,
          amountFen: valid(paidFen, isFen),
          currency: 'CNY',
          successAt: site.agenda.now(),
        },
      });
      onPaid(account, key);
    },
    of: (transaction_id) => payments.get(transaction_id),
    subjects: () => [...payments.values()].map(({ key }) => key),
  };
}
