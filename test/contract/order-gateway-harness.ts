import assert from 'node:assert/strict';
import type { Account } from '#core/account.ts';
import type {
  CloseOutcome,
  MicropayOutcome,
  OrderEvidence,
  PrepayOutcome,
  ReverseOutcome,
  TradeState,
} from '#core/evidence.ts';
import type { MicropayRequest, OrderGateway, PrepayRequest } from '#core/ports.ts';
import { isAuthCode, isOutTradeNo, type OutTradeNo } from '#core/values/ids.ts';
import { type Instant, plus } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import type { Payer } from '../support/world-codes.ts';
import type { GatewayFault } from './gateway-faults.ts';

/** A WeChat Pay with one merchant, with a clock of its own. */
export type MerchantWorld = {
  readonly account: Account;
  /** What WeChat's clock shows. */
  now(): Instant;
  /** Lets time pass there. */
  later(durationMs: number): void;
  /** The payer pays, or types the password; rejects when WeChat does not let the payer. */
  pay(out_trade_no: OutTradeNo): Promise<void>;
  /** Strikes every call until `heal`; `carriedOut`: they take effect all the same. */
  fail(fault: GatewayFault, carriedOut?: boolean): Promise<void>;
  heal(): Promise<void>;
  end(): Promise<void>;
};

/** The same, and the gateway that speaks to it about orders. */
export type GatewayWorld = MerchantWorld & {
  readonly gateway: OrderGateway;
  /** The payer is at the till: a close is put off. */
  startPaying(out_trade_no: OutTradeNo): Promise<void>;
  /** The payer who was asked for a password does not give it. */
  decline(out_trade_no: OutTradeNo): Promise<void>;
  /** What payers do whose code is charged, until `heal`; else WeChat asks for a password above 1,000 yuan. */
  payersAre(payer: Payer): Promise<void>;
  /** To the next reversal WeChat says that it be sent again, and has not done it. */
  recallOnce(): Promise<void>;
};

/** The gateway's calls on the account of the world that stands when a test runs. */
export type GatewayCalls = {
  world(): GatewayWorld;
  request(changes?: Partial<PrepayRequest>): PrepayRequest;
  /** Places a fresh order, and fails the test if it cannot. */
  place(): Promise<PrepayRequest>;
  query(out_trade_no: OutTradeNo): Promise<OrderEvidence>;
  stateOf(out_trade_no: OutTradeNo): Promise<TradeState | OrderEvidence['type']>;
  close(out_trade_no: OutTradeNo): Promise<CloseOutcome>;
  prepay(request: PrepayRequest): Promise<PrepayOutcome>;
  code(changes?: Partial<MicropayRequest>): MicropayRequest;
  micropay(request: MicropayRequest): Promise<MicropayOutcome>;
  reverse(out_trade_no: OutTradeNo): Promise<ReverseOutcome>;
};

let lastNumber = 0;

export function freshNumber(): OutTradeNo {
  lastNumber += 1;
  return valid(`contract|*_${lastNumber}`, isOutTradeNo);
}

/** A prepay of a fresh order of 100 fen. */
export function requestOf(
  { account, now }: Pick<MerchantWorld, 'account' | 'now'>,
  changes: Partial<PrepayRequest> = {},
): PrepayRequest {
  const createdAt = now();
  return {
    trade_type: 'NATIVE',
    appid: account.appids[0],
    out_trade_no: freshNumber(),
    description: '深圳腾大-QQ公仔',
    amountFen: 100,
    currency: 'CNY',
    notify_url: 'http://127.0.0.1:9/notify/main',
    createdAt,
    expiresAt: plus(createdAt, 7_200_000),
    details: {},
    ...changes,
  };
}

/** A fresh order of 100 fen to be charged by a payer's code that was never shown before. */
function codeOf(account: Account, changes: Partial<MicropayRequest>): MicropayRequest {
  const out_trade_no = freshNumber();
  return {
    appid: account.appids[0],
    out_trade_no,
    description: '深圳腾大-QQ公仔',
    amountFen: 100,
    currency: 'CNY',
    details: {},
    auth_code: valid(`13${String(lastNumber).padStart(16, '0')}`, isAuthCode),
    ...changes,
  };
}

export function callsOf(world: () => GatewayWorld): GatewayCalls {
  const prepay = async (request: PrepayRequest) => {
    const { gateway, account } = world();
    return await gateway.prepay(account, request);
  };
  const query = async (out_trade_no: OutTradeNo) =>
    await world().gateway.query(world().account, { out_trade_no });
  return {
    world,
    request: (changes) => requestOf(world(), changes),
    place: async () => {
      const request = requestOf(world());
      const outcome = await prepay(request);
      assert.equal(outcome.type, 'placed', JSON.stringify(outcome));
      return request;
    },
    query,
    stateOf: async (out_trade_no) => {
      const evidence = await query(out_trade_no);
      return evidence.type === 'state' ? evidence.state : evidence.type;
    },
    close: async (out_trade_no) => await world().gateway.close(world().account, out_trade_no),
    prepay,
    code: (changes = {}) => codeOf(world().account, changes),
    micropay: async (request) => await world().gateway.micropay(world().account, request),
    reverse: async (out_trade_no) =>
      await world().gateway.reverse(world().account, { out_trade_no }),
  };
}
