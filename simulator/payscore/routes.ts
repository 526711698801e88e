export const PAYSCORE_OPERATIONS = [
  'payscore-create-plan',
  'payscore-query-plan',
  'payscore-stop-plan',
  'payscore-create-sign-plan',
  'payscore-query-sign-plan',
  'payscore-stop-sign-plan',
  'payscore-create-order',
  'payscore-query-order',
  'payscore-complete',
  'payscore-cancel',
  'payscore-modify',
  'payscore-sync',
  'payscore-pay',
] as const;

export type PayscoreOperation = (typeof PAYSCORE_OPERATIONS)[number];

type Entry = {
  readonly operation: PayscoreOperation;
  readonly method: string;
  readonly path: RegExp;
};

const PLAN = '^/v3/payscore/plan/payscore-plans';
const SIGN_PLAN = '^/v3/payscore/sign-plan/user-sign-plans';
const ORDER = '^/v3/payscore/serviceorder';
const NUMBER = '([^/]+)';

const entry = (operation: PayscoreOperation, method: string, path: string): Entry => ({
  operation,
  method,
  path: new RegExp(`${path}$`),
});

/** The calls of a direct merchant (guide of 2024-11-28). */
export const PAYSCORE_TABLE: readonly Entry[] = [
  entry('payscore-create-plan', 'POST', PLAN),
  entry('payscore-query-plan', 'GET', `${PLAN}/merchant-plan-no/${NUMBER}`),
  entry('payscore-stop-plan', 'POST', `${PLAN}/merchant-plan-no/${NUMBER}/stop`),
  entry('payscore-create-sign-plan', 'POST', SIGN_PLAN),
  entry('payscore-query-sign-plan', 'GET', `${SIGN_PLAN}/merchant-sign-plan-no/${NUMBER}`),
  entry('payscore-stop-sign-plan', 'POST', `${SIGN_PLAN}/merchant-sign-plan-no/${NUMBER}/stop`),
  entry('payscore-create-order', 'POST', '^/v3/payscore/sign-plan/serviceorder'),
  entry('payscore-query-order', 'GET', ORDER),
  entry('payscore-complete', 'POST', `${ORDER}/${NUMBER}/complete`),
  entry('payscore-cancel', 'POST', `${ORDER}/${NUMBER}/cancel`),
  entry('payscore-modify', 'POST', `${ORDER}/${NUMBER}/modify`),
  entry('payscore-sync', 'POST', `${ORDER}/${NUMBER}/sync`),
  entry('payscore-pay', 'POST', `${ORDER}/${NUMBER}/pay`),
];

export const isPayscoreOperation = (operation: string): operation is PayscoreOperation =>
  operation.startsWith('payscore-');
