import type { Fault } from '../support/faults.ts';
import type { ClaimOperation } from '../support/memory-claims.ts';
import type { StoreOperation } from '../support/memory-table.ts';
import type { Site } from './site.ts';
import type { Rate } from './weather.ts';

/** Everything that a function waits for. */
export type Operation =
  | StoreOperation
  | ClaimOperation
  | 'send'
  | 'query'
  | 'close'
  | 'prepay'
  | 'micropay'
  | 'reverse'
  | 'refund-query'
  | 'apply'
  | 'payscore-query'
  | 'payscore-send';

export type Dice = {
  /** How long the operation takes. */
  durationMs(operation: Operation): number;
  /** What befalls it. */
  step(operation: Operation): Fault | undefined;
};

type Outcomes = readonly { readonly rate: Rate; readonly faults: readonly [Fault, ...Fault[]] }[];

const crash: Outcomes = [{ rate: 'crash', faults: ['crash-before', 'crash-after'] }];
const read: Outcomes = [...crash, { rate: 'storeFail', faults: ['fail'] }];
const write: Outcomes = [
  ...read,
  { rate: 'storeUnknown', faults: ['unknown-not-done', 'unknown-done'] },
  { rate: 'storeLost', faults: ['lost-done'] },
];
const send: Outcomes = [
  ...crash,
  { rate: 'sendFail', faults: ['fail'] },
  { rate: 'sendUnknown', faults: ['unknown-done'] },
];
const call: Outcomes = [
  ...crash,
  { rate: 'wechatUnknown', faults: ['unknown-not-done', 'unknown-done'] },
];

const outcomes: Readonly<Record<Operation, Outcomes>> = {
  load: read,
  due: read,
  create: write,
  commit: write,
  clear: write,
  amend: write,
  arm: write,
  lease: write,
  'claim-load': read,
  'claim-take': write,
  'claim-place': write,
  send,
  query: call,
  close: call,
  prepay: call,
  micropay: call,
  reverse: call,
  'refund-query': call,
  apply: call,
  'payscore-query': call,
  'payscore-send': call,
};

const awsMs = [1, 4, 9, 30] as const;
const wechatMs = [60, 150, 400, 2500] as const;
const longestUsualMs = 2500;
const stallMs = [3000, 500, 8000, 20_000] as const;
const wechatOperations: ReadonlySet<Operation> = new Set([
  'query',
  'close',
  'prepay',
  'micropay',
  'reverse',
  'refund-query',
  'apply',
  'payscore-query',
  'payscore-send',
]);

export function createDice({ agenda, choices, weather }: Site): Dice {
  return {
    durationMs: (operation) => {
      const isSlow = wechatOperations.has(operation);
      if (choices.chance(weather.rates().stall)) {
        return choices.pick(stallMs);
      }
      const usual = isSlow ? wechatMs : awsMs;
      // While nobody else acts it does not matter how long it takes.
      return agenda.isQuietFor(longestUsualMs) ? usual[0] : choices.pick(usual);
    },
    step: (operation) => {
      const rates = weather.rates();
      for (const { rate, faults } of outcomes[operation]) {
        if (choices.chance(rates[rate])) {
          return choices.pick(faults);
        }
      }
      return undefined;
    },
  };
}
