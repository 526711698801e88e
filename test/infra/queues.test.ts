import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../lib/config/limits.ts';
import { at, resourcesOf, stageNamed, synthesizeTemplate } from './templates.ts';

const day = 86_400;
const template = synthesizeTemplate(stageNamed('prod'));
const queues = resourcesOf(template, 'AWS::SQS::Queue');
const named = new Map(
  queues.map(([id, { Properties }]) => [String(Properties['QueueName']), { id, Properties }]),
);
const queue = (name: string) => named.get(`wechatpay-prod-${name}`);

describe('queues', () => {
  it('are the five of the plan, each with its dead letters', () => {
    assert.deepEqual([...named.keys()].toSorted(), [
      'wechatpay-prod-events-dead-letters.fifo',
      'wechatpay-prod-events.fifo',
      'wechatpay-prod-hints',
      'wechatpay-prod-hints-dead-letters',
      'wechatpay-prod-set-aside-dead-letters.fifo',
      'wechatpay-prod-set-aside.fifo',
      'wechatpay-prod-timers',
      'wechatpay-prod-timers-dead-letters',
      'wechatpay-prod-webhooks-dead-letters.fifo',
      'wechatpay-prod-webhooks.fifo',
    ]);
  });

  for (const [source, deadLetters, receives] of [
    ['hints', 'hints-dead-letters', 20],
    ['timers', 'timers-dead-letters', 20],
    ['events.fifo', 'events-dead-letters.fifo', 20],
    ['webhooks.fifo', 'webhooks-dead-letters.fifo', 200],
    ['set-aside.fifo', 'set-aside-dead-letters.fifo', 1000],
  ] as const) {
    it(`${source} gives a message up only after ${receives} receives, to dead letters of its own`, () => {
      const redrive = at(queue(source), 'Properties', 'RedrivePolicy');
      assert.deepEqual(redrive, {
        deadLetterTargetArn: { 'Fn::GetAtt': [queue(deadLetters)?.id, 'Arn'] },
        maxReceiveCount: receives,
      });
    });

    it(`the dead letters of ${source} take messages from no other queue`, () => {
      const allow = at(queue(deadLetters), 'Properties', 'RedriveAllowPolicy');
      assert.equal(at(allow, 'redrivePermission'), 'byQueue');
      assert.equal(at(allow, 'sourceQueueArns', 'length'), 1);
      const arn = JSON.stringify(at(allow, 'sourceQueueArns', 0));
      assert.ok(arn.includes(`:wechatpay-prod-${source}"`), arn);
    });

    it(`${source} itself is nobody's dead-letter queue`, () => {
      const allow = at(queue(source), 'Properties', 'RedriveAllowPolicy');
      assert.deepEqual(allow, { redrivePermission: 'denyAll' });
    });

    it(`the dead letters of ${source} outlive it: 14 days`, () => {
      const kept = Number(at(queue(deadLetters), 'Properties', 'MessageRetentionPeriod'));
      assert.equal(kept, 14 * day);
      assert.ok(kept >= Number(at(queue(source), 'Properties', 'MessageRetentionPeriod')));
    });
  }

  it('keep hints and timers for 4 days and events for 14', () => {
    const names = ['hints', 'timers', 'events.fifo', 'webhooks.fifo', 'set-aside.fifo'];
    const kept = names.map((name) => at(queue(name), 'Properties', 'MessageRetentionPeriod'));
    assert.deepEqual(kept, [4 * day, 4 * day, 14 * day, 14 * day, 14 * day]);
  });

  it('hide a message for at least six times the timeout of the function', () => {
    for (const name of ['hints', 'timers', 'webhooks.fifo', 'set-aside.fifo']) {
      const visibility = Number(at(queue(name), 'Properties', 'VisibilityTimeout'));
      assert.ok(visibility >= 6 * limits.functionTimeoutSeconds, `${name}: ${visibility}`);
    }
  });

  it('redeliver within the five minutes in which FIFO recognizes a repeat', () => {
    assert.ok(limits.visibilityTimeoutSeconds < 300);
  });

  it('are FIFO with high throughput where they carry events, and never deduplicate by content', () => {
    const kinds = ['events', 'webhooks', 'set-aside'];
    for (const name of kinds.flatMap((kind) => [`${kind}.fifo`, `${kind}-dead-letters.fifo`])) {
      const properties = at(queue(name), 'Properties');
      assert.equal(at(properties, 'FifoQueue'), true);
      assert.equal(at(properties, 'DeduplicationScope'), 'messageGroup');
      assert.equal(at(properties, 'FifoThroughputLimit'), 'perMessageGroupId');
      assert.equal(at(properties, 'ContentBasedDeduplication'), undefined);
    }
  });

  it('are encrypted, every one', () => {
    for (const [id, { Properties }] of queues) {
      assert.equal(Properties['SqsManagedSseEnabled'], true, id);
    }
  });

  it('refuse every call without TLS, every one', () => {
    const guarded = resourcesOf(template, 'AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) => {
      const statement = at(Properties, 'PolicyDocument', 'Statement', 0);
      assert.equal(at(statement, 'Effect'), 'Deny');
      assert.equal(at(statement, 'Condition', 'Bool', 'aws:SecureTransport'), 'false');
      return [at(Properties, 'Queues', 0, 'Ref')];
    });
    assert.deepEqual(guarded.toSorted(), queues.map(([id]) => id).toSorted());
  });
});
