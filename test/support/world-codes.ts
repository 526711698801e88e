import { isDeepStrictEqual } from 'node:util';
import type { Account } from '#core/account.ts';
import type { MicropayOutcome, ReverseOutcome } from '#core/evidence.ts';
import type { MicropayRequest } from '#core/ports.ts';
import { dayMs, plus, secondMs } from '#core/values/time.ts';
import {
  type AskedOrder,
  findOrder,
  isCodePayment,
  knownOrder,
  type OrderBook,
  payOrder,
  type WorldOrder,
} from './world-orders.ts';

/** What a payer does whose code is charged; who is poor is refused, and the try has failed. */
export type Payer = 'pays' | 'types-password' | 'is-poor';

/** Code payments of a WeChat Pay, with APIv2's documented rules (4011937125). */
export type Till = {
  charge(account: Account, request: MicropayRequest): MicropayOutcome;
  reverse(account: Account, asked: AskedOrder): ReverseOutcome;
  decline(out_trade_no: string): void;
  payersAre(payer: Payer | undefined): void;
};

/** A password is asked for above 1,000 yuan. */
const freeFen = 100_000;
const longestBody = 127;
const reversibleAfterMs = 15 * secondMs;
const reversibleForMs = 7 * dayMs;

export function createTill(book: OrderBook): Till {
  const { clock, orders } = book;
  const usedCodes = new Set<string>();
  let payers: Payer | undefined;

  function charge(account: Account, request: MicropayRequest): MicropayOutcome {
    needsV2(account);
    const { auth_code, out_trade_no, amountFen } = request;
    const before = orders.get(out_trade_no);
    const outcome = refusalOf(account, request) ?? (before && again(before, request));
    if (outcome !== undefined) {
      return outcome;
    }
    if (usedCodes.has(auth_code)) {
      return { type: 'refused', code: 'AUTH_CODE_ERROR' };
    }
    usedCodes.add(auth_code);
    const { mchid } = account;
    const order = { mchid, request, placedAt: clock.now(), links: 0 } as const;
    const payer = payers ?? (amountFen > freeFen ? 'types-password' : 'pays');
    const state = payer === 'is-poor' ? 'PAYERROR' : 'USERPAYING';
    orders.set(out_trade_no, { ...order, state });
    switch (payer) {
      case 'pays':
        payOrder(book, out_trade_no, {});
        return { type: 'paid' };
      case 'types-password':
        return { type: 'unknown', code: 'USERPAYING' };
      case 'is-poor':
        return { type: 'refused', code: 'NOTENOUGH' };
    }
  }

  function reverse(account: Account, asked: AskedOrder): ReverseOutcome {
    needsV2(account);
    const order = findOrder(book, account, asked);
    if (order === undefined) {
      return { type: 'no-such-order', code: 'ORDERNOTEXIST' };
    }
    const code = isCodePayment(order) ? reversalRefusal(order) : 'INVALID_REQUEST';
    if (code !== undefined) {
      return { type: code === 'INVALID_REQUEST' ? 'unknown' : 'refused', code };
    }
    orders.set(order.request.out_trade_no, { ...order, state: 'REVOKED' });
    return { type: 'done' };
  }

  function reversalRefusal({ state, placedAt }: WorldOrder): string | undefined {
    const now = clock.now();
    if (state === 'REVOKED') {
      return undefined;
    }
    if (now < plus(placedAt, reversibleAfterMs)) {
      return 'INVALID_REQUEST';
    }
    if (now > plus(placedAt, reversibleForMs)) {
      return 'REVERSE_EXPIRE';
    }
    return state === 'REFUND' ? 'TRADE_ERROR' : undefined;
  }

  return {
    charge,
    reverse,
    decline: (out_trade_no) => {
      const order = knownOrder(book, out_trade_no);
      if (order.state !== 'USERPAYING') {
        throw new Error(`Nobody was asked for a password: ${out_trade_no} is ${order.state}.`);
      }
      orders.set(out_trade_no, { ...order, state: 'PAYERROR' });
    },
    payersAre: (payer) => {
      payers = payer;
    },
  };
}

/** Nothing of APIv2 can be signed without its key: whoever asks all the same is wrong. */
function needsV2({ name, credentials }: Account): void {
  if (credentials.v2 === undefined) {
    throw new Error(`${name} has no credentials for APIv2.`);
  }
}

/** What WeChat refuses whatever it knows of the number. */
function refusalOf(
  { appids }: Account,
  { appid, amountFen, description }: MicropayRequest,
): MicropayOutcome | undefined {
  if (!appids.includes(appid)) {
    return { type: 'refused', code: 'APPID_MCHID_NOT_MATCH' };
  }
  const isFit = amountFen >= 1 && description !== '' && description.length <= longestBody;
  return isFit ? undefined : { type: 'refused', code: 'PARAM_ERROR' };
}

/** Only a try that failed may be followed by another under the same number. */
function again(before: WorldOrder, request: MicropayRequest): MicropayOutcome | undefined {
  if (!isCodePayment(before)) {
    return { type: 'look', code: 'OUT_TRADE_NO_USED' };
  }
  if (before.state === 'REVOKED') {
    return { type: 'look', code: 'ORDERREVERSED' };
  }
  if (before.payment !== undefined) {
    return { type: 'look', code: 'ORDERPAID' };
  }
  if (before.state === 'CLOSED') {
    return { type: 'look', code: 'ORDERCLOSED' };
  }
  const { auth_code, ...terms } = request;
  const { auth_code: earlierCode, ...earlier } = before.request;
  if (!isDeepStrictEqual(terms, earlier)) {
    return { type: 'look', code: 'INVALID_REQUEST' };
  }
  if (before.state !== 'USERPAYING') {
    return undefined;
  }
  return earlierCode === auth_code
    ? { type: 'unknown', code: 'USERPAYING' }
    : { type: 'look', code: 'BUYER_MISMATCH' };
}
