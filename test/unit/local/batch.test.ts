import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventOfMessages, keptMessageIds } from '../../../local/batch.ts';

const ids = ['m1', 'm2', 'm3'];
const kept = (payload: unknown, reports = true): readonly string[] =>
  keptMessageIds({ ok: true, payload }, ids, reports);
const failures = (...names: unknown[]) => ({
  batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('what stays in the queue', () => {
  it('is what the answer names', () => {
    assert.deepEqual(kept(failures('m2')), ['m2']);
    assert.deepEqual(kept(failures('m3', 'm1')), ['m3', 'm1']);
  });

  for (const [name, payload] of [
    ['null', null],
    ['an empty object', {}],
    ['an empty list', failures()],
    ['a list that is null', { batchItemFailures: null }],
  ] as const) {
    it(`is nothing when the answer is ${name}`, () => {
      assert.deepEqual(kept(payload), []);
    });
  }

  for (const [name, payload] of [
    ['a message that was not in the batch', failures('m1', 'm9')],
    ['a message by an empty id', failures('')],
    ['a message by null', failures(null)],
    ['a message by a wrong key', { batchItemFailures: [{ id: 'm1' }] }],
    ['a message as bare text', { batchItemFailures: ['m1'] }],
    ['something that is no list', { batchItemFailures: 'm1' }],
  ] as const) {
    it(`is the whole batch when the answer names ${name}`, () => {
      assert.deepEqual(kept(payload), ids);
    });
  }

  it('is the whole batch when the answer is no object', () => {
    assert.deepEqual(kept('done'), ids);
    assert.deepEqual(kept([]), ids);
  });

  it('is the whole batch when the function failed', () => {
    const failed = { ok: false, errorType: 'Error', errorMessage: 'x' } as const;
    assert.deepEqual(keptMessageIds(failed, ids, true), ids);
    assert.deepEqual(keptMessageIds(failed, ids, false), ids);
  });

  it('is nothing without ReportBatchItemFailures, whatever a function answers', () => {
    assert.deepEqual(kept(failures('m1'), false), []);
  });
});

describe('the event of messages', () => {
  it('carries body, attributes and message attributes under Lambda’s names', () => {
    const event = eventOfMessages(
      [
        {
          MessageId: 'm1',
          ReceiptHandle: 'r1',
          Body: '{}',
          MD5OfBody: 'md5',
          Attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1772323200000' },
          MessageAttributes: {
            reason: { DataType: 'String', StringValue: 'x' },
            bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
          },
        },
      ],
      'arn:aws:sqs:us-east-1:000000000000:hints',
    );
    assert.deepEqual(event.Records, [
      {
        messageId: 'm1',
        receiptHandle: 'r1',
        body: '{}',
        attributes: {
          ApproximateReceiveCount: '3',
          SentTimestamp: '1772323200000',
          SenderId: '',
          ApproximateFirstReceiveTimestamp: '0',
        },
        messageAttributes: {
          reason: {
            dataType: 'String',
            stringValue: 'x',
            stringListValues: [],
            binaryListValues: [],
          },
          bytes: {
            dataType: 'Binary',
            binaryValue: 'AP8=',
            stringListValues: [],
            binaryListValues: [],
          },
        },
        md5OfBody: 'md5',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:hints',
        awsRegion: 'us-east-1',
      },
    ]);
  });
});
