import type { JsonObject, JsonValue } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { MerchantCall, Reply } from '../merchant-call.ts';
import type { World } from '../world.ts';
import { createPlan, queryPlan, stopPlanCall } from './plan-calls.ts';
import type { PayscoreOperation } from './routes.ts';
import { createServiceOrder, queryServiceOrder } from './service-order-calls.ts';
import { createSignPlan, querySignPlan, stopSignPlan } from './sign-plan-calls.ts';
import {
  askToPayServiceOrder,
  cancelServiceOrder,
  completeServiceOrder,
  modifyServiceOrder,
  syncServiceOrder,
} from './step-calls.ts';

type Perform = (world: World, call: MerchantCall) => Reply;

const PERFORMERS: Readonly<Record<PayscoreOperation, Perform>> = {
  'payscore-create-plan': createPlan,
  'payscore-query-plan': queryPlan,
  'payscore-stop-plan': stopPlanCall,
  'payscore-create-sign-plan': createSignPlan,
  'payscore-query-sign-plan': querySignPlan,
  'payscore-stop-sign-plan': stopSignPlan,
  'payscore-create-order': createServiceOrder,
  'payscore-query-order': queryServiceOrder,
  'payscore-complete': completeServiceOrder,
  'payscore-cancel': cancelServiceOrder,
  'payscore-modify': modifyServiceOrder,
  'payscore-sync': syncServiceOrder,
  'payscore-pay': askToPayServiceOrder,
};

/** Carries out one call of PayScore; its answer prints numbers as text when told to. */
export const performPayscoreCall = (
  world: World,
  call: MerchantCall,
  operation: PayscoreOperation,
): Reply => {
  const reply = PERFORMERS[operation](world, call);
  if (!reply.ok || reply.body === undefined || !world.payscore.numbersAsText) return reply;
  return { ok: true, body: withTexts(reply.body) };
};

const withTexts = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asText(member)]));

const asText = (value: JsonValue): JsonValue => {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(asText);
  return isJsonObject(value) ? withTexts(value) : value;
};
