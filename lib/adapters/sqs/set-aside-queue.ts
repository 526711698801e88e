import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SetAsideQueue } from '#core/deliveries.ts';
import { AppError } from '#core/errors.ts';
import { copiedGroup } from './inbox.ts';
import type { QueueOptions } from './queues.ts';

/** The set-aside queue, a FIFO one; a copy that is sent twice within five minutes is one. */
export function createSetAsideQueue({ client, queueUrl }: QueueOptions): SetAsideQueue {
  return {
    send: async (message) => {
      const copy = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: message.body,
        ...copiedGroup(message),
      });
      try {
        await client.send(copy);
      } catch (cause) {
        throw new AppError('queue_unavailable', 'A delivery could not be set aside.', { cause });
      }
    },
  };
}
