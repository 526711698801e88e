import type { Change, Decision } from '../../decision.ts';
import type { EventType } from '../../events.ts';
import type { SendOutcome, SignedDetail, SignPlanEvidence } from '../../payscore/evidence.ts';
import { signPlanLifeMs } from '../../payscore/looks.ts';
import {
  decisionOf,
  judgePending,
  patchOf,
  refusedCreation,
  type Standing,
} from '../../payscore/pending.ts';
import type { Json } from '../../values/json.ts';
import { withoutUndefined } from '../../values/optional.ts';
import { type Instant, plus } from '../../values/time.ts';
import {
  type Detail,
  isEnd,
  isSignPlanSettled,
  type SignPlan,
  type SignPlanStatus,
} from './sign-plan.ts';

/** What besides the sign plan and WeChat's answer a decision may look at. */
export type SignPlanContext = {
  readonly now: Instant;
  /** How the pending command's send ended in this look; then no second follows. */
  readonly sent?: SendOutcome;
};

type StateEvidence = Extract<SignPlanEvidence, { readonly type: 'state' }>;
type SignState = 'UNSIGNED' | 'SIGNED' | 'SIGN_PLAN_CANCEL' | 'COMPLETE' | 'EXPIRE';

const eventOf: Readonly<Partial<Record<SignState, EventType>>> = {
  SIGNED: 'sign-plan.signed',
  SIGN_PLAN_CANCEL: 'sign-plan.cancelled',
  COMPLETE: 'sign-plan.completed',
  EXPIRE: 'sign-plan.expired',
};

/**
 * What WeChat says × our status. Pure and total. A sign plan moves forward only: UNSIGNED, SIGNED, and one
 * of three ends, which it never leaves. What WeChat says in words that no document lists decides nothing.
 */
export function decideSignPlan(
  signPlan: SignPlan,
  evidence: SignPlanEvidence,
  context: SignPlanContext,
): Decision {
  switch (evidence.type) {
    case 'unknown':
      return { type: 'unknown', code: evidence.code, isFault: false };
    case 'fault':
      return { type: 'unknown', code: evidence.code, isFault: true };
    case 'not-found':
      return decideNotFound(signPlan, evidence.code, context);
    case 'state':
      return decideState(signPlan, evidence, context);
  }
}

/** Unsigned: it proves nothing but that sending the same sign plan (again) can do no harm. */
function decideNotFound(signPlan: SignPlan, code: string, context: SignPlanContext): Decision {
  if (isSignPlanSettled(signPlan)) {
    return { type: 'quiet' };
  }
  if (signPlan.status !== 'CREATED') {
    return { type: 'unknown', code, isFault: false };
  }
  const verdict = judgePending(signPlan.pending, 'open', { ...context, isCharging: false });
  return verdict.type === 'refused'
    ? refusedCreation(signPlan.pending, {
        code: verdict.code,
        event: 'sign-plan.refused',
        now: context.now,
      })
    : decisionOf(verdict, false);
}

function decideState(
  signPlan: SignPlan,
  evidence: StateEvidence,
  context: SignPlanContext,
): Decision {
  if (!isOurs(signPlan, evidence)) {
    return decideOther(signPlan, context.now);
  }
  const state = signStateOf(evidence.state);
  if (state === undefined) {
    return { type: 'unknown', code: 'UNDOCUMENTED', isFault: false };
  }
  const { now, sent } = context;
  const verdict = judgePending(signPlan.pending, standingOf(signPlan, state, sent), {
    ...context,
    isCharging: false,
  });
  const isStopped = signPlan.pending?.name === 'stop-sign-plan';
  const lapses = state === 'UNSIGNED' && isOld(signPlan, now) && !isStopped;
  const moved = movesTo(signPlan.status, state) ?? (lapses ? lapsed(signPlan) : undefined);
  const details = merged(signPlan.details, evidence.details);
  // Let go: nor is its creation sent any more.
  const pendingPatch: ReturnType<typeof patchOf> =
    moved === 'LAPSED'
      ? { unset: ['pending'] }
      : signPlan.pending && patchOf(signPlan.pending, verdict, now);
  if (moved === undefined && details === undefined && pendingPatch === undefined) {
    return decisionOf(verdict, isSignPlanSettled(signPlan));
  }
  const status = moved ?? signPlan.status;
  const event = moved === state ? eventOf[state] : undefined;
  return {
    type: 'commit',
    change: changeOf(
      {
        evidence,
        status,
        details,
        pendingPatch,
        sent,
        sends: verdict.type === 'send' && moved !== 'LAPSED',
      },
      [
        ...(event === undefined ? [] : [event]),
        ...(verdict.type === 'refused' ? ['sign-plan.refused' as const] : []),
      ],
    ),
  };
}

/** Another system's number, or for another user or plan. */
function decideOther(signPlan: SignPlan, now: Instant): Decision {
  if (isSignPlanSettled(signPlan)) {
    return { type: 'quiet' };
  }
  const { status, pending } = signPlan;
  return status === 'CREATED'
    ? refusedCreation(pending, { code: 'NUMBER_USED', event: 'sign-plan.refused', now })
    : { type: 'unknown', code: 'OTHER_SIGN_PLAN', isFault: false };
}

function changeOf(
  found: {
    readonly evidence: StateEvidence;
    readonly status: SignPlanStatus;
    readonly details: readonly Detail[] | undefined;
    readonly pendingPatch: ReturnType<typeof patchOf>;
    readonly sent: SendOutcome | undefined;
    /** The command is still to be sent: written first, then looked on. */
    readonly sends: boolean;
  },
  events: readonly EventType[],
): Change {
  const { evidence, status, details, pendingPatch, sent } = found;
  const { sign_plan_id, signedAt, overAt, cancel_sign_type } = evidence;
  const isLaunchable = status === 'UNSIGNED' || status === 'LAPSED';
  const launched = sent?.type === 'accepted' && isLaunchable ? sent.package : undefined;
  const set: Readonly<Record<string, Json>> = withoutUndefined({
    ...pendingPatch?.set,
    sign_plan_id,
    signedAt,
    overAt,
    cancel_sign_type: status === 'SIGN_PLAN_CANCEL' ? cancel_sign_type : undefined,
    details,
    package: launched,
  });
  const unset = [...(pendingPatch?.unset ?? []), ...(isLaunchable ? [] : ['package'])];
  const nextLookAt = pendingPatch?.nextLookAt;
  return {
    status,
    patch: { set, unset },
    events,
    evidence: evidence.state,
    ...(nextLookAt !== undefined && { nextLookAt }),
    ...(found.sends && { looksOn: true as const }),
  };
}

/**
 * A created sign plan is known at once, but only the answer to its creation holds the package that opens the
 * sign page: while nobody signed, the same creation is sent again until it was answered.
 */
function standingOf(
  { pending, package: launched }: SignPlan,
  state: SignState,
  sent: SendOutcome | undefined,
): Standing {
  switch (pending?.name) {
    case 'create-sign-plan': {
      const isLaunched = launched !== undefined || sent?.type === 'accepted';
      return state === 'UNSIGNED' && !isLaunched ? 'open' : 'done';
    }
    case 'stop-sign-plan':
      return state === 'SIGN_PLAN_CANCEL' ? 'done' : isEnd(state) ? 'void' : 'open';
    default:
      return 'done';
  }
}

function movesTo(status: SignPlanStatus, state: SignState): SignState | undefined {
  if (status === state || isEnd(status) || status === 'UNMATCHED') {
    return undefined;
  }
  if (state === 'UNSIGNED') {
    return status === 'CREATED' || status === 'REFUSED' ? state : undefined;
  }
  return state;
}

function lapsed({ status }: SignPlan): 'LAPSED' | undefined {
  return status === 'UNSIGNED' || status === 'CREATED' ? 'LAPSED' : undefined;
}

function isOld({ createdAt }: SignPlan, now: Instant): boolean {
  return now >= plus(createdAt, signPlanLifeMs);
}

const progress: Readonly<Record<Detail['state'], number>> = {
  NOT_USED: 0,
  USING: 1,
  USED: 2,
  SIGN_PLAN_DETAIL_CANCEL: 2,
};

/** Details move forward only: an older answer must not make a used one free. Undefined: nothing is new. */
function merged(
  ours: readonly Detail[],
  theirs: readonly SignedDetail[],
): readonly Detail[] | undefined {
  let isNew = false;
  const details = ours.map((detail) => {
    const said = theirs.find(
      ({ plan_detail_no }) => plan_detail_no === detail.plan_detail_no,
    )?.state;
    const state = detailStateOf(said);
    if (state === undefined || progress[state] <= progress[detail.state]) {
      return detail;
    }
    isNew = true;
    return { ...detail, state };
  });
  return isNew ? details : undefined;
}

function detailStateOf(said: string | undefined): Detail['state'] | undefined {
  switch (said) {
    case 'NOT_USED':
    case 'USING':
    case 'USED':
    case 'SIGN_PLAN_DETAIL_CANCEL':
      return said;
    default:
      return undefined;
  }
}

function signStateOf(state: string): SignState | undefined {
  switch (state) {
    case 'UNSIGNED':
    case 'SIGNED':
    case 'SIGN_PLAN_CANCEL':
    case 'COMPLETE':
    case 'EXPIRE':
      return state;
    default:
      return undefined;
  }
}

/** The number may have been used by another system, for another user or plan, or at other prices. */
function isOurs(signPlan: SignPlan, evidence: StateEvidence): boolean {
  return (
    evidence.service_id === signPlan.service_id &&
    evidence.plan_id === signPlan.plan_id &&
    evidence.openid === signPlan.openid &&
    evidence.details.length === signPlan.details.length &&
    signPlan.details.every((detail) =>
      evidence.details.some(
        (said) =>
          said.plan_detail_no === detail.plan_detail_no &&
          said.merchant_plan_detail_no === detail.merchant_plan_detail_no &&
          (said.actualFen === undefined || said.actualFen === detail.actualFen),
      ),
    )
  );
}
