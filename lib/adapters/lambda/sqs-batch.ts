import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Received } from '#core/ports.ts';

/** The messages of an SQS event, in the order in which they came. */
export function receivedOf(event: SQSEvent): readonly Received[] {
  return event.Records.map((record) => ({
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    body: record.body,
    receiveCount: Number.parseInt(record.attributes.ApproximateReceiveCount, 10) || 1,
  }));
}

/** The answer that keeps just these messages in the queue (ReportBatchItemFailures). */
export function batchAnswer(keptIds: readonly string[]): SQSBatchResponse {
  return { batchItemFailures: keptIds.map((itemIdentifier) => ({ itemIdentifier })) };
}
