import {
  ChangeMessageVisibilityCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Inbox, Received } from '#core/ports.ts';

export type InboxOptions = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** The dead-letter queue, for messages that no try can help. */
  readonly parkingQueueUrl: string;
};

/** Another FIFO queue keeps the order, and takes a copy of one message once. */
export function copiedGroup({ groupId, messageId }: Received) {
  return groupId === undefined
    ? {}
    : { MessageGroupId: groupId, MessageDeduplicationId: messageId };
}

const longestVisibilitySeconds = 43_200;

/** What a consumer may do with a message that it does not acknowledge. */
export function createInbox({ client, queueUrl, parkingQueueUrl }: InboxOptions): Inbox {
  return {
    postpone: async (message, delayMs) => {
      const VisibilityTimeout = Math.min(Math.ceil(delayMs / 1000), longestVisibilitySeconds);
      const { receiptHandle: ReceiptHandle } = message;
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    },
    park: async (message, reason) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: parkingQueueUrl,
          MessageBody: message.body,
          ...copiedGroup(message),
          MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
        }),
      );
    },
  };
}
