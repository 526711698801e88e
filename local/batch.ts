import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSMessageAttribute, SQSRecord } from 'aws-lambda';
import type { Invocation } from './environment.ts';
import { isObject } from './json.ts';
import { region } from './places.ts';

/** The event that Lambda makes of received messages. */
export function eventOfMessages(messages: readonly Message[], queueArn: string): SQSEvent {
  return { Records: messages.map((message) => recordOf(message, queueArn)) };
}

/**
 * The ids of the messages that stay in the queue, by Lambda's rules: all of them when the function
 * failed or its answer names a message badly or one that was not in the batch; none when the answer is
 * empty; else those that it names. Without ReportBatchItemFailures the answer means nothing.
 */
export function keptMessageIds(
  invocation: Invocation,
  messageIds: readonly string[],
  reportsFailures: boolean,
): readonly string[] {
  if (!invocation.ok) {
    return messageIds;
  }
  const { payload } = invocation;
  if (!reportsFailures || payload === null || payload === undefined) {
    return [];
  }
  if (!isObject(payload)) {
    return messageIds;
  }
  const failures = payload['batchItemFailures'] ?? [];
  if (!Array.isArray(failures)) {
    return messageIds;
  }
  const named = failures
    .map((failure) => (isObject(failure) ? failure['itemIdentifier'] : undefined))
    .filter((id) => typeof id === 'string' && messageIds.includes(id));
  return named.length === failures.length ? named.map(String) : messageIds;
}

function recordOf(message: Message, queueArn: string): SQSRecord {
  const { MessageId, ReceiptHandle, Body, Attributes, MD5OfBody, MessageAttributes } = message;
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
      ...Attributes,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
    ),
    md5OfBody: MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function attributeOf({
  DataType,
  StringValue,
  BinaryValue,
}: MessageAttributeValue): SQSMessageAttribute {
  return {
    dataType: DataType ?? 'String',
    stringListValues: [],
    binaryListValues: [],
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined
      ? {}
      : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
  };
}
