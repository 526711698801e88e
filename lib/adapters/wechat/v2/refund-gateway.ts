import type { RefundGateway } from '#core/ports.ts';
import type { Client } from './client.ts';
import { applyErrorOf, refundQueryErrorOf } from './error-codes.ts';
import { readApplied, readRefund } from './refund-answers.ts';
import { applyCall, refundQueryCall } from './refund-calls.ts';

/**
 * Refunds over APIv2. Every outcome is a value. Only what WeChat signed is believed; whatever stays open
 * is `unknown`, and a refusal of ourselves (SIGNERROR, NOAUTH …) is a `fault`.
 */
export function createRefundGateway(client: Client): RefundGateway {
  return {
    query: async (account, out_refund_no) => {
      const answer = await client.call(account, refundQueryCall(out_refund_no));
      switch (answer.type) {
        case 'success':
          return readRefund(answer.fields, out_refund_no);
        case 'failure':
          return refundQueryErrorOf(answer.code);
        case 'unsent':
        case 'fault':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    apply: async (account, request) => {
      const answer = await client.call(account, applyCall(request));
      switch (answer.type) {
        case 'success':
          return readApplied(answer.fields, request.out_refund_no);
        case 'failure':
          return applyErrorOf(answer.code);
        case 'unsent':
        case 'fault':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
  };
}
