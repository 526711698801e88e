import type { Account } from '#core/account.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewPlan } from '#core/subjects/plan/start.ts';
import type { NewServiceOrder } from '#core/subjects/service-order/start.ts';
import type { NewSignPlan } from '#core/subjects/sign-plan/start.ts';
import type { MerchantPlanNo, MerchantSignPlanNo, OutOrderNo } from '#core/values/ids.ts';
import {
  type ApiRoute,
  answerBody,
  type Gate,
  type Handle,
  isRefresh,
  routesOn,
  type Shown,
  show,
} from './merchant-route.ts';
import { planNumber, serviceOrderNumber, signPlanNumber } from './path-number.ts';
import { readPlanRequest } from './plan-request.ts';
import type { Read } from './request-reading.ts';
import {
  type CommandRequest,
  payRequest,
  readCancelRequest,
  readCompleteRequest,
  readModifyRequest,
  readSyncRequest,
} from './service-order-command-request.ts';
import { readServiceOrderRequest } from './service-order-request.ts';
import { readSignPlanRequest, readSignPlanStop, type SignPlanStop } from './sign-plan-request.ts';

/** What the API does with PayScore plans, each for an account that the caller may see. */
export type PayscoreJobs = {
  readonly putPlan: (account: Account, plan: NewPlan) => Promise<Answer<Shown>>;
  readonly getPlan: (
    account: Account,
    merchant_plan_no: MerchantPlanNo,
    refresh: boolean,
  ) => Promise<Answer<Shown>>;
  readonly stopPlan: (account: Account, merchant_plan_no: MerchantPlanNo) => Promise<Answer<Shown>>;
  readonly putSignPlan: (
    account: Account,
    signPlan: Omit<NewSignPlan, 'notify_url'>,
  ) => Promise<Answer<Shown>>;
  readonly getSignPlan: (
    account: Account,
    merchant_sign_plan_no: MerchantSignPlanNo,
    refresh: boolean,
  ) => Promise<Answer<Shown>>;
  readonly stopSignPlan: (
    account: Account,
    stop: SignPlanStop & Pick<NewSignPlan, 'merchant_sign_plan_no'>,
  ) => Promise<Answer<Shown>>;
  readonly putServiceOrder: (
    account: Account,
    serviceOrder: Omit<NewServiceOrder, 'notify_url'>,
  ) => Promise<Answer<Shown>>;
  readonly getServiceOrder: (
    account: Account,
    out_order_no: OutOrderNo,
    refresh: boolean,
  ) => Promise<Answer<Shown>>;
  readonly commandServiceOrder: (
    account: Account,
    command: CommandRequest & Pick<NewServiceOrder, 'out_order_no'>,
  ) => Promise<Answer<Shown>>;
};

const planPath = '/v1/{account}/payscore/plans/{merchant_plan_no}';
const signPlanPath = '/v1/{account}/payscore/sign-plans/{merchant_sign_plan_no}';
const serviceOrderPath = '/v1/{account}/payscore/service-orders/{out_order_no}';

/** The routes of PayScore plans: the plan, what one user signed of it, and each service that is used. */
export function payscoreRoutes(jobs: Gate & PayscoreJobs): ApiRoute[] {
  const on = routesOn(jobs);
  return [
    on(planPath, planNumber)('GET', 'payscore:read', getPlan),
    on(planPath, planNumber)('PUT', 'payscore:write', putPlan),
    on(`${planPath}/stop`, planNumber)('POST', 'payscore:write', stopPlan),
    on(signPlanPath, signPlanNumber)('GET', 'payscore:read', getSignPlan),
    on(signPlanPath, signPlanNumber)('PUT', 'payscore:write', putSignPlan),
    on(`${signPlanPath}/stop`, signPlanNumber)('POST', 'payscore:write', stopSignPlan),
    on(serviceOrderPath, serviceOrderNumber)('GET', 'payscore:read', getServiceOrder),
    on(serviceOrderPath, serviceOrderNumber)('PUT', 'payscore:write', putServiceOrder),
    on(`${serviceOrderPath}/complete`, serviceOrderNumber)('POST', 'payscore:write', complete),
    on(`${serviceOrderPath}/cancel`, serviceOrderNumber)('POST', 'payscore:write', cancel),
    on(`${serviceOrderPath}/modify`, serviceOrderNumber)('POST', 'payscore:write', modify),
    on(`${serviceOrderPath}/sync`, serviceOrderNumber)('POST', 'payscore:write', sync),
    on(`${serviceOrderPath}/pay`, serviceOrderNumber)('POST', 'payscore:write', pay),
  ];
}

type PlanHandle = Handle<MerchantPlanNo, Gate & PayscoreJobs>;
type SignPlanHandle = Handle<MerchantSignPlanNo, Gate & PayscoreJobs>;
type ServiceOrderHandle = Handle<OutOrderNo, Gate & PayscoreJobs>;

const putPlan: PlanHandle = (jobs, { account, number: merchant_plan_no }, asked) =>
  answerBody(jobs, asked, readPlanRequest, (plan) =>
    jobs.putPlan(account, { ...plan, merchant_plan_no, requestId: asked.requestId }),
  );

const getPlan: PlanHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.getPlan(account, number, isRefresh(asked)), asked);

const stopPlan: PlanHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.stopPlan(account, number), asked);

const putSignPlan: SignPlanHandle = (jobs, { account, number: merchant_sign_plan_no }, asked) =>
  answerBody(jobs, asked, readSignPlanRequest, (signPlan) =>
    jobs.putSignPlan(account, {
      ...signPlan,
      merchant_sign_plan_no,
      requestId: asked.requestId,
    }),
  );

const getSignPlan: SignPlanHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.getSignPlan(account, number, isRefresh(asked)), asked);

const stopSignPlan: SignPlanHandle = (jobs, { account, number: merchant_sign_plan_no }, asked) =>
  answerBody(jobs, asked, readSignPlanStop, (stop) =>
    jobs.stopSignPlan(account, { ...stop, merchant_sign_plan_no }),
  );

const putServiceOrder: ServiceOrderHandle = (jobs, { account, number: out_order_no }, asked) =>
  answerBody(jobs, asked, readServiceOrderRequest, (serviceOrder) =>
    jobs.putServiceOrder(account, {
      ...serviceOrder,
      out_order_no,
      requestId: asked.requestId,
    }),
  );

const getServiceOrder: ServiceOrderHandle = async (jobs, { account, number }, asked) =>
  show(await jobs.getServiceOrder(account, number, isRefresh(asked)), asked);

const commanding =
  (read: (body: Uint8Array) => Read<CommandRequest>): ServiceOrderHandle =>
  (jobs, { account, number: out_order_no }, asked) =>
    answerBody(jobs, asked, read, (command) =>
      jobs.commandServiceOrder(account, { ...command, out_order_no }),
    );

const complete = commanding(readCompleteRequest);
const cancel = commanding(readCancelRequest);
const modify = commanding(readModifyRequest);
const sync = commanding(readSyncRequest);

const pay: ServiceOrderHandle = async (jobs, { account, number: out_order_no }, asked) =>
  show(await jobs.commandServiceOrder(account, { ...payRequest, out_order_no }), asked);
