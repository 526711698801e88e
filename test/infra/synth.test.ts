import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkStage, stages } from '../../cdk/stages.ts';
import {
  resourcesOf,
  stageNamed,
  synthesizeTemplate,
  synthesizeText,
  type TemplateJson,
} from './templates.ts';

const prod = stageNamed('prod');

/** Every match; a template is too long to be shown whole. */
const found = (text: string, pattern: RegExp): readonly string[] => text.match(pattern) ?? [];

describe('synthesis', () => {
  for (const stage of stages) {
    it(`gives the same template twice for ${stage.name}`, () => {
      const first = synthesizeText(stage);
      assert.ok(first.length > 10_000);
      assert.ok(synthesizeText(stage) === first);
    });
  }

  it('names no partition, no account and no Region of its own', () => {
    const text = synthesizeText(prod);
    assert.deepEqual(found(text, /arn:aws(-[a-z]+)?:/g), []);
    assert.deepEqual(found(text, /amazonaws\.com\.cn|us-east-1|\b[0-9]{12}\b/g), []);
  });

  it('stays in the partition of a China Region', () => {
    const env = { account: '123456789012', region: 'cn-north-1' };
    const text = synthesizeText({ ...prod, env });
    assert.notDeepEqual(found(text, /arn:aws-cn:/g), []);
    assert.deepEqual(found(text, /arn:aws:/g), []);
    assert.deepEqual(found(text, /ProvisionedPollerConfig|FunctionUrl|TracingConfig|"Tags"/g), []);
  });

  it('tells what the merchant and the operator need', () => {
    assert.deepEqual(Object.keys(synthesizeTemplate(prod).Outputs).toSorted(), [
      'ApiUrl',
      'EventsDeadLettersUrl',
      'EventsQueueArn',
      'EventsQueueUrl',
      'HintsDeadLettersUrl',
      'HintsQueueUrl',
      'SetAsideDeadLettersUrl',
      'SetAsideQueueUrl',
      'TableName',
      'TimersDeadLettersUrl',
      'TimersQueueUrl',
      'WebhooksDeadLettersUrl',
      'WebhooksQueueUrl',
    ]);
  });

  it('reports to nobody that the stack was made', () => {
    assert.deepEqual(resourcesOf(synthesizeTemplate(prod), 'AWS::CDK::Metadata'), []);
  });
});

function accountOf(name: string, tenant = 'main', events: 'queue' | 'webhook' = 'queue') {
  return { name, tenant, events };
}

describe('accounts', () => {
  const secretsOf = (template: TemplateJson) =>
    resourcesOf(template, 'AWS::SecretsManager::Secret').map(([, secret]) => secret);

  it('get a secret each, under the prefix that the functions may read', () => {
    const accounts = [accountOf('main'), accountOf('app-2')];
    const template = synthesizeTemplate({ ...prod, accounts });
    const names = secretsOf(template).map(({ Properties }) => Properties['Name']);
    assert.deepEqual(names, ['wechatpay/prod/main', 'wechatpay/prod/app-2']);
  });

  it('get an empty one, that stays when the stack goes', () => {
    for (const { Properties, DeletionPolicy } of secretsOf(synthesizeTemplate(prod))) {
      assert.equal(Properties['SecretString'], undefined);
      assert.equal(Properties['GenerateSecretString'], undefined);
      assert.equal(DeletionPolicy, 'Retain');
    }
  });
});

describe('stages', () => {
  it('are accepted as they stand', () => {
    for (const stage of stages) {
      assert.doesNotThrow(() => checkStage(stage));
    }
  });

  it('prod refuses plain HTTP to this machine', () => {
    assert.throws(() => synthesizeText({ ...prod, allowsLoopback: true }), /allowsLoopback/);
  });

  it('prod refuses to lose its data', () => {
    assert.throws(() => synthesizeText({ ...prod, keepsData: false }), /keepsData/);
  });

  for (const name of ['', 'Main', '1st', 'a/b', 'main*', 'a'.repeat(33)]) {
    it(`refuse the account name "${name}"`, () => {
      const accounts = [accountOf(name)];
      assert.throws(() => checkStage({ ...prod, accounts }), /is not an account name/);
    });
  }

  for (const tenant of ['', 'a b', '*none*', 'a'.repeat(65)]) {
    it(`refuse the tenant "${tenant}"`, () => {
      const accounts = [accountOf('main', tenant)];
      assert.throws(() => checkStage({ ...prod, accounts }), /is not a tenant/);
    });
  }

  it('refuse two tenants who would read each other in events.fifo', () => {
    const accounts = [accountOf('main', 'one'), accountOf('app-2', 'two')];
    assert.throws(() => synthesizeText({ ...prod, accounts }), /one and two would read each other/);
  });

  it('allow any number of tenants when all but one have webhooks', () => {
    const accounts = [
      accountOf('main', 'one'),
      accountOf('app-2', 'one'),
      accountOf('shop-3', 'two', 'webhook'),
      accountOf('shop-4', 'three', 'webhook'),
    ];
    assert.doesNotThrow(() => checkStage({ ...prod, accounts }));
  });
});
