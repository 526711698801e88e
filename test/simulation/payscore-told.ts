import type { PayscoreCommand, SendOutcome } from '#core/payscore/evidence.ts';
import { type SubjectKey, subjectId } from '#core/record.ts';
import type { Instant } from '#core/values/time.ts';
import { type PayscoreEvidence, wordOf } from './payscore-lives.ts';

/** What WeChat really told functions that lived on about one plan, sign plan or service order. */
export type PayscoreTold = {
  /** The words of every answer to a query. */
  readonly words: Set<string>;
  /** The totals of a service order. */
  readonly totals: Set<number>;
  /** Commands, by name and body, that it said to have taken, or refused for certain. */
  readonly accepted: Set<string>;
  readonly refused: Set<string>;
  /** Commands that stood in the record, and when each was over there. */
  readonly noted: Map<string, { endedAt?: Instant }>;
  /** How the requests ended that stood there. */
  readonly ends: Map<string, Set<string>>;
};

export type PayscoreTelling = {
  of(key: SubjectKey): PayscoreTold;
  onPayscoreAnswer(key: SubjectKey, evidence: PayscoreEvidence): void;
  onCommandAnswer(key: SubjectKey, command: PayscoreCommand, outcome: SendOutcome): void;
};

export function createPayscoreTelling(): PayscoreTelling {
  const subjects = new Map<string, PayscoreTold>();
  const of = (key: SubjectKey): PayscoreTold => {
    const id = subjectId(key);
    const known = subjects.get(id) ?? {
      words: new Set(),
      totals: new Set(),
      accepted: new Set(),
      refused: new Set(),
      noted: new Map(),
      ends: new Map(),
    };
    subjects.set(id, known);
    return known;
  };
  return {
    of,
    onPayscoreAnswer: (key, evidence) => {
      if (evidence.type === 'state') {
        const told = of(key);
        told.words.add(wordOf(evidence));
        if ('totalFen' in evidence && evidence.totalFen !== undefined) {
          told.totals.add(evidence.totalFen);
        }
      }
    },
    onCommandAnswer: (key, command, { type }) => {
      if (type === 'accepted' || type === 'refused') {
        of(key)[type].add(nameOf(command));
      }
    },
  };
}

/** Names a command by what is sent. */
export function nameOf({ name, body }: Pick<PayscoreCommand, 'name' | 'body'>): string {
  return `${name} ${body}`;
}
