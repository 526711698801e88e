import { passing, pathPart, queryOf } from './call-parts.ts';
import type { Caller } from './calling.ts';
import {
  isPlanView,
  isServiceOrderView,
  isSignPlanView,
  type PlanView,
  type ServiceOrderView,
  type SignPlanView,
} from './payscore-answers.ts';
import type {
  CancelRequest,
  CompleteRequest,
  ModifyRequest,
  PlanRequest,
  ServiceOrderRequest,
  SignPlanRequest,
  SyncRequest,
} from './payscore-requests.ts';

type Reading = { readonly refresh?: boolean };

/**
 * PayScore plans. Each call shows what it is about as it then stands; while it has a `pending_command`,
 * WeChat has not answered: look again, or wait for the event.
 */
export type PayscoreClient = {
  /** Makes a plan, or answers for one that was made with the same body. */
  readonly putPlan: (merchant_plan_no: string, plan: PlanRequest) => Promise<PlanView>;
  /** `refresh`: WeChat is asked first, here and below. */
  readonly getPlan: (merchant_plan_no: string, options?: Reading) => Promise<PlanView>;
  /** Nobody can sign it any more; who signed it goes on. */
  readonly stopPlan: (merchant_plan_no: string) => Promise<PlanView>;
  /** Launches a plan for one user: `launch` opens the sign page. */
  readonly putSignPlan: (
    merchant_sign_plan_no: string,
    signPlan: SignPlanRequest,
  ) => Promise<SignPlanView>;
  readonly getSignPlan: (merchant_sign_plan_no: string, options?: Reading) => Promise<SignPlanView>;
  /** Ends a user's sign plan: details that are not used are lost. */
  readonly stopSignPlan: (
    merchant_sign_plan_no: string,
    stop: { readonly stop_reason: string },
  ) => Promise<SignPlanView>;
  /** Begins the service of a detail, by the number that the detail was signed with. */
  readonly putServiceOrder: (
    out_order_no: string,
    serviceOrder: ServiceOrderRequest,
  ) => Promise<ServiceOrderView>;
  readonly getServiceOrder: (out_order_no: string, options?: Reading) => Promise<ServiceOrderView>;
  /** The service is over: WeChat charges what it costs. */
  readonly completeServiceOrder: (
    out_order_no: string,
    completion: CompleteRequest,
  ) => Promise<ServiceOrderView>;
  readonly cancelServiceOrder: (
    out_order_no: string,
    cancellation: CancelRequest,
  ) => Promise<ServiceOrderView>;
  /** Lowers the total while WeChat is charging. */
  readonly modifyServiceOrder: (
    out_order_no: string,
    modification: ModifyRequest,
  ) => Promise<ServiceOrderView>;
  /** Tells that the user paid another way. */
  readonly syncServiceOrder: (
    out_order_no: string,
    payment: SyncRequest,
  ) => Promise<ServiceOrderView>;
  /** Asks WeChat to charge once more, now. */
  readonly payServiceOrder: (out_order_no: string) => Promise<ServiceOrderView>;
};

/** The calls of PayScore. */
export function createPayscoreClient(call: Caller): PayscoreClient {
  const plan = (number: string): string =>
    `/payscore/plans/${pathPart('merchant_plan_no', number)}`;
  const signPlan = (number: string): string =>
    `/payscore/sign-plans/${pathPart('merchant_sign_plan_no', number)}`;
  const serviceOrder = (number: string): string =>
    `/payscore/service-orders/${pathPart('out_order_no', number)}`;
  const command = async (
    number: string,
    name: 'complete' | 'cancel' | 'modify' | 'sync' | 'pay',
    body?: object,
  ): Promise<ServiceOrderView> => {
    const path = `${serviceOrder(number)}/${name}`;
    const read = passing(isServiceOrderView);
    return await call({ method: 'POST', path, read, ...(body !== undefined && { body }) });
  };
  return {
    putPlan: async (number, body) =>
      await call({ method: 'PUT', path: plan(number), body, read: passing(isPlanView) }),
    getPlan: async (number, options = {}) => {
      const path = `${plan(number)}${queryOf(options)}`;
      return await call({ method: 'GET', path, read: passing(isPlanView) });
    },
    stopPlan: async (number) =>
      await call({ method: 'POST', path: `${plan(number)}/stop`, read: passing(isPlanView) }),
    putSignPlan: async (number, body) =>
      await call({ method: 'PUT', path: signPlan(number), body, read: passing(isSignPlanView) }),
    getSignPlan: async (number, options = {}) => {
      const path = `${signPlan(number)}${queryOf(options)}`;
      return await call({ method: 'GET', path, read: passing(isSignPlanView) });
    },
    stopSignPlan: async (number, body) => {
      const path = `${signPlan(number)}/stop`;
      return await call({ method: 'POST', path, body, read: passing(isSignPlanView) });
    },
    putServiceOrder: async (number, body) => {
      const path = serviceOrder(number);
      return await call({ method: 'PUT', path, body, read: passing(isServiceOrderView) });
    },
    getServiceOrder: async (number, options = {}) => {
      const path = `${serviceOrder(number)}${queryOf(options)}`;
      return await call({ method: 'GET', path, read: passing(isServiceOrderView) });
    },
    completeServiceOrder: (number, body) => command(number, 'complete', body),
    cancelServiceOrder: (number, body) => command(number, 'cancel', body),
    modifyServiceOrder: (number, body) => command(number, 'modify', body),
    syncServiceOrder: (number, body) => command(number, 'sync', body),
    payServiceOrder: (number) => command(number, 'pay'),
  };
}
