import type {
  ApplyOutcome,
  OrderEvidence,
  RefundEvidence,
  RefundState,
  ReverseOutcome,
  TradeState,
} from '#core/evidence.ts';
import type { SubjectKey } from '#core/record.ts';
import { type Instant, secondMs } from '#core/values/time.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import { createPerSubject } from './per-subject.ts';
import { isSameRefund } from './records.ts';
import type { Site } from './site.ts';
import type { Wechat } from './wechat.ts';

/** What our queries were told about one order. */
export type OrderTold = {
  /** Each state, and when WeChat last said so. */
  readonly states: Map<TradeState, Instant>;
  /** Money and identity matched what was ordered. */
  isPaid: boolean;
  readonly notFoundAt: Instant[];
  /** A reversal of ours was done, as WeChat said. */
  isReversed: boolean;
};

/** What our queries and applications were told about one refund. */
export type RefundTold = {
  readonly states: Set<RefundState>;
  readonly notFoundAt: Instant[];
  /** The first definite refusal. */
  refusedAt?: Instant;
  /** Another refund has its number. */
  isAnother: boolean;
};

/** What WeChat really told functions that lived on. */
export type Told = {
  order(key: SubjectKey): OrderTold;
  refund(key: SubjectKey): RefundTold;
  onAnswer(key: SubjectKey, evidence: OrderEvidence): void;
  onReverseAnswer(key: SubjectKey, outcome: ReverseOutcome): void;
  onRefundAnswer(key: SubjectKey, evidence: RefundEvidence): void;
  onApplied(key: SubjectKey, outcome: ApplyOutcome): void;
};

/** What every promise is watched with. */
export type Watching = {
  readonly site: Site;
  readonly wechat: () => Wechat;
  readonly table: () => MemoryTable;
  readonly told: Told;
};

/** Clocks of two workers may be so far apart. */
export function skewAllowanceMs({ weather }: Site): number {
  return weather.isSkewed ? 50 * secondMs : 0;
}

export function createTold({ site, wechat, table }: Omit<Watching, 'told'>): Told {
  const { agenda } = site;
  const orders = createPerSubject<OrderTold>();
  const refunds = createPerSubject<RefundTold>();
  const order = (key: SubjectKey): OrderTold =>
    orders.of(key, () => ({ states: new Map(), isPaid: false, notFoundAt: [], isReversed: false }));
  const refund = (key: SubjectKey): RefundTold =>
    refunds.of(key, () => ({ states: new Set(), notFoundAt: [], isAnother: false }));
  return {
    order,
    refund,
    onAnswer: (key, evidence) => {
      const told = order(key);
      if (evidence.type === 'not-found') {
        told.notFoundAt.push(agenda.now());
      }
      if (evidence.type === 'state') {
        told.states.set(evidence.state, agenda.now());
        const paidAs = wechat().trade(key)?.paidAs;
        told.isPaid ||= evidence.payment !== undefined && paidAs === 'right';
      }
    },
    onReverseAnswer: (key, { type }) => {
      order(key).isReversed ||= type === 'done';
    },
    onRefundAnswer: (key, evidence) => {
      const told = refund(key);
      if (evidence.type === 'not-found') {
        told.notFoundAt.push(agenda.now());
      }
      if (evidence.type === 'state') {
        told.states.add(evidence.state);
        const record = table().peek(key);
        told.isAnother ||= record !== undefined && !isSameRefund(record, evidence.facts);
      }
    },
    onApplied: (key, outcome) => {
      site.mark(`apply: ${'code' in outcome ? outcome.code : outcome.type}`);
      if (outcome.type === 'refused') {
        refund(key).refusedAt ??= agenda.now();
      }
    },
  };
}
