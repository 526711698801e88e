import {
  type ControlAnswer,
  controlError,
  controlOk,
  findAccount,
  inputError,
} from '../control-answer.ts';
import { KIND_FIELDS, sendOdd } from '../control-notice.ts';
import { NOTICE_PLAN_FIELDS, readPlan } from '../control-payer.ts';
import type { FieldRules } from '../field-rules.ts';
import type { JsonObject } from '../json.ts';
import type { NoticePlan } from '../notice-schedule.ts';
import { notifyUrlIssue } from '../notify-url.ts';
import type { World } from '../world.ts';
import { claimedOrder, claimedSignPlan } from './claims.ts';
import { textOf } from './common-fields.ts';
import {
  findServiceOrder,
  findSignPlan,
  SERVICE_ORDER_FIELDS,
  SIGN_PLAN_FIELDS,
} from './control-answer.ts';
import { newMoment, usesOf } from './desk.ts';
import {
  ORDER_EVENTS,
  type OrderEvent,
  orderNotice,
  SERVICE_EVENTS,
  type ServiceEvent,
  SIGN_PLAN_EVENTS,
  type SignPlanEvent,
  serviceNotice,
  signPlanNotice,
} from './notice.ts';
import type { SignPlan } from './sign-plan.ts';

type Answer = ControlAnswer | Promise<ControlAnswer>;

/** `POST /_control/payscore-notice`: sends a notice about a sign plan or a service order of the wanted kind now. */
export const sendPayscoreNotices = (world: World, input: JsonObject): Answer => {
  const aboutOrder = input['out_order_no'] !== undefined;
  if (aboutOrder === (input['merchant_sign_plan_no'] !== undefined)) {
    return controlError(400, '/out_order_no: give either this field or merchant_sign_plan_no');
  }
  return aboutOrder ? aboutServiceOrder(world, input) : aboutSignPlan(world, input);
};

const ABOUT_SIGN_PLAN: FieldRules = {
  ...SIGN_PLAN_FIELDS,
  ...KIND_FIELDS,
  event: { kind: 'string', maxLength: 16, oneOf: SIGN_PLAN_EVENTS },
};

const aboutSignPlan = (world: World, input: JsonObject): Answer => {
  const error = inputError(ABOUT_SIGN_PLAN, input);
  if (error !== undefined) return error;
  const found = findSignPlan(world, input);
  if (!found.ok) return found.answer;
  const { account, item } = found;
  const { event = item.cancelled === undefined ? 'signed' : 'cancelled', kind } = input as {
    readonly event?: SignPlanEvent;
    readonly kind?: string;
  };
  const wasTold = event === 'signed' ? item.signed !== undefined : isCancelledByUser(item);
  if (kind === 'true' && !wasTold) return notSo(event);
  const { signPlan, moment } = claimedSignPlan(item, event, world.timers.now());
  const { notices, oddSamples } = world.payscore;
  const uses = event === 'signed' ? [] : usesOf(world, signPlan);
  const seen = { uses, nowMs: moment.atMs };
  const proper = signPlanNotice(signPlan, seen, event, { moment, odd: oddSamples });
  return sendOdd(world, input, proper, account, notices.signPlans);
};

/** A stop by the merchant is told to nobody. */
const isCancelledByUser = ({ cancelled }: SignPlan): boolean =>
  cancelled !== undefined && cancelled.type !== 'MERCHANT';

const ABOUT_ORDER: FieldRules = {
  ...SERVICE_ORDER_FIELDS,
  ...KIND_FIELDS,
  event: { kind: 'string', maxLength: 16, oneOf: ORDER_EVENTS },
};

const aboutServiceOrder = (world: World, input: JsonObject): Answer => {
  const error = inputError(ABOUT_ORDER, input);
  if (error !== undefined) return error;
  const found = findServiceOrder(world, input);
  if (!found.ok) return found.answer;
  const { account, item } = found;
  const { event = 'paid', kind } = input as { readonly event?: OrderEvent; readonly kind?: string };
  const isSo = event === 'paid' ? item.collected.length > 0 : item.confirmed !== undefined;
  if (kind === 'true' && !isSo) return notSo(event);
  const nowMs = world.timers.now();
  const { order, moment } = claimedOrder(item, event, nowMs);
  const { notices, oddSamples } = world.payscore;
  const proper = orderNotice(order, nowMs, event, { moment, odd: oddSamples });
  return sendOdd(world, input, proper, account, notices.orders);
};

const notSo = (event: string): ControlAnswer =>
  controlError(409, `it is not ${event}; kind untrue says so all the same`);

const SERVICE_FIELDS: FieldRules = {
  ...NOTICE_PLAN_FIELDS,
  mchid: textOf(32),
  status: { kind: 'string', required: true, maxLength: 8, oneOf: SERVICE_EVENTS },
  service_id: textOf(32),
  openid: { ...textOf(128), required: true },
  notify_url: { ...textOf(256), required: true },
};

/** `POST /_control/payscore-service`: a user gives or withdraws the authorization of a service; told to the address given. */
export const tellServiceControl = (world: World, input: JsonObject): ControlAnswer => {
  const error = inputError(SERVICE_FIELDS, input);
  if (error !== undefined) return error;
  const fields = input as unknown as {
    readonly status: ServiceEvent;
    readonly service_id?: string;
    readonly openid: string;
    readonly notify_url: string;
    readonly notice?: NoticePlan['mode'];
    readonly delay_s?: number;
  };
  const plan = readPlan(fields.notice, fields.delay_s);
  if (plan !== undefined && 'status' in plan) return plan;
  const urlIssue = notifyUrlIssue(fields.notify_url);
  if (urlIssue !== undefined) return controlError(400, `/notify_url: ${urlIssue}`);
  const account = findAccount(world, input['mchid']);
  if (account === undefined) return controlError(400, '/mchid: name one of the merchants');
  const wanted = fields.service_id ?? account.services[0]?.id;
  const service = account.services.find(({ id }) => id === wanted);
  if (service === undefined) return controlError(404, `no service ${wanted ?? ''}`);
  const authorization = {
    mchid: account.mchid,
    appid: account.appids[0] ?? '',
    serviceId: service.id,
    openid: fields.openid,
    url: fields.notify_url,
  };
  const notice = serviceNotice(authorization, fields.status, newMoment(world));
  world.payscore.notices.services.start(notice, plan ?? { mode: 'normal' });
  return controlOk({ notice_id: notice.id, ...notice.content });
};
