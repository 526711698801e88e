import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, resourcesOf, stageNamed, synthesizeTemplate } from './templates.ts';

const table = (stage: 'dev' | 'staging' | 'prod') => {
  const tables = resourcesOf(synthesizeTemplate(stageNamed(stage)), 'AWS::DynamoDB::GlobalTable');
  assert.equal(tables.length, 1);
  return tables[0]?.[1];
};
const prod = table('prod');
const properties = prod?.Properties;

describe('table', () => {
  it('has one item a subject: a partition key and no sort key', () => {
    assert.deepEqual(at(properties, 'KeySchema'), [{ AttributeName: 'pk', KeyType: 'HASH' }]);
  });

  it('has one index, over what is due, of keys only', () => {
    assert.deepEqual(at(properties, 'GlobalSecondaryIndexes'), [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'dueShard', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
    assert.deepEqual(at(properties, 'AttributeDefinitions'), [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'dueShard', AttributeType: 'N' },
      { AttributeName: 'dueAt', AttributeType: 'N' },
    ]);
  });

  it('is paid by request, in one Region', () => {
    assert.equal(at(properties, 'BillingMode'), 'PAY_PER_REQUEST');
    assert.equal(at(properties, 'Replicas', 'length'), 1);
  });

  it('never forgets a record by itself', () => {
    assert.equal(at(properties, 'TimeToLiveSpecification'), undefined);
  });

  for (const stage of ['dev', 'staging', 'prod'] as const) {
    it(`can be restored to any second in ${stage}`, () => {
      const replica = at(table(stage)?.Properties, 'Replicas', 0);
      assert.equal(
        at(replica, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled'),
        true,
      );
    });
  }

  for (const [stage, isKept] of [
    ['dev', false],
    ['staging', true],
    ['prod', true],
  ] as const) {
    it(`${isKept ? 'survives' : 'goes with'} its stack in ${stage}`, () => {
      const made = table(stage);
      assert.equal(at(made?.Properties, 'Replicas', 0, 'DeletionProtectionEnabled'), isKept);
      assert.equal(made?.DeletionPolicy, isKept ? 'Retain' : 'Delete');
    });
  }
});
