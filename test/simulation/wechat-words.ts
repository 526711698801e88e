import type { Account, ApiVersion } from '#core/account.ts';

type Words = Readonly<Record<'unknown' | 'closed' | 'otherTerms' | 'paying' | 'paid', string>>;

/** How each API says the same of an order that was placed. */
const words: Readonly<Record<ApiVersion, Words>> = {
  v3: {
    unknown: 'ORDER_NOT_EXIST',
    closed: 'ORDER_CLOSED',
    otherTerms: 'OUT_TRADE_NO_USED',
    paying: 'FREQUENCY_LIMITED',
    paid: 'ORDERPAID',
  },
  v2: {
    unknown: 'ORDERNOTEXIST',
    closed: 'ORDERCLOSED',
    otherTerms: 'INVALID_REQUEST',
    paying: 'TRADE_STATE_ERROR',
    paid: 'ORDERPAID',
  },
};

export function wordsFor({ api }: Pick<Account, 'api'>): Words {
  return words[api];
}
