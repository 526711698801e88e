import type { Order } from '#core/subjects/order/order.ts';
import type { RowName } from './order-answers.ts';
import type { Outcome } from './order-outcomes.ts';
import type { Cell } from './order-procedures.ts';

/** Our statuses: the columns of the order's table. */
export const columnNames = [
  'CREATED, AWAITING',
  'PAID',
  'CLOSED',
  'REFUSED',
  'REVIEW',
  'UNMATCHED',
] as const;
export type ColumnName = (typeof columnNames)[number];

const rest: Cell = [['else', '–']];
const review: Cell = [['else', 'REVIEW, `order.review`']];
const against: Cell = [['else', 'a contradiction']];
const closeOurs: Cell = [
  ['never placed by us', '–'],
  ['else', 'close'],
];
const announced: Cell = [['else', 'announced']];
const late: Cell = [
  ['late policy `refund`', 'given back as late'],
  ['late policy `hold`', 'REVIEW, `order.paid_late`'],
  ['late policy `fulfil`', 'announced'],
];
const addedToReview: Cell = [
  ['noted before', '–'],
  ['money was seen', 'noted'],
  ['else', 'noted, and the reason from now on'],
];
const doubted: Cell = [['else', 'not believed']];

/**
 * What WeChat says × our status, written from the decisions and not from the code: the walk compares
 * each decision with it, and `docs/architecture.md` shows it.
 */
export const orderTable: Readonly<Record<RowName, Readonly<Record<ColumnName, Cell>>>> = {
  'SUCCESS, money and identity match': {
    'CREATED, AWAITING': announced,
    PAID: [
      ['in doubt', 'no longer in doubt'],
      ['else', '–'],
    ],
    CLOSED: [['it was closed knowing of this payment', 'REVIEW, `order.paid_late`'], ...late],
    REFUSED: late,
    REVIEW: [
      ['opened for `not-found` or `user-paying`', 'announced'],
      ['else', 'noted once'],
    ],
    UNMATCHED: rest,
  },
  'SUCCESS; amount, currency, mchid, appid or payer differ': {
    'CREATED, AWAITING': review,
    PAID: against,
    CLOSED: review,
    REFUSED: review,
    REVIEW: addedToReview,
    UNMATCHED: rest,
  },
  REFUND: {
    'CREATED, AWAITING': review,
    PAID: [
      ['in doubt', 'noted, no longer in doubt'],
      ['else', 'noted once'],
    ],
    CLOSED: [
      ['it was closed knowing of this payment', 'noted once'],
      ['else', 'REVIEW, `order.review`'],
    ],
    REFUSED: review,
    REVIEW: addedToReview,
    UNMATCHED: rest,
  },
  'NOTPAY, PAYERROR': {
    'CREATED, AWAITING': [
      ['before `closeAt`', 'next wake'],
      ['never placed by us', 'REFUSED'],
      ['else', 'close'],
    ],
    PAID: against,
    CLOSED: closeOurs,
    REFUSED: rest,
    REVIEW: [
      ['before `closeAt`', '–'],
      ['never placed by us', '–'],
      ['else', 'close'],
    ],
    UNMATCHED: rest,
  },
  'USERPAYING, ACCEPT': {
    'CREATED, AWAITING': [
      ['never placed by us, from `closeAt` on', 'REFUSED'],
      ['before `closeAt` + 10 min', 'look again in 30 s'],
      ['before `closeAt` + 24 h', 'close'],
      ['else', 'REVIEW, `order.review`, a look every 10 min'],
    ],
    PAID: against,
    CLOSED: closeOurs,
    REFUSED: rest,
    REVIEW: [
      ['opened for `user-paying`', 'next wake'],
      ['else', '–'],
    ],
    UNMATCHED: rest,
  },
  'CLOSED, REVOKED': {
    'CREATED, AWAITING': [
      ['never placed by us', 'REFUSED'],
      ['else', 'CLOSED, `order.closed`'],
    ],
    PAID: against,
    CLOSED: rest,
    REFUSED: rest,
    REVIEW: [
      ['money was seen', '–'],
      ['else', 'CLOSED, `order.closed`'],
    ],
    UNMATCHED: rest,
  },
  'no such order (unsigned)': {
    'CREATED, AWAITING': [
      ['before `closeAt`', 'next wake'],
      ['placed by us, and no definite answer to a close yet', 'close'],
      ['not found for the first time', 'look again in 90 s'],
      ['for less than 90 s', 'look when they are over'],
      ['never placed by us', 'REFUSED'],
      ['we hold its link', 'REVIEW, `order.review`, one more look'],
      ['else', 'CLOSED, `order.closed`'],
    ],
    PAID: doubted,
    CLOSED: doubted,
    REFUSED: doubted,
    REVIEW: doubted,
    UNMATCHED: doubted,
  },
  'no usable answer': everywhere('look again, pauses growing'),
  'our account is at fault': everywhere('look again in an hour'),
};

function everywhere(outcome: Outcome): Readonly<Record<ColumnName, Cell>> {
  const cell: Cell = [['else', outcome]];
  return {
    'CREATED, AWAITING': cell,
    PAID: cell,
    CLOSED: cell,
    REFUSED: cell,
    REVIEW: cell,
    UNMATCHED: cell,
  };
}

/** The column in which an order stands. */
export function columnOf({ status }: Pick<Order, 'status'>): ColumnName {
  return status === 'CREATED' || status === 'AWAITING' ? 'CREATED, AWAITING' : status;
}
