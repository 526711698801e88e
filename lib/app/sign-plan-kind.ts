import type { Message } from '#core/messages.ts';
import type { SignPlanEvidence } from '#core/payscore/evidence.ts';
import { nextCommandSlot, nextQuietSlot, nextUnsignedSlot } from '#core/payscore/looks.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import { unmatchedSignPlanRecord } from '#core/payscore/unmatched.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { ok } from '#core/result.ts';
import { decideSignPlan } from '#core/subjects/sign-plan/decide.ts';
import { signPlanEventData } from '#core/subjects/sign-plan/describe.ts';
import {
  decodeSignPlan,
  isEnd,
  isSignPlanSettled,
  type SignPlan,
} from '#core/subjects/sign-plan/sign-plan.ts';
import { refuseDetail } from '#core/subjects/sign-plan/start.ts';
import { isMerchantSignPlanNo } from '#core/values/ids.ts';
import { earliest, type Instant } from '#core/values/time.ts';
import { considerCommands } from './consider-commands.ts';
import type { Finding, Look, SubjectKind } from './subject-kind.ts';

/** Users' signatures on plans in the loop: launched by our request, observed by our own query. */
export function createSignPlanKind(gateway: PayscoreGateway): SubjectKind {
  return {
    open: (record) => {
      const decoded = decodeSignPlan(record);
      if (!decoded.ok) {
        return decoded;
      }
      const signPlan = decoded.value;
      const settled = isSignPlanSettled(signPlan);
      const owesLook = record.unknownLooks > 0;
      return ok({
        settled,
        rests: settled && !owesLook,
        nextLook: (now) => nextLookAt(signPlan, now),
        looksFor: (message) => looksFor(signPlan, owesLook, message),
        consider: (look) => consider(gateway, record, signPlan, look),
        eventData: () => signPlanEventData(record, signPlan),
        refuseStart: (number) => refuseDetail(signPlan, number),
      });
    },
    adopt: async (hint, look) => {
      const [appid] = look.account.appids;
      const isWorthAsking = hint.reason === 'notice' || hint.reason === 'bill';
      return isWorthAsking
        ? unmatchedSignPlanRecord(hint, await observe(gateway, hint.subject, look), {
            appid,
            now: look.now(),
          })
        : undefined;
    },
  };
}

function nextLookAt(signPlan: SignPlan, now: Instant): Instant {
  const { status, createdAt, signedAt, pending } = signPlan;
  const quiet =
    status === 'SIGNED'
      ? nextQuietSlot(signedAt ?? createdAt, now)
      : nextUnsignedSlot(createdAt, now);
  return pending === undefined ? quiet : earliest(quiet, nextCommandSlot(pending.at, now));
}

/** An end is final: notices and late timers about it cost no call to WeChat. */
function looksFor(signPlan: SignPlan, owesLook: boolean, message: Message): boolean {
  if (signPlan.status === 'UNMATCHED') {
    return false;
  }
  if (message.type === 'wake' || (message.type === 'hint' && message.reason === 'timer')) {
    return owesLook || !isSignPlanSettled(signPlan);
  }
  return message.type === 'hint' && (message.reason !== 'notice' || !isEnd(signPlan.status));
}

function consider(
  gateway: PayscoreGateway,
  { key }: StoredRecord,
  signPlan: SignPlan,
  look: Look,
): Promise<Finding> {
  return considerCommands(gateway, look, {
    number: key.number,
    pending: signPlan.pending,
    observe: () => observe(gateway, key, look),
    decide: (evidence, context) => decideSignPlan(signPlan, evidence, context),
  });
}

function observe(
  gateway: PayscoreGateway,
  { number }: SubjectKey,
  look: Look,
): Promise<SignPlanEvidence> {
  return isMerchantSignPlanNo(number)
    ? gateway.querySignPlan(look.account, number)
    : Promise.resolve({ type: 'unknown', code: 'BAD_NUMBER' });
}
