import { z } from 'zod';
import { flag, text, time, words } from './fields.ts';

const causes = [
  'request',
  'notice',
  'timer',
  'after-close',
  'bill',
  'refund',
  'service-order',
] as const;

/** The changes of a record, as `GET` shows them. */
export const historyOf = (statuses: readonly string[], subject: string) =>
  z
    .array(
      z.object({
        at: time('When it changed.'),
        from: words(['-', ...statuses], `Its status before; \`-\`: there was no such ${subject}.`),
        to: words(['-', ...statuses], 'Its status after.'),
        because: words(causes, 'What made us look.'),
        evidence: text('What WeChat had answered.').optional(),
      }),
    )
    .max(32)
    .meta({ description: 'The first 4 and the last 28 changes.' });

export const historyCount = z.int().min(0).meta({ description: 'How many changes there were.' });
export const refreshed = flag(
  'Only with `refresh=true`: whether WeChat answered. If not, this is how it stood before.',
).optional();
