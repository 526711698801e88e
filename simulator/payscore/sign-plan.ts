import type { Plan } from './plan.ts';

/** What a call asks for, with every field in one text. */
export type SignPlanWish = {
  readonly merchantSignPlanNo: string;
  readonly serviceId: string;
  readonly planId: string;
  readonly appid: string;
  readonly openid: string;
  readonly notifyUrl: string;
  /** The merchant's number of each detail: it becomes the number of its service order. */
  readonly detailNumbers: readonly DetailNumber[];
  readonly fingerprint: string;
};

export type DetailNumber = {
  readonly planDetailNo: number;
  readonly merchantPlanDetailNo: string;
};

/** When something happened, and the id of the notice that says so. */
export type Moment = { readonly atMs: number; readonly noticeId: string };

export type CancelType = 'USER' | 'MERCHANT' | 'REVOKE_SERVICE';

type Cancelled = Moment & { readonly type: CancelType; readonly reason: string };

/** One user's signature on a plan. The plan is kept as it was, since stopping it changes nothing here. */
export type SignPlan = SignPlanWish & {
  readonly mchid: string;
  readonly signPlanId: string;
  readonly plan: Plan;
  /** Opens the sign page. */
  readonly packageText: string;
  readonly createdAtMs: number;
  readonly signed: Moment | undefined;
  /** When it runs out; undefined until it is signed. */
  readonly overAtMs: number | undefined;
  readonly cancelled: Cancelled | undefined;
  /** Ran out before anybody signed it. */
  readonly lapsed: boolean;
};

/** What became of a detail for which there is a service order. */
export type DetailUse = {
  readonly planDetailNo: number;
  readonly state: 'USING' | 'USED' | 'SIGN_PLAN_DETAIL_CANCEL';
  readonly orderId: string;
  readonly usedAtMs: number;
  readonly completedAtMs: number | undefined;
  readonly cancelledAtMs: number | undefined;
  /** Fen, as filled in at completion. */
  readonly total: number | undefined;
};

export type SignState = 'UNSIGNED' | 'SIGNED' | 'SIGN_PLAN_CANCEL' | 'COMPLETE' | 'EXPIRE';

/** The state as of now: complete when every detail is used or cancelled. */
export const signStateOf = (
  signPlan: SignPlan,
  uses: readonly DetailUse[],
  nowMs: number,
): SignState => {
  if (signPlan.cancelled !== undefined) return 'SIGN_PLAN_CANCEL';
  if (signPlan.signed === undefined) return signPlan.lapsed ? 'EXPIRE' : 'UNSIGNED';
  const finished = uses.filter(({ state }) => state !== 'USING').length;
  if (finished === signPlan.plan.details.length) return 'COMPLETE';
  return nowMs >= (signPlan.overAtMs ?? nowMs) ? 'EXPIRE' : 'SIGNED';
};

/** Whether the numbers name each detail of the plan once. */
export const namesEachDetail = (plan: Plan, numbers: readonly DetailNumber[]): boolean => {
  const named = new Set(numbers.map(({ planDetailNo }) => planDetailNo));
  return (
    numbers.length === plan.details.length &&
    plan.details.every(({ planDetailNo }) => named.has(planDetailNo))
  );
};

type Changed =
  | { readonly ok: true; readonly signPlan: SignPlan }
  | { readonly ok: false; readonly because: SignState };

const DAY_MS = 86_400_000;

/** The user signs; the days of the plan count from now. */
export const sign = (signPlan: SignPlan, state: SignState, moment: Moment): Changed => {
  if (state !== 'UNSIGNED') return { ok: false, because: state };
  const overAtMs = moment.atMs + signPlan.plan.durationDays * DAY_MS;
  return { ok: true, signPlan: { ...signPlan, signed: moment, overAtMs } };
};

/** A signature ends before its time; details that have no service order are lost. A merchant can also call off one that nobody signed. */
export const cancel = (signPlan: SignPlan, state: SignState, cancelled: Cancelled): Changed => {
  const early = state === 'UNSIGNED' && cancelled.type === 'MERCHANT';
  return state === 'SIGNED' || early
    ? { ok: true, signPlan: { ...signPlan, cancelled } }
    : { ok: false, because: state };
};

/** Its time is over now. */
export const expire = (signPlan: SignPlan, state: SignState, nowMs: number): Changed => {
  if (state === 'UNSIGNED') return { ok: true, signPlan: { ...signPlan, lapsed: true } };
  return state === 'SIGNED'
    ? { ok: true, signPlan: { ...signPlan, overAtMs: nowMs } }
    : { ok: false, because: state };
};

/** The sign plan as it stood before anybody signed or cancelled it, for an answer that lags behind. */
export const beforeSigning = (signPlan: SignPlan): SignPlan => ({
  ...signPlan,
  signed: undefined,
  overAtMs: undefined,
  cancelled: undefined,
  lapsed: false,
});

export type UseRefusal =
  | 'not-signed'
  | 'no-such-detail'
  | 'other-number'
  | 'used-before'
  | 'running'
  | 'out-of-turn';

/** Why a detail can't be used now (guide of 2024-11-28, step 4): each in its turn, under its own number, one at a time. */
export const useRefusal = (
  signPlan: SignPlan,
  uses: readonly DetailUse[],
  wanted: DetailNumber & { readonly nowMs: number },
): UseRefusal | undefined => {
  if (signStateOf(signPlan, uses, wanted.nowMs) !== 'SIGNED') return 'not-signed';
  const { planDetailNo, merchantPlanDetailNo } = wanted;
  const named = signPlan.detailNumbers.find((one) => one.planDetailNo === planDetailNo);
  if (named === undefined) return 'no-such-detail';
  if (named.merchantPlanDetailNo !== merchantPlanDetailNo) return 'other-number';
  if (uses.some((use) => use.planDetailNo === planDetailNo)) return 'used-before';
  if (uses.some(({ state }) => state === 'USING')) return 'running';
  const finishedBefore = uses.filter((use) => use.planDetailNo < planDetailNo).length;
  return finishedBefore === planDetailNo - 1 ? undefined : 'out-of-turn';
};
