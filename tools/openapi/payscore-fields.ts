import { z } from 'zod';
import { commandNames, detailStates } from '#core/payscore/evidence.ts';
import { serviceReviewReasons } from '#core/subjects/service-order/service-order.ts';
import { fen, named, text, time, transactionId, words } from './fields.ts';
import { patterns } from './limits.ts';

/** The fields that answers and events of PayScore share, each with its words. */

export const merchantPlanNo = named(patterns.payscoreNo, "The plan's number, yours.");
export const merchantSignPlanNo = named(patterns.payscoreNo, "The sign plan's number, yours.");
export const serviceId = named(patterns.serviceId, 'The PayScore service that WeChat opened.');
export const planId = named(patterns.payscoreId, "WeChat's number of the plan.");

const commandName = words(commandNames, 'Which call of WeChat it is.');

export const pendingCommand = words(
  commandNames,
  'What was asked for and WeChat has not answered yet. It is sent until it is known how it ended; no other command is taken meanwhile.',
).optional();

/** Why WeChat refused. */
const commandReason = text(
  "Of one that was refused: WeChat's code, `NUMBER_USED` (something else has this number) or `STATE` (it was over before).",
);

export const lastCommand = z
  .object({
    name: commandName,
    outcome: words(['done', 'refused'], 'How it ended.'),
    reason: commandReason.optional(),
  })
  .meta({ description: 'How the last command ended.' });

export const refusedCommand = z
  .object({ name: commandName, outcome: z.literal('refused'), reason: commandReason })
  .meta({ description: 'What WeChat refused.' });

const signedDetail = z.object({
  plan_detail_no: z.int().min(1).meta({ description: 'Its place in the plan, from 1.' }),
  merchant_plan_detail_no: named(
    patterns.payscoreNo,
    'Your number of it, which becomes that of its service order.',
  ),
  actual_price: fen('The most that it may cost, in fen.'),
  plan_detail_state: words(
    detailStates,
    '`NOT_USED`. `USING`: its service order runs. `USED`: paid, or finished with nothing to pay. `SIGN_PLAN_DETAIL_CANCEL`: lost.',
  ),
});

/** What is known of what a user signed, but for which plan of yours it is. */
export const signFacts = {
  plan_id: planId,
  sign_plan_id: named(patterns.payscoreId, "WeChat's number of the sign plan.").optional(),
  sign_time: time('When the user signed.').optional(),
  plan_over_time: time('Until when the details can be used.').optional(),
  details: z
    .array(signedDetail)
    .meta({ description: 'The details in their order. None on an UNMATCHED sign plan.' }),
};

export const cancelSignType = text(
  'Who ended it: `USER`, `MERCHANT` (you), or `REVOKE_SERVICE`: the user withdrew the service.',
).optional();

/** What is known of what a service costs, and how it was paid. */
export const chargeFacts = {
  order_id: named(patterns.payscoreId, "WeChat's number of the service order.").optional(),
  total_amount: fen('What is charged, in fen: as it was completed, or lowered since.').optional(),
  paid_amount: fen('What was paid, in fen.').optional(),
  paid_type: text(
    '`NEWTON`: charged by PayScore. `MCH`: paid another way, as you said.',
  ).optional(),
  transaction_id: transactionId.optional(),
  success_time: time('When it was paid.').optional(),
};

export const serviceReviewReason = words(
  serviceReviewReasons,
  'Why a person must look: another `amount` or `payer` than agreed, or paid although it was over (`revoked`).',
);
