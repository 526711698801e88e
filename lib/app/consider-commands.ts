import type { Decision } from '#core/decision.ts';
import type { Evidence, SendOutcome } from '#core/payscore/evidence.ts';
import type { Pending } from '#core/payscore/pending.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { Instant } from '#core/values/time.ts';
import type { Finding, Look } from './subject-kind.ts';

type Observable<State> = {
  /** The merchant's number of the subject. */
  readonly number: string;
  readonly pending: Pending | undefined;
  readonly observe: () => Promise<Evidence<State>>;
  readonly decide: (
    evidence: Evidence<State>,
    context: { readonly now: Instant; readonly sent?: SendOutcome },
  ) => Decision;
};

const outOfTime = { type: 'unknown', code: 'NO_TIME' } as const;

/**
 * One look at a subject whose commands stand in its record: observe, decide; where the decision is to send
 * the pending command, send its exact body, observe and decide once more. A call to WeChat is begun only
 * while it can end in time.
 */
export async function considerCommands<State extends { readonly state: string }>(
  gateway: Pick<PayscoreGateway, 'send'>,
  look: Look,
  { number, pending, observe, decide }: Observable<State>,
): Promise<Finding> {
  const first = look.hasTime() ? await observe() : outOfTime;
  const decision = decide(first, { now: look.now() });
  const answer = answerOf(first);
  if (decision.type !== 'command') {
    return { decision, answer };
  }
  if (pending === undefined || !look.hasTime()) {
    return { decision: { ...outOfTime, isFault: false }, answer };
  }
  const { name, body } = pending;
  const sent = await gateway.send(look.account, { name, number, body });
  const second = look.hasTime() ? await observe() : outOfTime;
  return { decision: decide(second, { now: look.now(), sent }), answer: answerOf(second) };
}

function answerOf(evidence: Evidence<{ readonly state: string }>): string {
  return evidence.type === 'state' ? evidence.state : evidence.type;
}
