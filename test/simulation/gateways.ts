import type { Account } from '#core/account.ts';
import { AppError } from '#core/errors.ts';
import type {
  ApplyOutcome,
  CloseOutcome,
  MicropayOutcome,
  OrderEvidence,
  PrepayOutcome,
  RefundEvidence,
  ReverseOutcome,
} from '#core/evidence.ts';
import type { PayscoreCommand, SendOutcome } from '#core/payscore/evidence.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { OrderGateway, RefundGateway, RefundRequest } from '#core/ports.ts';
import type { Kind, SubjectKey } from '#core/record.ts';
import { type FaultSource, perform } from '../support/faults.ts';
import { payParametersOf } from '../support/world-prepay.ts';
import type { Operation } from './dice.ts';
import { kindOfCommand, type PayscoreEvidence } from './payscore-lives.ts';
import type { Site } from './site.ts';
import type { Wechat } from './wechat.ts';

/** Watches what is asked of WeChat, and what it really answered to a function that lived on. */
export type CallListener = {
  readonly onAnswer: (key: SubjectKey, evidence: OrderEvidence) => void;
  readonly onRefundAnswer: (key: SubjectKey, evidence: RefundEvidence) => void;
  /** A placing, or an application for a refund, reaches WeChat. */
  readonly onPlacing: (key: SubjectKey) => void;
  readonly onApply: (key: SubjectKey, request: RefundRequest) => void;
  /** A function sends one of these. */
  readonly onClose: (key: SubjectKey) => void;
  readonly onCharge: (key: SubjectKey) => void;
  readonly onReverse: (key: SubjectKey) => void;
  readonly onReverseAnswer: (key: SubjectKey, outcome: ReverseOutcome) => void;
  readonly onApplied: (key: SubjectKey, outcome: ApplyOutcome) => void;
  readonly onPayscoreAnswer: (key: SubjectKey, evidence: PayscoreEvidence) => void;
  /** A function sends a command. */
  readonly onCommand: (key: SubjectKey, command: PayscoreCommand) => void;
  readonly onCommandAnswer: (
    key: SubjectKey,
    command: PayscoreCommand,
    outcome: SendOutcome,
  ) => void;
};

export type Gateways = {
  readonly gateway: OrderGateway;
  readonly refundGateway: RefundGateway;
  readonly payscoreGateway: PayscoreGateway;
};

const noAnswer = { type: 'unknown', code: 'TIMEOUT' } as const;
const refusesUs = { type: 'fault', code: 'NO_AUTH' } as const;

/** The calls of one worker to the simulated WeChat, with the faults that befall this worker. */
export function gatewaysOver(
  site: Site,
  { wechat, calls }: { readonly wechat: Wechat; readonly calls: CallListener },
  source: FaultSource<Operation>,
): Gateways {
  const { agenda, choices, weather } = site;
  /** What stands between us and WeChat, if anything does. */
  const hindrance = (): typeof noAnswer | typeof refusesUs | undefined => {
    if (weather.isOut('wechat')) {
      return noAnswer;
    }
    return choices.chance(weather.rates().wechatFault) ? refusesUs : undefined;
  };
  const call = <T>(
    operation: Operation,
    run: () => T | typeof noAnswer,
  ): Promise<T | typeof noAnswer> =>
    perform(source, operation, { run, failure, unknown: noAnswer });
  const gateway: OrderGateway = {
    query: async (account, order) => {
      const ask = () => hindrance() ?? wechat.query(account, order);
      const evidence = await call<OrderEvidence>('query', ask);
      calls.onAnswer(keyOf(account, order.out_trade_no), evidence);
      return evidence;
    },
    close: (account, out_trade_no) => {
      calls.onClose(keyOf(account, out_trade_no));
      return call<CloseOutcome>('close', () => hindrance() ?? wechat.close(account, out_trade_no));
    },
    prepay: (account, request) =>
      call<PrepayOutcome>('prepay', () => {
        calls.onPlacing(keyOf(account, request.out_trade_no));
        return hindrance() === undefined ? wechat.prepay(account, request) : noAnswer;
      }),
    micropay: (account, request) => {
      calls.onCharge(keyOf(account, request.out_trade_no));
      return call<MicropayOutcome>('micropay', () =>
        hindrance() === undefined ? wechat.codes.micropay(account, request) : noAnswer,
      );
    },
    reverse: async (account, { out_trade_no }) => {
      const key = keyOf(account, out_trade_no);
      calls.onReverse(key);
      const ask = () => hindrance() ?? wechat.codes.reverse(account, out_trade_no);
      const outcome = await call<ReverseOutcome>('reverse', ask);
      calls.onReverseAnswer(key, outcome);
      return outcome;
    },
    payParameters: (account, appid, link) => payParametersOf(account, appid, link, agenda.now()),
  };
  const refundGateway: RefundGateway = {
    query: async (account, out_refund_no) => {
      const ask = () => hindrance() ?? wechat.refunds.query(account, out_refund_no);
      const evidence = await call<RefundEvidence>('refund-query', ask);
      calls.onRefundAnswer(
        { kind: 'refund', mchid: account.mchid, number: out_refund_no },
        evidence,
      );
      return evidence;
    },
    apply: async (account, request) => {
      const key = { kind: 'refund', mchid: account.mchid, number: request.out_refund_no } as const;
      const outcome = await call<ApplyOutcome>('apply', () => {
        calls.onApply(key, request);
        return hindrance() ?? wechat.refunds.apply(account, request);
      });
      calls.onApplied(key, outcome);
      return outcome;
    },
  };
  const askPayscore = async <Evidence extends PayscoreEvidence>(
    key: SubjectKey,
    answer: () => Evidence,
  ): Promise<Evidence | typeof noAnswer | typeof refusesUs> => {
    const ask = () => hindrance() ?? answer();
    const evidence = await call<Evidence | typeof refusesUs>('payscore-query', ask);
    calls.onPayscoreAnswer(key, evidence);
    return evidence;
  };
  const { payscore } = wechat;
  const payscoreGateway: PayscoreGateway = {
    queryPlan: (account, number) =>
      askPayscore(keyOf(account, number, 'plan'), () => payscore.queryPlan(account, number)),
    querySignPlan: (account, number) =>
      askPayscore(keyOf(account, number, 'sign-plan'), () =>
        payscore.querySignPlan(account, number),
      ),
    queryServiceOrder: (account, asked) =>
      askPayscore(keyOf(account, asked.out_order_no, 'service-order'), () =>
        payscore.queryServiceOrder(account, asked),
      ),
    send: async (account, command) => {
      const key = keyOf(account, command.number, kindOfCommand(command.name));
      calls.onCommand(key, command);
      const send = () => hindrance() ?? payscore.send(account, command);
      const outcome = await call<SendOutcome>('payscore-send', send);
      calls.onCommandAnswer(key, command, outcome);
      return outcome;
    },
  };
  return { gateway, refundGateway, payscoreGateway };
}

function keyOf({ mchid }: Account, number: string, kind: Kind = 'order'): SubjectKey {
  return { kind, mchid, number };
}

function failure(): Error {
  return new AppError('queue_unavailable', 'Refused, as the weather wants it.');
}
