import type { Shown } from '#app/payscore/plans.ts';
import type { MerchantEvent } from '#core/events.ts';
import type { CommandName } from '#core/payscore/evidence.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import type { Functions } from './functions.ts';
import type { NoticeDesk } from './notices.ts';
import { type PayscoreTale, retriesMs } from './payscore-plan.ts';
import type { PayscorePromises } from './payscore-promises.ts';
import type { SimulationPorts } from './ports.ts';
import type { Site } from './site.ts';
import type { WechatPayscore } from './wechat-payscore.ts';

/** What everybody who touches a plan, its signatures and its services has at hand. */
export type PayscoreActors = {
  readonly site: Site;
  readonly functions: () => Functions;
  readonly wechat: WechatPayscore;
  readonly desk: NoticeDesk;
  readonly watch: Pick<PayscorePromises, 'onRequest' | 'onAcknowledged'>;
  readonly onRefundAnswered: (key: SubjectKey, request: NewRefund) => void;
  readonly nextRequestId: () => string;
  readonly ear: Ear;
  readonly tale: PayscoreTale;
};

/** A merchant's receiver: each event once, to whoever waits for its subject. */
export type Ear = {
  listen(subject: string, run: (event: MerchantEvent) => void): void;
  hear(event: MerchantEvent): void;
};

export function createEar(): Ear {
  const heard = new Set<string>();
  const listeners = new Map<string, (event: MerchantEvent) => void>();
  return {
    listen: (subject, run) => listeners.set(subject, run),
    hear: (event) => {
      const listener = listeners.get(event.subject);
      if (listener !== undefined && !heard.has(event.id)) {
        heard.add(event.id);
        listener(event);
      }
    },
  };
}

/** One request of a merchant's client, the same however often it is asked. */
export type Asked = {
  readonly key: SubjectKey;
  readonly command: CommandName;
  readonly sha256: string;
  readonly run: (ports: SimulationPorts) => Promise<Answer<Shown>>;
  /** Given the last answer; nothing where none ever came. */
  readonly onAnswer?: (answer: Answer<Shown>) => void;
};

/** Refusals that pass. */
const passing: ReadonlySet<string> = new Set([
  'store_unavailable',
  'command_pending',
  'plan_not_open',
  'sign_plan_not_signed',
]);

/** Asks until an answer comes that is not "wait", some times. */
export function ask(actors: PayscoreActors, asked: Asked, round = 0): void {
  const { site, functions, watch } = actors;
  const { key, command, sha256 } = asked;
  watch.onRequest(key);
  functions().invoke(
    command,
    ({ ports }) => asked.run(ports),
    (ended) => {
      const isLost = site.choices.chance(site.weather.rates().answerLost);
      const answer = ended.type === 'value' && !isLost ? ended.value : undefined;
      site.tell?.(() => `client: ${command} ${key.number} answers ${wordOf(answer)}`);
      if (answer?.ok === true) {
        watch.onAcknowledged(key, { command, sha256 }, answer.value);
      }
      const isPassing =
        answer === undefined || (answer.ok ? answer.value.waits : passing.has(answer.refusal.code));
      const retryMs = retriesMs[round];
      if (isPassing && retryMs !== undefined) {
        site.agenda.after(retryMs, () => ask(actors, asked, round + 1));
      } else if (answer !== undefined) {
        asked.onAnswer?.(answer);
      }
    },
  );
}

/** Asks, and so often again beside it. */
export function askAlso(actors: PayscoreActors, asked: Asked, repeats: readonly number[]): void {
  ask(actors, asked);
  const { onAnswer: _, ...again } = asked;
  for (const afterMs of repeats) {
    actors.site.agenda.after(afterMs, () => ask(actors, again, retriesMs.length));
  }
}

export function later(
  { site }: PayscoreActors,
  afterMs: number | undefined,
  run: () => void,
): void {
  if (afterMs !== undefined) {
    site.agenda.after(afterMs, run);
  }
}

function wordOf(answer: Answer<Shown> | undefined): string {
  if (answer === undefined) {
    return 'nothing';
  }
  return answer.ok
    ? `${String(answer.value.view['status'])}${answer.value.waits ? ', wait' : ''}`
    : answer.refusal.code;
}
