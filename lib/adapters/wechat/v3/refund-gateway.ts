import type { RefundGateway } from '#core/ports.ts';
import { unexpected } from './answers.ts';
import { applyErrorOf, refundQueryErrorOf } from './error-codes.ts';
import { createGatewayClient, type GatewayOptions } from './gateway-client.ts';
import { readApplied, readRefund } from './refund-answers.ts';
import { applyCall, refundQueryCall } from './refund-calls.ts';

/**
 * Refunds over APIv3. Every outcome is a value. Only a 200 that WeChat signed is believed; whatever stays
 * open is `unknown`, and a refusal of ourselves (401, NO_AUTH …) is a `fault`.
 */
export function createRefundGateway(
  options: GatewayOptions,
  client = createGatewayClient(options),
): RefundGateway {
  return {
    query: async (account, out_refund_no) => {
      const answer = await client.call(account, refundQueryCall(out_refund_no));
      switch (answer.type) {
        case 'verified':
          return answer.status === 200
            ? readRefund(answer.body, out_refund_no)
            : unexpected(answer.status);
        case 'error':
          return refundQueryErrorOf(answer.error);
        case 'unsent':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    apply: async (account, request) => {
      const answer = await client.call(account, applyCall(request));
      switch (answer.type) {
        case 'verified':
          return answer.status === 200
            ? readApplied(answer.body, request.out_refund_no)
            : unexpected(answer.status);
        case 'error':
          return applyErrorOf(answer.error);
        case 'unsent':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
  };
}
