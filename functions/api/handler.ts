import { createTokenVerifier } from '#adapters/auth/tokens.ts';
import type { HttpAnswer, HttpEvent } from '#adapters/lambda/http.ts';
import { createMerchantApi, type MerchantJobs, type Shown } from '#adapters/lambda/merchant-api.ts';
import { problemOfError } from '#adapters/lambda/problem.ts';
import { answering, flushing, handlerOf } from '#adapters/lambda/stack.ts';
import { createHintQueue } from '#adapters/sqs/queues.ts';
import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import { getOrder } from '#app/get-order.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { Account } from '#core/account.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { OutTradeNo } from '#core/values/ids.ts';
import { sqsClient } from '../wiring/clients.ts';
import { orderGateway } from '../wiring/gateway.ts';
import { clock, deadline, telemetryOf } from '../wiring/house.ts';
import { loopPorts } from '../wiring/loop.ts';

const config = readConfig(
  'hintsQueueUrl',
  'notifyBaseUrl',
  'jwksUrl',
  'tokenIssuer',
  'tokenAudience',
);
const telemetry = telemetryOf('api');
const sqs = sqsClient();
const gateway = orderGateway();
const loop = loopPorts({ sqs, gateway, telemetry });
const hints = createHintQueue({ client: sqs, queueUrl: config.hintsQueueUrl });
const ports = { ...loop, hints, gateway };

const jobs: MerchantJobs = {
  authenticate: createTokenVerifier({
    jwksUrl: config.jwksUrl,
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    clock,
  }),
  accounts: loop.accounts,
  bodyLimitBytes: limits.apiBodyBytes,
  putOrder: async (account, order) => {
    const notify_url = `${config.notifyBaseUrl}/notify/${account.name}`;
    const placed = await createOrder(ports, account, { ...order, notify_url });
    return shown(placed, ({ created, ...body }) => ({ statusCode: created ? 201 : 200, body }));
  },
  getOrder: async (account, out_trade_no, refresh) => {
    const asked = { account: account.name, key: orderKey(account, out_trade_no), refresh };
    return shown(await getOrder(loop, asked), (body) => ({ statusCode: 200, body }));
  },
  closeOrder: async (account, out_trade_no) => {
    const closed = await closeOrder(ports, orderKey(account, out_trade_no));
    return shown(closed, ({ status }) => ({
      statusCode: status === 'CLOSED' ? 200 : 202,
      body: { out_trade_no, status },
    }));
  },
};

const answer = createMerchantApi(jobs);

/** `/v1/…`: the merchant's API. */
export const handler = handlerOf(
  (event: HttpEvent, context): Promise<HttpAnswer> => {
    deadline.begin(context);
    return answer(event, context);
  },
  flushing(telemetry),
  answering((error: unknown, _event: HttpEvent, requestId): HttpAnswer => {
    const problem = problemOfError(error, requestId);
    telemetry.log('warn', 'request failed', { count: problem.statusCode ?? 500, requestId });
    return problem;
  }),
);

function orderKey(account: Account, out_trade_no: OutTradeNo): SubjectKey {
  return { kind: 'order', mchid: account.mchid, number: out_trade_no };
}

function shown<T>(given: Answer<T>, show: (value: T) => Shown): Answer<Shown> {
  return given.ok ? { ok: true, value: show(given.value) } : given;
}
