import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from '../../../examples/shop/queue.ts';

/** A queue that hands out what it is given, in one batch, as SQS does with several events of one subject. */
export type StandIn = {
  readonly queue: Queue;
  /** The numbers of the messages that were deleted, in order. */
  readonly deleted: () => readonly string[];
  /** What the consumer asked for. */
  readonly asked: () => readonly object[];
  /** Deletions fail from now on. */
  readonly failDeletions: () => void;
};

export async function startStandIn(
  context: TestContext,
  batch: readonly { readonly subject: string; readonly body: string }[],
): Promise<StandIn> {
  const deleted: string[] = [];
  const asked: object[] = [];
  let areDeletionsFailing = false;
  const server = createServer(async (request, response) => {
    const call = JSON.parse(await text(request));
    const isReceive = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
    if (isReceive) {
      asked.push(call);
    } else if (!areDeletionsFailing) {
      deleted.push(call.ReceiptHandle);
    }
    const isFailing = !isReceive && areDeletionsFailing;
    response.writeHead(isFailing ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isReceive ? { Messages: batch.map(messageOf) } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  context.after(() => {
    sqs.destroy();
    server.close();
  });
  return {
    queue: { sqs, url: `${endpoint}/000000000000/events.fifo` },
    deleted: () => deleted,
    asked: () => asked,
    failDeletions: () => {
      areDeletionsFailing = true;
    },
  };
}

function messageOf(message: { readonly subject: string; readonly body: string }, index: number) {
  return {
    MessageId: `message-${index}`,
    ReceiptHandle: String(index),
    Body: message.body,
    MD5OfBody: createHash('md5').update(message.body).digest('hex'),
    Attributes: { MessageGroupId: message.subject },
  };
}
