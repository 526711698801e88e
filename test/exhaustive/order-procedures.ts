import type { Cases } from './cases.ts';
import type { Condition } from './order-conditions.ts';
import type { Outcome } from './order-outcomes.ts';

/** What several cells say with one word; where one says another's word, that one's cases follow. */
export const procedures = {
  close: [
    ['a code payment that is not being reversed', 'noted that it is, and looked on at once'],
    ['not sent in this look', 'send it and ask WeChat again'],
    ['a close met a fault', 'look again in an hour'],
    ['still waits', 'next wake'],
    ['else', 'look again, pauses growing'],
  ],
  reversed: [
    ['not sent in this look', 'send it and ask WeChat again'],
    ['REFUND, and the reversal was done', 'CLOSED, `order.closed`, the payment noted'],
    ['SUCCESS that differs, and the reversal was refused', 'REVIEW, `order.review`'],
    ['SUCCESS, the reversal was refused, late policy `refund`', 'given back as late'],
    ['SUCCESS, and the reversal was refused', 'REVIEW, `order.paid_late`'],
    ['from `closeAt` + 24 h on', 'REVIEW for `reverse`, `order.review`'],
    ['the reversal met a fault', 'look again in an hour'],
    ['else', 'next wake'],
  ],
  'a contradiction': [
    ['raised before', '–'],
    ['for the first time', 'look again in 10 min'],
    ['for less than 10 min', 'look when they are over'],
    ['else', '`contradiction`, `order.review`'],
  ],
  'noted once': [
    ['noted before', '–'],
    ['else', 'noted'],
  ],
  'not believed': [
    ['a close met a fault', 'look again in an hour'],
    ['a close met no definite answer', 'look again, pauses growing'],
    [
      'a look is owed, or in doubt, or CLOSED and known to WeChat (14 times at most)',
      'look again, pauses growing',
    ],
    ['still waits', 'next wake'],
    ['else', '–'],
  ],
  announced: [
    ['its `reference` is not claimed yet', 'claim it, then decide'],
    ['it has no `reference`, or owns it', 'PAID, `order.paid`'],
    ['the owner waits, before `closeAt` + 24 h', 'look again, for the owner too'],
    ['the owner is paid, duplicate policy `refund`', 'given back as a duplicate'],
    ['else', 'REVIEW, `order.duplicate`'],
  ],
  'given back as a duplicate': [
    ['a refund of it counts, or the automatic one is used up', 'REVIEW, `order.duplicate`'],
    ['else', 'PAID, `order.duplicate`, all of it goes back'],
  ],
  'given back as late': [
    ['a refund of it counts, or the automatic one is used up', 'REVIEW, `order.paid_late`'],
    ['else', 'PAID, `order.paid_late`, all of it goes back'],
  ],
  accepted: [
    ['its `reference` is not claimed yet', 'claim it, then decide'],
    ['else', 'PAID, `order.paid` with `accepted_by`'],
  ],
  'given back': [
    ['a refund of it counts, or the automatic one is used up', 'not possible'],
    ['else', 'PAID, all of it goes back'],
  ],
  'closed for good': [
    ['never placed by us', 'not possible'],
    ['a code payment that is not being reversed', 'noted that it is, and looked on at once'],
    ['not sent in this look', 'send it and ask WeChat again'],
    ['resolved a day ago', 'not possible'],
    ['a close met a fault', 'look again in an hour'],
    ['else', 'look again, pauses growing'],
  ],
} as const satisfies Readonly<Record<string, Cases<Condition, Outcome | Named>>>;

type Named = 'given back as a duplicate' | 'given back as late';

export type ProcedureName = keyof typeof procedures;

export type Cell = Cases<Condition, Outcome | ProcedureName>;

export function isProcedure(outcome: Outcome | ProcedureName): outcome is ProcedureName {
  return outcome in procedures;
}
