import type { ResolveAction } from '#core/subjects/order/order.ts';
import type { RowName } from './order-answers.ts';
import type { Cell } from './order-procedures.ts';

const accepted: Cell = [['else', 'accepted']];
const givenBack: Cell = [['else', 'given back']];
const close: Cell = [['else', 'closed for good']];
const closed: Cell = [['else', 'CLOSED, `order.closed` with `resolved`']];
const impossible: Cell = [['else', 'not possible']];
/** Unsigned, and we know better. */
const known = ['its payment is known', 'look again, pauses growing'] as const;
const unanswered: Cell = [['else', 'look again, pauses growing']];
const fault: Cell = [['else', 'look again in an hour']];

/** What WeChat says × what a person decided about the REVIEW, before anything else is done. */
export const resolvedTable: Readonly<Record<RowName, Readonly<Record<ResolveAction, Cell>>>> = {
  'SUCCESS, money and identity match': { accept: accepted, refund: givenBack, close: impossible },
  'SUCCESS; amount, currency, mchid, appid or payer differ': {
    accept: accepted,
    refund: givenBack,
    close: impossible,
  },
  REFUND: {
    accept: accepted,
    refund: impossible,
    close: [['there are refunds of it, and none counts', 'not possible'], ...closed],
  },
  'NOTPAY, PAYERROR': { accept: impossible, refund: impossible, close },
  'USERPAYING, ACCEPT': { accept: impossible, refund: impossible, close },
  'CLOSED, REVOKED': {
    accept: impossible,
    refund: impossible,
    close: [['CLOSED, and its payment is known', 'not possible'], ...closed],
  },
  'no such order (unsigned)': {
    accept: [known, ...impossible],
    refund: [known, ...impossible],
    close: [
      known,
      ['a close was answered definitely', 'CLOSED, `order.closed` with `resolved`'],
      ['else', 'closed for good'],
    ],
  },
  'no usable answer': { accept: unanswered, refund: unanswered, close: unanswered },
  'our account is at fault': { accept: fault, refund: fault, close: fault },
};
