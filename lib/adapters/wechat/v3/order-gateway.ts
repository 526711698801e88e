import type { CodePaymentGateway, OrderGateway } from '#core/ports.ts';
import { createStamp } from '../stamp.ts';
import { unexpected } from './answers.ts';
import { closeErrorOf, prepayErrorOf, queryErrorOf } from './error-codes.ts';
import { createGatewayClient, type GatewayOptions } from './gateway-client.ts';
import { readPrepay, readTransaction } from './order-answers.ts';
import { closeCall, prepayCall, queryCall } from './order-calls.ts';
import { signAppPayment, signJsapiPayment } from './signing.ts';

/**
 * Orders over APIv3. Every outcome is a value. Only a success that WeChat signed is believed; whatever
 * stays open is `unknown`, and a refusal of ourselves (401, NO_AUTH, PARAM_ERROR …) is a `fault`.
 */
export function createOrderGateway(
  options: GatewayOptions,
  client = createGatewayClient(options),
): Omit<OrderGateway, keyof CodePaymentGateway> {
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
    payParameters: (account, appid, { trade_type, prepay_id }) => {
      const sign = trade_type === 'APP' ? signAppPayment : signJsapiPayment;
      return sign(account, { appid, prepay_id }, createStamp(options.now()));
    },
  };
}
