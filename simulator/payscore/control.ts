import type { ControlAnswer } from '../control-answer.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { setChargePlan, setCreationPlan, setOddSamples, setTexts } from './control-means.ts';
import { sendPayscoreNotices, tellServiceControl } from './control-notice.ts';
import {
  chargeControl,
  chargingControl,
  confirmControl,
  expireControl,
  signControl,
  userCancelControl,
} from './control-payer.ts';
import { readPlans, readServiceOrders, readSignPlans } from './control-reading.ts';

type Command = (world: World, input: JsonObject) => ControlAnswer | Promise<ControlAnswer>;
type Reader = (world: World, query: URLSearchParams) => ControlAnswer;

/** The control calls about PayScore, by name. */
export const PAYSCORE_COMMANDS: Readonly<Record<string, Command>> = {
  'payscore-sign': signControl,
  'payscore-user-cancel': userCancelControl,
  'payscore-expire': expireControl,
  'payscore-confirm': confirmControl,
  'payscore-pay': chargeControl,
  'payscore-charging': chargingControl,
  'payscore-charges': setChargePlan,
  'payscore-order-state': setCreationPlan,
  'payscore-notice': sendPayscoreNotices,
  'payscore-service': tellServiceControl,
  'payscore-texts': setTexts,
  'payscore-odd-samples': setOddSamples,
};

export const PAYSCORE_READERS: Readonly<Record<string, Reader>> = {
  plans: readPlans,
  'sign-plans': readSignPlans,
  'service-orders': readServiceOrders,
};
