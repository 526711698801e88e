import { createTokenVerifier } from '#adapters/auth/tokens.ts';
import type { HttpAnswer, HttpEvent } from '#adapters/lambda/http.ts';
import { createMerchantApi, type MerchantJobs } from '#adapters/lambda/merchant-api.ts';
import type { Shown } from '#adapters/lambda/merchant-route.ts';
import { problemOfError } from '#adapters/lambda/problem.ts';
import { answering, flushing, handlerOf } from '#adapters/lambda/stack.ts';
import { createHintQueue } from '#adapters/sqs/queues.ts';
import { accountsForOutsiders } from '#app/accounts-for-outsiders.ts';
import { closeOrder } from '#app/close-order.ts';
import { createOrder } from '#app/create-order.ts';
import { createRefund } from '#app/create-refund.ts';
import { getOrder, getRefund } from '#app/get-subject.ts';
import { resolveOrder } from '#app/resolve-order.ts';
import { readConfig, readOneOf } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import type { Account } from '#core/account.ts';
import { isAppError } from '#core/errors.ts';
import type { SubjectKey } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { OutTradeNo } from '#core/values/ids.ts';
import { sqsClient } from '../wiring/clients.ts';
import { clock, deadline, telemetryOf } from '../wiring/house.ts';
import { loopPorts } from '../wiring/loop.ts';
import { createPayscoreJobs } from './payscore-jobs.ts';

const config = readConfig('hintsQueueUrl', 'notifyBaseUrl', 'tokenIssuer', 'tokenAudience');
const telemetry = telemetryOf('api');
const sqs = sqsClient();
const loop = loopPorts({ sqs, telemetry });
const hints = createHintQueue({ client: sqs, queueUrl: config.hintsQueueUrl });
const ports = { ...loop, hints };

const jobs: MerchantJobs = {
  authenticate: createTokenVerifier({
    keys: readOneOf('jwksUrl', 'jwks'),
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    clock,
  }),
  accounts: accountsForOutsiders(loop.accounts, telemetry),
  bodyLimitBytes: limits.apiBodyBytes,
  putOrder: async (account, order) => {
    const placed = await createOrder(ports, account, { ...order, notify_url: notifyUrl(account) });
    return shown(placed, ({ created, waits, ...body }) => ({
      statusCode: waits ? 202 : created ? 201 : 200,
      body,
    }));
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
  resolveOrder: async (account, out_trade_no, asked) => {
    const resolved = await resolveOrder(ports, orderKey(account, out_trade_no), asked);
    return shown(resolved, ({ status }) => ({ statusCode: 202, body: { out_trade_no, status } }));
  },
  putRefund: async (account, refund) => {
    const asked = { ...refund, notify_url: notifyUrl(account) };
    const started = await createRefund(loop, account, asked);
    return shown(started, ({ created, view }) => ({
      statusCode: created ? 201 : 200,
      body: view,
    }));
  },
  getRefund: async (account, out_refund_no, refresh) => {
    const key = { kind: 'refund', mchid: account.mchid, number: out_refund_no } as const;
    const found = await getRefund(loop, { account: account.name, key, refresh });
    return shown(found, (body) => ({ statusCode: 200, body }));
  },
  ...createPayscoreJobs(loop, notifyUrl),
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
    const code = isAppError(error) ? error.code : 'internal';
    telemetry.log('warn', 'request failed', { code, count: problem.statusCode ?? 500, requestId });
    return problem;
  }),
);

function orderKey(account: Account, out_trade_no: OutTradeNo): SubjectKey {
  return { kind: 'order', mchid: account.mchid, number: out_trade_no };
}

function notifyUrl(account: Account): string {
  return `${config.notifyBaseUrl}/notify/${account.name}`;
}

function shown<T>(given: Answer<T>, show: (value: T) => Shown): Answer<Shown> {
  return given.ok ? { ok: true, value: show(given.value) } : given;
}
