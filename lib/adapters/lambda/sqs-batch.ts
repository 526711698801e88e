import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Received } from '#core/ports.ts';
import { instant } from '#core/values/time.ts';

/** The messages of an SQS event, in the order in which they came. */
export function receivedOf(event: SQSEvent): readonly Received[] {
  return event.Records.map((record) => ({
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    body: record.body,
    receiveCount: Number.parseInt(record.attributes.ApproximateReceiveCount, 10) || 1,
    sentAt: instant(Number.parseInt(record.attributes.SentTimestamp, 10) || 0),
    ...(record.attributes.MessageGroupId !== undefined && {
      groupId: record.attributes.MessageGroupId,
    }),
  }));
}

/** The answer that keeps just these messages in the queue (ReportBatchItemFailures). */
export function batchAnswer(keptIds: readonly string[]): SQSBatchResponse {
  return { batchItemFailures: keptIds.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Whether the messages came from this queue; all of one event come from one. */
export function isOfQueue(event: SQSEvent, queueUrl: string): boolean {
  const nameOf = (text: string, separator: string) => text.slice(text.lastIndexOf(separator) + 1);
  const [record] = event.Records;
  return record !== undefined && nameOf(record.eventSourceARN, ':') === nameOf(queueUrl, '/');
}
