import { resolveOrder } from '#app/resolve-order.ts';
import type { MerchantEvent } from '#core/events.ts';
import type { SubjectKey } from '#core/record.ts';
import type { ResolveAction } from '#core/subjects/order/order.ts';
import { hourMs, minuteMs, secondMs } from '#core/values/time.ts';
import type { Functions } from './functions.ts';
import { keyIn } from './records.ts';
import type { Site } from './site.ts';

export type PersonOptions = {
  readonly site: Site;
  readonly functions: () => Functions;
  readonly onResolve: (key: SubjectKey, action: ResolveAction) => void;
};

const actions = ['refund', 'accept', 'close'] as const;
const retriesMs = [5 * secondMs, minuteMs];
/** So often does anybody look into one order. */
const mostVisits = 3;

/** Somebody who reads the events, and decides about some of the orders that wait for a person. */
export function createPerson(options: PersonOptions): { hear(event: MerchantEvent): void } {
  const { site } = options;
  const { agenda, choices } = site;
  const visits = new Map<string, number>();
  return {
    hear: ({ subject, data }) => {
      const visited = visits.get(subject) ?? 0;
      if (data['status'] !== 'REVIEW' || visited >= mostVisits || choices.draw(2) === 0) {
        return;
      }
      visits.set(subject, visited + 1);
      const afterMs = choices.pick([5 * minuteMs, 20 * secondMs, hourMs]);
      const action = choices.pick(actions);
      const key = keyIn(subject);
      agenda.after(afterMs, () => resolve(options, { key, action, round: 0 }));
      if (choices.draw(4) === 3) {
        const again = choices.pick([action, ...actions]);
        const laterMs = afterMs + choices.pick([300, 20 * secondMs, 2 * hourMs]);
        agenda.after(laterMs, () => resolve(options, { key, action: again, round: 0 }));
      }
    },
  };
}

type Wish = {
  readonly key: SubjectKey;
  readonly action: ResolveAction;
  readonly round: number;
};

function resolve(options: PersonOptions, wish: Wish): void {
  const { site, functions, onResolve } = options;
  const { key, action, round } = wish;
  onResolve(key, action);
  functions().invoke(
    'resolve',
    ({ ports }) =>
      (site.planted?.resolveOrder ?? resolveOrder)(ports, key, {
        action,
        by: 'ann',
        why: 'The customer called.',
      }),
    (ended) => {
      const answer = ended.type === 'value' ? ended.value : undefined;
      const word = answer === undefined ? 'nothing' : answer.ok ? 'yes' : answer.refusal.code;
      site.tell?.(() => `person: ${action} ${key.number} answers ${word}`);
      const retryMs = retriesMs[round];
      if (answer === undefined && retryMs !== undefined) {
        site.agenda.after(retryMs, () => resolve(options, { ...wish, round: round + 1 }));
      }
    },
  );
}
