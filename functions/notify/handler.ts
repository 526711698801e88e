import type { Context } from 'aws-lambda';
import { type HttpAnswer, type HttpEvent, pathParameter } from '#adapters/lambda/http.ts';
import {
  acceptedAnswer,
  failedAnswer,
  failureCodeOf,
  rawNoticeOf,
  refusedAnswer,
} from '#adapters/lambda/notice-http.ts';
import { answering, flushing, handlerOf } from '#adapters/lambda/stack.ts';
import { createHintQueue } from '#adapters/sqs/queues.ts';
import { createNoticeReader } from '#adapters/wechat/v3/notice-reader.ts';
import { type ReceiveNoticePorts, receiveNotice } from '#app/receive-notice.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
import { isAccountName } from '#core/values/ids.ts';
import { sqsClient } from '../wiring/clients.ts';
import { accountsFromSecrets, clock, telemetryOf } from '../wiring/house.ts';

const telemetry = telemetryOf('notify');
const ports: ReceiveNoticePorts = {
  accounts: accountsFromSecrets(),
  reader: createNoticeReader(),
  hints: createHintQueue({
    client: sqsClient(),
    queueUrl: readConfig('hintsQueueUrl').hintsQueueUrl,
  }),
  clock,
  telemetry,
};

/** `POST /notify/{account}`: WeChat's callback. */
export const handler = handlerOf(
  receive,
  flushing(telemetry),
  answering((error: unknown): HttpAnswer => {
    telemetry.log('error', 'notice not received', { code: failureCodeOf(error) });
    return failedAnswer();
  }),
);

async function receive(event: HttpEvent, _context: Context): Promise<HttpAnswer> {
  const name = pathParameter(event, 'account');
  if (!isAccountName(name)) {
    telemetry.count('notice_refused', 'account_unknown');
    return refusedAnswer('account_unknown');
  }
  const raw = rawNoticeOf(event, limits.noticeBodyBytes);
  if (raw === undefined) {
    telemetry.count('notice_refused', 'too_large');
    return refusedAnswer('too_large');
  }
  const received = await receiveNotice(ports, name, raw);
  return received.ok ? acceptedAnswer : refusedAnswer(received.error);
}
