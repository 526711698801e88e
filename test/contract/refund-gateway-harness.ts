import assert from 'node:assert/strict';
import type { ApplyOutcome, RefundEvidence, RefundState } from '#core/evidence.ts';
import type { OrderGateway, RefundGateway, RefundRequest } from '#core/ports.ts';
import {
  isOutRefundNo,
  type OutRefundNo,
  type OutTradeNo,
  type TransactionId,
} from '#core/values/ids.ts';
import { type Fen, isFen } from '#core/values/money.ts';
import { valid } from '../support/order-builder.ts';
import { type MerchantWorld, requestOf } from './order-gateway-harness.ts';

/** A WeChat Pay with one merchant, and the gateways that speak to it. No refund ends by itself there. */
export type RefundWorld = MerchantWorld & {
  readonly gateway: RefundGateway;
  readonly orders: OrderGateway;
  settle(out_refund_no: OutRefundNo, status: Exclude<RefundState, 'PROCESSING'>): Promise<void>;
  /** The merchant refunds in the console. */
  refundByHand(
    out_trade_no: OutTradeNo,
    refund: { readonly out_refund_no: OutRefundNo; readonly amountFen: Fen },
  ): Promise<void>;
  /** What the merchant can still refund, until `heal`. */
  limitBalance(availableFen: number): Promise<void>;
};

export type PaidOrder = {
  readonly out_trade_no: OutTradeNo;
  readonly transaction_id: TransactionId;
};

/** The gateway's calls on the account of the world that stands when a test runs. */
export type RefundCalls = {
  world(): RefundWorld;
  /** Places and pays a fresh order of 100 fen. */
  paid(): Promise<PaidOrder>;
  /** Accepts a refund of 40 fen of a fresh order, and fails the test if it is not. */
  accept(): Promise<PaidOrder & { readonly request: RefundRequest }>;
  query(out_refund_no: OutRefundNo): Promise<RefundEvidence>;
  apply(request: RefundRequest): Promise<ApplyOutcome>;
};

let lastNumber = 0;

export function freshRefundNo(): OutRefundNo {
  lastNumber += 1;
  return valid(`refund|*_@${lastNumber}`, isOutRefundNo);
}

/** A fresh refund of 40 fen of an order that was paid with 100. */
export function refundOf({ transaction_id }: Pick<PaidOrder, 'transaction_id'>): RefundRequest {
  return {
    out_refund_no: freshRefundNo(),
    transaction_id,
    refundFen: valid(40, isFen),
    totalFen: valid(100, isFen),
    currency: 'CNY',
  };
}

export function refundCallsOf(world: () => RefundWorld): RefundCalls {
  const apply = async (request: RefundRequest) => {
    const { gateway, account } = world();
    return await gateway.apply(account, request);
  };
  const paid = async () => await payFresh(world());
  return {
    world,
    paid,
    accept: async () => {
      const order = await paid();
      const request = refundOf(order);
      assert.deepEqual(await apply(request), { type: 'accepted' });
      return { ...order, request };
    },
    query: async (out_refund_no) => await world().gateway.query(world().account, out_refund_no),
    apply,
  };
}

async function payFresh(world: RefundWorld): Promise<PaidOrder> {
  const { orders, account, pay } = world;
  const request = requestOf(world);
  const { out_trade_no } = request;
  const outcome = await orders.prepay(account, request);
  assert.equal(outcome.type, 'placed', JSON.stringify(outcome));
  await pay(out_trade_no);
  const evidence = await orders.query(account, { out_trade_no });
  assert.ok(evidence.type === 'state' && evidence.payment !== undefined, JSON.stringify(evidence));
  return { out_trade_no, transaction_id: evidence.payment.transaction_id };
}
