import { createNoticeEndpoint } from '#adapters/lambda/notice-http.ts';
import { createHintQueue } from '#adapters/sqs/queues.ts';
import { createNoticeReader } from '#adapters/wechat/notice-reader.ts';
import { maxXmlBytes } from '#adapters/wechat/v2/xml.ts';
import { type ReceiveNoticePorts, receiveNotice } from '#app/receive-notice.ts';
import { readConfig } from '#config/config.ts';
import { limits } from '#config/limits.ts';
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
export const handler = createNoticeEndpoint({
  receive: (name, raw) => receiveNotice(ports, name, raw),
  bodyLimitBytes: { json: limits.noticeBodyBytes, xml: maxXmlBytes },
  telemetry,
});
