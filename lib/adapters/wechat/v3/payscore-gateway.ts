import type { Account } from '#core/account.ts';
import type { Evidence, PayscoreCommand, SendOutcome } from '#core/payscore/evidence.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import { malformed, unexpected } from './answers.ts';
import type { CallAnswer } from './client.ts';
import { payscoreQueryErrorOf, sendErrorOf } from './error-codes.ts';
import { createGatewayClient, type GatewayOptions } from './gateway-client.ts';
import { readAccepted, readPlan, readServiceOrder, readSignPlan } from './payscore-answers.ts';
import {
  commandCall,
  planQueryCall,
  serviceOrderQueryCall,
  signPlanQueryCall,
} from './payscore-calls.ts';
import type { SignedRequest } from './signing.ts';

/**
 * PayScore plans, which only APIv3 has. Every outcome is a value. Only a 200 that WeChat signed is believed,
 * of a command a 204 too; whatever stays open is `unknown`, and a refusal of ourselves (401, NO_AUTH …) is a
 * `fault`.
 */
export function createPayscoreGateway(
  options: GatewayOptions,
  client = createGatewayClient(options),
): PayscoreGateway {
  const ask = async <State>(
    account: Account,
    request: SignedRequest,
    read: (body: Uint8Array) => Evidence<State>,
  ): Promise<Evidence<State>> => {
    const answer = await client.call(account, request);
    switch (answer.type) {
      case 'verified':
        return answer.status === 200 ? read(answer.body) : unexpected(answer.status);
      case 'error':
        return payscoreQueryErrorOf(answer.error);
      case 'unsent':
        return { type: 'fault', code: answer.code };
      case 'unknown':
        return answer;
    }
  };
  return {
    queryPlan: (account, number) =>
      ask(account, planQueryCall(number), (body) =>
        readPlan(body, { mchid: account.mchid, number }),
      ),
    querySignPlan: (account, number) =>
      ask(account, signPlanQueryCall(number), (body) =>
        readSignPlan(body, { mchid: account.mchid, number }),
      ),
    queryServiceOrder: (account, asked) =>
      ask(account, serviceOrderQueryCall(asked), (body) =>
        readServiceOrder(body, { mchid: account.mchid, number: asked.out_order_no }),
      ),
    send: async (account, command) => {
      const answer = await client.call(account, commandCall(command));
      switch (answer.type) {
        case 'verified':
          return outcomeOf(account, command, answer);
        case 'error':
          return sendErrorOf(answer.error);
        case 'unsent':
          return { type: 'fault', code: answer.code };
        case 'unknown':
          return answer;
      }
    },
  };
}

/** 204 has no body, and so no `package`: for create-sign-plan it is not an answer. */
function outcomeOf(
  { mchid }: Account,
  command: PayscoreCommand,
  { status, body }: Extract<CallAnswer, { readonly type: 'verified' }>,
): SendOutcome {
  if (status === 200) {
    return readAccepted(body, mchid, command);
  }
  if (status === 204) {
    return command.name === 'create-sign-plan' ? malformed : { type: 'accepted' };
  }
  return unexpected(status);
}
