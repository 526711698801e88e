import {
  isOrderState,
  isOrderView,
  isRefundView,
  isWaiting,
  type OrderState,
  type OrderView,
  type PlacedOrderOf,
  placedOrderChecks,
  type RefundView,
} from './answers.ts';
import { passing, pathPart, queryOf } from './call-parts.ts';
import { type CallSettings, createCaller, type World } from './calling.ts';
import type { Fetch } from './exchange.ts';
import type { JsonObject } from './json.ts';
import { createPayscoreClient, type PayscoreClient } from './payscore.ts';
import type { OrderRequest, RefundRequest, ResolveRequest, TradeType } from './requests.ts';

export type ClientOptions = {
  /** The `ApiUrl` of the stack; `https`, or `http` on this machine. */
  readonly baseUrl: string;
  readonly account: string;
  /** The bearer token, or where it comes from: that is asked for each try, so let it keep its token. */
  readonly token: string | (() => string | Promise<string>);
  readonly fetch?: Fetch;
  /** Of a call with all its retries; 30 s when absent. */
  readonly timeoutMs?: number;
  /** Of one try; 12 s when absent. */
  readonly attemptTimeoutMs?: number;
  /** How often a call is sent again at most; 4 when absent. */
  readonly retries?: number;
};

/**
 * The merchant's API of one account. Each call is sent again after a timeout, a broken connection, 429,
 * `wechat_looking`, `command_pending` and every 5xx that can pass by itself, with the same bytes, so it is one order, one refund and
 * one command. Each ends in `WechatpayError`.
 */
export type Client = PayscoreClient & {
  /**
   * Places an order, or answers for one that was placed before with the same body; then with a fresh link,
   * should it have become old. A payer's code is charged once, however often it is sent.
   */
  readonly putOrder: <Trade extends TradeType>(
    out_trade_no: string,
    order: OrderRequest & { readonly trade_type: Trade },
  ) => Promise<PlacedOrderOf<Trade>>;
  /** `refresh`: WeChat is asked first. */
  readonly getOrder: (
    out_trade_no: string,
    options?: { readonly refresh?: boolean },
  ) => Promise<OrderView>;
  /**
   * Asks for an order every two seconds until it waits no more, mostly because it is PAID or CLOSED, and
   * shows it. After `timeoutMs` (3 min when absent, which outlasts a code payment of which WeChat never heard;
   * 10 min at most) it is shown as it stands, CREATED or AWAITING.
   */
  readonly waitForOrder: (
    out_trade_no: string,
    options?: { readonly timeoutMs?: number },
  ) => Promise<OrderView>;
  /** Asks for an unpaid order to be closed: it is once its status is CLOSED. */
  readonly closeOrder: (out_trade_no: string) => Promise<OrderState>;
  /**
   * Says what a person decided about an order in REVIEW: it is done once `getOrder` shows it as `resolved`.
   * A retry whose first try was already carried out ends in `order_not_in_review`.
   */
  readonly resolveOrder: (out_trade_no: string, resolution: ResolveRequest) => Promise<OrderState>;
  /** Starts a refund, or answers for one that was started before with the same body. */
  readonly putRefund: (out_refund_no: string, refund: RefundRequest) => Promise<RefundView>;
  /** `refresh`: WeChat is asked first. */
  readonly getRefund: (
    out_refund_no: string,
    options?: { readonly refresh?: boolean },
  ) => Promise<RefundView>;
};

const lookEveryMs = 2_000;
const usualWaitMs = 180_000;

/** A client of one account's API. Throws `TypeError` when the options cannot work. */
export function createClient(options: ClientOptions): Client {
  return createClientIn(
    {
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
      nowMs: () => performance.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      alarm: (ms) => AbortSignal.timeout(ms),
      random: () => Math.random(),
    },
    options,
  );
}

/** The same in a world of its own, for tests. */
export function createClientIn(world: World, options: ClientOptions): Client {
  const call = createCaller(world, settingsOf(options));
  const order = (number: string): string => `/orders/${pathPart('out_trade_no', number)}`;
  const refund = (number: string): string => `/refunds/${pathPart('out_refund_no', number)}`;
  const getOrder: Client['getOrder'] = async (out_trade_no, options = {}) => {
    const path = `${order(out_trade_no)}${queryOf(options)}`;
    return await call({ method: 'GET', path, read: passing(isOrderView) });
  };
  return {
    putOrder: async (out_trade_no, body) => {
      const { trade_type } = body;
      const isPlaced = passing(placedOrderChecks[trade_type]);
      const read = (answer: JsonObject) => {
        const isCharged = trade_type === 'MICROPAY';
        const more = { trade_type, ...(isCharged && { waits: isWaiting(answer['status']) }) };
        return isPlaced({ ...answer, ...more });
      };
      return await call({ method: 'PUT', path: order(out_trade_no), body, read });
    },
    getOrder,
    waitForOrder: async (out_trade_no, { timeoutMs = usualWaitMs } = {}) => {
      const endsAt = world.nowMs() + wholeNumber('timeoutMs', timeoutMs, 1, 600_000);
      let shown = await getOrder(out_trade_no);
      while (isWaiting(shown.status) && world.nowMs() + lookEveryMs <= endsAt) {
        await world.pause(lookEveryMs);
        shown = await getOrder(out_trade_no);
      }
      return shown;
    },
    closeOrder: async (out_trade_no) => {
      const path = `${order(out_trade_no)}/close`;
      return await call({ method: 'POST', path, read: passing(isOrderState) });
    },
    resolveOrder: async (out_trade_no, body) => {
      const path = `${order(out_trade_no)}/resolve`;
      return await call({ method: 'POST', path, body, read: passing(isOrderState) });
    },
    putRefund: async (out_refund_no, body) => {
      const path = refund(out_refund_no);
      return await call({ method: 'PUT', path, body, read: passing(isRefundView) });
    },
    getRefund: async (out_refund_no, options = {}) => {
      const path = `${refund(out_refund_no)}${queryOf(options)}`;
      return await call({ method: 'GET', path, read: passing(isRefundView) });
    },
    ...createPayscoreClient(call),
  };
}

function settingsOf(options: ClientOptions): CallSettings {
  const { account, token, timeoutMs = 30_000, attemptTimeoutMs = 12_000, retries = 4 } = options;
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(account)) {
    throw new TypeError('`account` is not the name of an account.');
  }
  return {
    base: `${originOf(options.baseUrl)}/v1/${account}`,
    token,
    timeoutMs: wholeNumber('timeoutMs', timeoutMs, 1, 600_000),
    attemptTimeoutMs: wholeNumber('attemptTimeoutMs', attemptTimeoutMs, 1, 600_000),
    retries: wholeNumber('retries', retries, 0, 20),
  };
}

const thisMachine: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** With the path that a custom domain may have, without its last slash. */
function originOf(baseUrl: string): string {
  const url = new URL(baseUrl);
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && thisMachine.includes(url.hostname));
  const isPlain = url.href === `${url.origin}${url.pathname}`;
  if (!isSafe || !isPlain) {
    throw new TypeError('`baseUrl` is not an https URL without credentials, query and fragment.');
  }
  return url.href.replace(/\/+$/, '');
}

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new TypeError(`\`${name}\` is not a whole number from ${least} to ${most}.`);
  }
  return value;
}
