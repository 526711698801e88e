import type { Order } from '#core/subjects/order/order.ts';
import type { RowName } from './order-answers.ts';
import { isCode } from './order-conditions.ts';
import type { Cell } from './order-procedures.ts';

/** Where a code payment may stand so that it is decided on otherwise than any other order. */
export const codeColumnNames = [
  'waits',
  'waits, and is being reversed',
  'is CLOSED, and was being reversed',
] as const;
export type CodeColumnName = (typeof codeColumnNames)[number];

const reversed: Cell = [['else', 'reversed']];

/**
 * What WeChat says × a code payment, where it is not as of every order. The rest stands in the order's own
 * table, which calls the reversal of a code payment its close.
 */
export const codeTable: Readonly<
  Partial<Record<RowName, Readonly<Partial<Record<CodeColumnName, Cell>>>>>
> = {
  'SUCCESS, money and identity match': {
    'waits, and is being reversed': reversed,
    'is CLOSED, and was being reversed': [
      ['it was closed knowing of this payment', 'REVIEW, `order.paid_late`'],
      ['late policy `refund`', 'given back as late'],
      ['else', 'REVIEW, `order.paid_late`'],
    ],
  },
  'SUCCESS; amount, currency, mchid, appid or payer differ': {
    'waits, and is being reversed': reversed,
  },
  REFUND: { 'waits, and is being reversed': reversed },
  'NOTPAY, PAYERROR': { 'waits, and is being reversed': reversed },
  'USERPAYING, ACCEPT': {
    waits: [
      ['before `closeAt`', 'next wake'],
      ['never placed by us', 'REFUSED'],
      ['else', 'close'],
    ],
    'waits, and is being reversed': reversed,
  },
  'no such order (unsigned)': {
    'waits, and is being reversed': [
      ['not sent in this look', 'send it and ask WeChat again'],
      ['the reversal met a fault', 'look again in an hour'],
      ['not found for the first time', 'look again in 90 s'],
      ['for less than 10 min, and no definite answer to the reversal', 'next wake'],
      ['for less than 90 s', 'look when they are over'],
      ['else', 'CLOSED, `order.closed`'],
    ],
  },
};

/** The column in which a code payment stands, if it stands in one of these. */
export function codeColumnOf(order: Order): CodeColumnName | undefined {
  const isReversed = order.reversedAt !== undefined;
  if (!isCode(order)) {
    return undefined;
  }
  switch (order.status) {
    case 'CREATED':
    case 'AWAITING':
      return isReversed ? 'waits, and is being reversed' : 'waits';
    case 'CLOSED':
      return isReversed ? 'is CLOSED, and was being reversed' : undefined;
    default:
      return undefined;
  }
}
