import {
  type ControlAnswer,
  controlError,
  controlOk,
  findOrder,
  inputError,
  ORDER_FIELDS,
} from './control-answer.ts';
import { MAX_DELAY_S } from './control-payer.ts';
import type { FieldRules } from './field-rules.ts';
import type { JsonObject } from './json.ts';
import { transactionView } from './transaction-view.ts';
import { failPayment } from './v2/code-payment.ts';
import {
  FOLLOW_UPS,
  LEAVINGS,
  MICROPAY_CODES,
  type MicropayPlan,
  REVERSE_CODES,
  type ReversePlan,
  USUAL_REVERSE,
} from './v2/micropay-plan.ts';
import type { World } from './world.ts';

const TIMES: FieldRules = { times: { kind: 'integer', min: 1, max: 1_000_000 } };

const MICROPAY_FIELDS: FieldRules = {
  ...TIMES,
  outcome: {
    kind: 'string',
    required: true,
    maxLength: 32,
    oneOf: ['normal', 'paid', 'password', ...MICROPAY_CODES],
  },
  leaves: { kind: 'string', maxLength: 16, oneOf: LEAVINGS },
  ends: { kind: 'string', maxLength: 16, oneOf: FOLLOW_UPS },
  after_s: { kind: 'integer', min: 0, max: MAX_DELAY_S },
};

type MicropayInput = {
  readonly outcome: 'normal' | 'paid' | 'password' | NonNullable<MicropayPlan['code']>;
  readonly leaves?: MicropayPlan['leaves'];
  readonly ends?: NonNullable<MicropayPlan['ends']>['what'];
  readonly after_s?: number;
  readonly times?: number;
};

/** `POST /_control/micropay`: what becomes of the next codes that are scanned. */
export const setMicropayPlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(MICROPAY_FIELDS, input);
  if (error !== undefined) return error;
  const wanted = input as unknown as MicropayInput;
  const plan = readMicropayPlan(wanted);
  if ('status' in plan) return plan;
  const { outcome, times } = wanted;
  world.micropayPlan = { plan, remaining: remainingOf(outcome === 'normal', times) };
  return controlOk({ outcome, leaves: plan.leaves, times: times ?? null });
};

const readMicropayPlan = (input: MicropayInput): MicropayPlan | ControlAnswer => {
  const { outcome, leaves, ends, after_s: afterS } = input;
  const named = outcome === 'normal' || outcome === 'paid' || outcome === 'password';
  if (named && leaves !== undefined) return controlError(400, '/leaves: goes with a code only');
  const left = named ? (outcome === 'password' ? 'password' : 'paid') : (leaves ?? 'nothing');
  if ((ends === undefined) !== (afterS === undefined)) {
    return controlError(400, '/after_s: ends and after_s go together');
  }
  if (ends !== undefined && left !== 'password') {
    return controlError(400, '/ends: goes with a password only');
  }
  return {
    leaves: left,
    code: named ? undefined : outcome,
    ends: ends === undefined ? undefined : { what: ends, afterMs: (afterS ?? 0) * 1_000 },
  };
};

const remainingOf = (ends: boolean, times: number | undefined): number =>
  ends ? 0 : (times ?? Number.MAX_SAFE_INTEGER);

const REVERSE_FIELDS: FieldRules = {
  ...TIMES,
  outcome: {
    kind: 'string',
    required: true,
    maxLength: 32,
    oneOf: ['done', 'recall', ...REVERSE_CODES],
  },
  effect: { kind: 'boolean' },
  shows: { kind: 'string', maxLength: 16, oneOf: ['REVOKED', 'REFUND'] },
};

/** `POST /_control/reverse`: what becomes of the next reverses. */
export const setReversePlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(REVERSE_FIELDS, input);
  if (error !== undefined) return error;
  const { outcome, effect, shows, times } = input as unknown as {
    readonly outcome: ReversePlan['outcome'];
    readonly effect?: boolean;
    readonly shows?: ReversePlan['shows'];
    readonly times?: number;
  };
  if (outcome === 'done' && effect === false) {
    return controlError(400, '/effect: done always has it');
  }
  const plan: ReversePlan = {
    outcome,
    effect: effect ?? outcome === 'done',
    shows: shows ?? USUAL_REVERSE.shows,
  };
  world.reversePlan = { plan, remaining: remainingOf(false, times) };
  return controlOk({ outcome, effect: plan.effect, shows: plan.shows, times: times ?? null });
};

/** `POST /_control/decline`: the payer at the till says no, or the bank does. */
export const declineControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(ORDER_FIELDS, input);
  if (error !== undefined) return error;
  const found = findOrder(world, input);
  if (!found.ok) return found.answer;
  if (found.order.state !== 'USERPAYING') {
    return controlError(409, `nobody is entering a password: the order is ${found.order.state}`);
  }
  const failed = failPayment(found.order);
  world.orders.put(failed);
  return controlOk(transactionView(failed));
};
