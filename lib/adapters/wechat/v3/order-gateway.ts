import type { OrderGateway } from '#core/ports.ts';
import type { Instant } from '#core/values/time.ts';
import { createTransport, type TransportOptions } from '../transport.ts';
import { createClient } from './client.ts';
import { closeErrorOf, prepayErrorOf, queryErrorOf } from './error-codes.ts';
import { readPrepay, readTransaction } from './order-answers.ts';
import { closeCall, prepayCall, queryCall } from './order-calls.ts';
import { createStamp, signJsapiPayment } from './signing.ts';

export type OrderGatewayOptions = TransportOptions & {
  readonly now: () => Instant;
  /** Names this client to WeChat, which refuses calls without a name. */
  readonly userAgent: string;
};

/**
 * Orders over APIv3. Every outcome is a value. Only a success that WeChat signed is believed; whatever
 * stays open is `unknown`, and a refusal of ourselves (401, NO_AUTH, PARAM_ERROR …) is a `fault`.
 */
export function createOrderGateway(options: OrderGatewayOptions): OrderGateway {
  const { now, userAgent } = options;
  const client = createClient({ transport: createTransport(options), now, userAgent });
  return {
    query: async (account, order) => {
      const answer = await client.call(account, queryCall(account, order));
      switch (answer.type) {
        case 'verified':
          return answer.status === 200
            ? readTransaction(answer.body, order)
            : unexpected(answer.status);
        case 'error':
          return queryErrorOf(answer.error);
        case 'unsent':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    close: async (account, out_trade_no) => {
      const answer = await client.call(account, closeCall(account, out_trade_no));
      switch (answer.type) {
        case 'verified':
          return answer.status === 204 ? { type: 'done' } : unexpected(answer.status);
        case 'error':
          return closeErrorOf(answer.error);
        case 'unsent':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    prepay: async (account, request) => {
      const answer = await client.call(account, prepayCall(account, request));
      switch (answer.type) {
        case 'verified':
          return answer.status === 200
            ? readPrepay(answer.body, request.trade_type)
            : unexpected(answer.status);
        case 'error':
          return prepayErrorOf(answer.error);
        case 'unsent':
          return { type: 'refused', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    jsapiPayParameters: (account, appid, { prepay_id }) =>
      signJsapiPayment(account.credentials, { appid, prepay_id }, createStamp(now())),
  };
}

/** Signed by WeChat, but not the status that its document names for this call. */
function unexpected(status: number): { readonly type: 'unknown'; readonly code: string } {
  return { type: 'unknown', code: `HTTP_${status}` };
}
