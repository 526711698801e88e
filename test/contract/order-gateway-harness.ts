import assert from 'node:assert/strict';
import type { Account } from '#core/account.ts';
import type { CloseOutcome, OrderEvidence, PrepayOutcome } from '#core/evidence.ts';
import type { OrderGateway, PrepayRequest } from '#core/ports.ts';
import { isOutTradeNo, type OutTradeNo } from '#core/values/ids.ts';
import { instant, plus } from '#core/values/time.ts';
import type { GatewayFault } from './gateway-faults.ts';

/** A WeChat Pay with one merchant, and the gateway that speaks to it. */
export type GatewayWorld = {
  readonly gateway: OrderGateway;
  readonly account: Account;
  pay(out_trade_no: OutTradeNo): Promise<void>;
  /** The payer is at the till: a close is put off. */
  startPaying(out_trade_no: OutTradeNo): Promise<void>;
  /** Strikes every call until `heal`; `carriedOut`: they take effect all the same. */
  fail(fault: GatewayFault, carriedOut?: boolean): Promise<void>;
  heal(): Promise<void>;
  end(): Promise<void>;
};

/** The gateway's calls on the account of the world that stands when a test runs. */
export type GatewayCalls = {
  world(): GatewayWorld;
  request(changes?: Partial<PrepayRequest>): PrepayRequest;
  /** Places a fresh order, and fails the test if it cannot. */
  place(): Promise<PrepayRequest>;
  query(out_trade_no: OutTradeNo): Promise<OrderEvidence>;
  close(out_trade_no: OutTradeNo): Promise<CloseOutcome>;
  prepay(request: PrepayRequest): Promise<PrepayOutcome>;
};

let lastNumber = 0;

export function freshNumber(): OutTradeNo {
  lastNumber += 1;
  const number = `contract|*_${lastNumber}`;
  assert.ok(isOutTradeNo(number));
  return number;
}

/** A prepay of a fresh order of 100 fen. */
export function requestOf(account: Account, changes: Partial<PrepayRequest> = {}): PrepayRequest {
  return {
    trade_type: 'NATIVE',
    appid: account.appids[0],
    out_trade_no: freshNumber(),
    description: '深圳腾大-QQ公仔',
    amountFen: 100,
    currency: 'CNY',
    notify_url: 'http://127.0.0.1:9/notify/main',
    expiresAt: plus(instant(Date.now()), 7_200_000),
    details: {},
    ...changes,
  };
}

export function callsOf(world: () => GatewayWorld): GatewayCalls {
  const prepay = async (request: PrepayRequest) => {
    const { gateway, account } = world();
    return await gateway.prepay(account, request);
  };
  return {
    world,
    request: (changes) => requestOf(world().account, changes),
    place: async () => {
      const request = requestOf(world().account);
      const outcome = await prepay(request);
      assert.equal(outcome.type, 'placed', JSON.stringify(outcome));
      return request;
    },
    query: async (out_trade_no) => await world().gateway.query(world().account, { out_trade_no }),
    close: async (out_trade_no) => await world().gateway.close(world().account, out_trade_no),
    prepay,
  };
}
