import { type ControlAnswer, controlError, controlOk, inputError } from '../control-answer.ts';
import { MAX_DELAY_S } from '../control-payer.ts';
import type { FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { type ChargePlan, type CreationPlan, USUAL_CHARGE } from './charge-plan.ts';

const TIMES: FieldRules = { times: { kind: 'integer', min: 1, max: 1_000_000 } };

const CHARGE_FIELDS: FieldRules = {
  ...TIMES,
  outcome: { kind: 'string', required: true, maxLength: 16, oneOf: ['paid', 'failing'] },
  delay_s: { kind: 'integer', min: 0, max: MAX_DELAY_S },
  failures: { kind: 'integer', min: 0, max: 1_000 },
};

/** `POST /_control/payscore-charges`: what becomes of the next charges. */
export const setChargePlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(CHARGE_FIELDS, input);
  if (error !== undefined) return error;
  const { outcome, delay_s, failures, times } = input as unknown as {
    readonly outcome: ChargePlan['outcome'];
    readonly delay_s?: number;
    readonly failures?: number;
    readonly times?: number;
  };
  if (outcome === 'failing' && (delay_s ?? failures) !== undefined) {
    return controlError(400, '/outcome: failing goes with neither delay_s nor failures');
  }
  const delayMs = delay_s === undefined ? USUAL_CHARGE.delayMs : delay_s * 1_000;
  world.payscore.charges = {
    plan: outcome === 'failing' ? { outcome } : { outcome, delayMs, failures: failures ?? 0 },
    remaining: times ?? Number.MAX_SAFE_INTEGER,
  };
  return controlOk({ outcome, times: times ?? null });
};

const CREATION_FIELDS: FieldRules = {
  ...TIMES,
  state: { kind: 'string', required: true, maxLength: 16, oneOf: ['CREATED', 'DOING'] },
};

/** `POST /_control/payscore-order-state`: in which state the next service orders are created. */
export const setCreationPlan = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(CREATION_FIELDS, input);
  if (error !== undefined) return error;
  const { state, times } = input as unknown as CreationPlan & { readonly times?: number };
  world.payscore.creations = { plan: { state }, remaining: times ?? Number.MAX_SAFE_INTEGER };
  return controlOk({ state, times: times ?? null });
};

const SWITCH_FIELDS: FieldRules = { on: { kind: 'boolean', required: true } };

/** `POST /_control/payscore-texts`: whether answers print their numbers as text, as some samples of WeChat Pay do. */
export const setTexts = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(SWITCH_FIELDS, input);
  if (error !== undefined) return error;
  world.payscore.numbersAsText = input['on'] === true;
  return controlOk({ on: world.payscore.numbersAsText });
};

/** `POST /_control/payscore-odd-samples`: whether notices contradict themselves, as the samples of WeChat Pay do. */
export const setOddSamples = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(SWITCH_FIELDS, input);
  if (error !== undefined) return error;
  world.payscore.oddSamples = input['on'] === true;
  return controlOk({ on: world.payscore.oddSamples });
};
