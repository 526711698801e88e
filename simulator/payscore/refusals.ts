import { invalidRequest, orderNotExist, type Refusal } from '../refusals.ts';

/** The merchant, or this appid of his, may not use the service. */
export const noAuth: Refusal = {
  status: 403,
  code: 'NO_AUTH',
  message: 'The merchant or the appid is not bound to the service',
  number: 268435461,
};

export const planNotExist: Refusal = {
  status: 404,
  code: 'RESOURCE_NOT_EXISTS',
  message: 'No such plan',
  number: 268435466,
};

export const signPlanNotExist: Refusal = { ...planNotExist, message: 'No such sign plan' };

export const serviceOrderNotExist: Refusal = {
  ...orderNotExist,
  message: 'No such service order',
  number: 271317510,
};

export const otherParameters: Refusal = invalidRequest(
  'This number was used with other parameters',
  271316598,
);

/** The step does not fit the state of the service order. */
export const invalidOrderState = (message: string): Refusal => ({
  status: 400,
  code: 'INVALID_ORDER_STATE',
  message,
  number: 271302262,
});

export const orderCanceled: Refusal = {
  status: 400,
  code: 'ORDER_CANCELED',
  message: 'The service order is cancelled',
  number: 271302332,
};

export const orderDone: Refusal = {
  status: 400,
  code: 'ORDER_DONE',
  message: 'The service order is done',
  number: 271302333,
};

export const beingCharged: Refusal = invalidRequest(
  'The document is being charged, try again in three minutes',
  271316754,
);
