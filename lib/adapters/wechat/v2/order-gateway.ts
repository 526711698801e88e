import type { OrderGateway } from '#core/ports.ts';
import type { Instant } from '#core/values/time.ts';
import { createStamp } from '../stamp.ts';
import type { Client } from './client.ts';
import {
  closeErrorOf,
  micropayErrorOf,
  prepayErrorOf,
  queryErrorOf,
  reverseErrorOf,
} from './error-codes.ts';
import { readCharged, readOrder, readPrepay, readReversed } from './order-answers.ts';
import {
  canComeBack,
  closeCall,
  micropayCall,
  prepayCall,
  queryCall,
  reverseCall,
} from './order-calls.ts';
import { signAppPayment, signJsapiPayment } from './signing.ts';

/**
 * Orders and code payments over APIv2. Every outcome is a value. Only what WeChat signed is believed;
 * whatever stays open is `unknown`, and a refusal of ourselves (SIGNERROR, NOAUTH …) is a `fault`.
 */
export function createOrderGateway(client: Client, now: () => Instant): OrderGateway {
  return {
    query: async (account, order) => {
      const answer = await client.call(account, queryCall(order));
      switch (answer.type) {
        case 'success':
          return readOrder(answer.fields, order);
        case 'failure':
          return queryErrorOf(answer.code);
        case 'unsent':
        case 'fault':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    close: async (account, out_trade_no, appid) => {
      const answer = await client.call(
        account,
        closeCall({ out_trade_no, ...(appid !== undefined && { appid }) }),
      );
      switch (answer.type) {
        case 'success':
          return { type: 'done' };
        case 'failure':
          return closeErrorOf(answer.code);
        case 'unsent':
        case 'fault':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    prepay: async (account, request) => {
      if (!canComeBack(request)) {
        return { type: 'refused', code: 'PARAM_ERROR', field: '/attach' };
      }
      const answer = await client.call(account, prepayCall(request));
      switch (answer.type) {
        case 'success':
          return readPrepay(answer.fields, request.trade_type);
        case 'failure':
          return prepayErrorOf(answer.code);
        case 'unsent':
        case 'fault':
          return { type: 'refused', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    payParameters: (account, appid, { trade_type, prepay_id }) => {
      const sign = trade_type === 'APP' ? signAppPayment : signJsapiPayment;
      return sign(account, { appid, prepay_id }, createStamp(now()));
    },
    micropay: async (account, request) => {
      if (!canComeBack(request)) {
        return { type: 'refused', code: 'PARAM_ERROR' };
      }
      const answer = await client.call(account, micropayCall(request));
      switch (answer.type) {
        case 'success':
          return readCharged(answer.fields, request.out_trade_no);
        case 'failure':
          return micropayErrorOf(answer.code);
        case 'unsent':
        case 'fault':
          return { type: 'refused', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
    reverse: async (account, order) => {
      const answer = await client.call(account, reverseCall(order));
      switch (answer.type) {
        case 'success':
          return readReversed(answer.fields);
        case 'failure':
          return readReversed(answer.fields, reverseErrorOf(answer.code));
        case 'unsent':
        case 'fault':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
  };
}
