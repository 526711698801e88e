import type { PlantedBug } from './planted-bug.ts';
import { withGateway } from './planting.ts';
import {
  believeCharge,
  chargeAgain,
  chargeLate,
  closeTooSoon,
  forgetReversal,
  readCharge,
  reverseBeforeWriting,
  takeForReversed,
} from './planting-codes.ts';

/** Mistakes about code payments, and about what APIv2 does not let be closed yet. */
export const plantedCodeBugs: readonly PlantedBug[] = [
  {
    name: 'a reversal is sent before it is written',
    within: 300,
    breaks: /its record does not say so/,
    ports: reverseBeforeWriting,
  },
  {
    name: 'what is being reversed is announced as paid',
    within: 3000,
    breaks: /although it is being reversed/,
    ports: (ports) => forgetReversal(ports, ({ status }) => status === 'CREATED'),
  },
  {
    name: 'what was reversed is delivered for, where the policy is to fulfil',
    within: 10000,
    breaks: /although it is being reversed/,
    ports: (ports) => forgetReversal(ports, ({ status }) => status === 'CLOSED'),
  },
  {
    name: 'a reversal that is to be called again passes for done',
    within: 3000,
    breaks: /WeChat never said so to a query/,
    ports: (ports) => takeForReversed(ports, 'recall'),
  },
  {
    name: 'a reversal without an answer passes for done',
    within: 3000,
    breaks: /WeChat never said so to a query/,
    ports: (ports) => takeForReversed(ports, 'unknown'),
  },
  {
    name: 'a reversal that WeChat refuses passes for done',
    within: 5000,
    breaks: /WeChat never said so to a query/,
    ports: (ports) => takeForReversed(ports, 'refused'),
  },
  {
    name: 'a charge without an answer passes for refused',
    within: 1000,
    breaks: /REFUSED here, and nobody was told|rests as REFUSED and can be paid/,
    ports: (ports) =>
      readCharge(ports, (outcome) =>
        outcome.type === 'unknown' ? { ...outcome, type: 'refused' } : outcome,
      ),
  },
  {
    name: 'the answer of a charge is believed',
    within: 1000,
    breaks: /told no matching payment/,
    ports: believeCharge,
  },
  {
    name: 'a repeated PUT charges the code again',
    within: 1000,
    breaks: /was sent twice/,
    createOrder: chargeAgain,
  },
  {
    name: 'a code is charged however late',
    within: 5000,
    breaks: /was sent too late/,
    createOrder: chargeLate,
  },
  {
    name: 'a code payment is closed, not reversed',
    within: 300,
    breaks: /was closed, and not reversed/,
    ports: ({ gateway, ...ports }) =>
      withGateway(
        { ...ports, gateway },
        {
          ...gateway,
          reverse: (account, { out_trade_no }) => gateway.close(account, out_trade_no),
        },
      ),
  },
  {
    name: 'a code payment is reversed as soon as somebody asks',
    within: 3000,
    breaks: /within 15 s of its charge/,
    ports: (ports) => closeTooSoon(ports, ({ data }) => data['trade_type'] === 'MICROPAY'),
  },
  {
    name: 'a link of APIv2 is closed as soon as somebody asks',
    within: 3000,
    breaks: /within five minutes of its placing/,
    ports: (ports) => closeTooSoon(ports, ({ data }) => data['trade_type'] !== 'MICROPAY'),
  },
];
