import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  at,
  functionNames,
  resourcesOf,
  stageNamed,
  synthesizeTemplate,
  type TemplateJson,
} from './templates.ts';

const template = synthesizeTemplate(stageNamed('prod'));

/** What each function may do, written by hand from the plan: action and resource. */
const wanted: Readonly<Record<(typeof functionNames)[number], readonly string[]>> = {
  notify: ['secretsmanager:GetSecretValue secrets', 'sqs:SendMessage hints'],
  confirm: [
    'dynamodb:GetItem table',
    'dynamodb:PutItem table',
    'dynamodb:UpdateItem table',
    'secretsmanager:GetSecretValue secrets',
    'sqs:ChangeMessageVisibility hints',
    'sqs:DeleteMessage hints',
    'sqs:GetQueueAttributes hints',
    'sqs:ReceiveMessage hints',
    'sqs:SendMessage events.fifo',
    'sqs:SendMessage hints-dead-letters',
    'sqs:SendMessage timers',
    'sqs:SendMessage webhooks.fifo',
  ],
  watch: [
    'dynamodb:GetItem table',
    'dynamodb:UpdateItem table',
    'secretsmanager:GetSecretValue secrets',
    'sqs:ChangeMessageVisibility timers',
    'sqs:DeleteMessage timers',
    'sqs:GetQueueAttributes timers',
    'sqs:ReceiveMessage timers',
    'sqs:SendMessage events.fifo',
    'sqs:SendMessage timers',
    'sqs:SendMessage timers-dead-letters',
    'sqs:SendMessage webhooks.fifo',
  ],
  sweep: [
    'dynamodb:GetItem table',
    'dynamodb:Query table/index/due',
    'dynamodb:UpdateItem table',
    'sqs:SendMessage timers',
  ],
  deliver: [
    'dynamodb:GetItem table',
    'dynamodb:UpdateItem table',
    'secretsmanager:GetSecretValue secrets',
    'sqs:ChangeMessageVisibility set-aside.fifo',
    'sqs:ChangeMessageVisibility webhooks.fifo',
    'sqs:DeleteMessage set-aside.fifo',
    'sqs:DeleteMessage webhooks.fifo',
    'sqs:GetQueueAttributes set-aside.fifo',
    'sqs:GetQueueAttributes webhooks.fifo',
    'sqs:ReceiveMessage set-aside.fifo',
    'sqs:ReceiveMessage webhooks.fifo',
    'sqs:SendMessage set-aside-dead-letters.fifo',
    'sqs:SendMessage set-aside.fifo',
    'sqs:SendMessage webhooks-dead-letters.fifo',
  ],
  api: [
    'dynamodb:GetItem table',
    'dynamodb:PutItem table',
    'dynamodb:UpdateItem table',
    'secretsmanager:GetSecretValue secrets',
    'sqs:SendMessage events.fifo',
    'sqs:SendMessage hints',
    'sqs:SendMessage timers',
    'sqs:SendMessage webhooks.fifo',
  ],
};

describe('grants', () => {
  for (const name of functionNames) {
    it(`${name} may do exactly what it needs`, () => {
      const own = ['logs:CreateLogStream', 'logs:PutLogEvents'].map(
        (action) => `${action} ${name}`,
      );
      assert.deepEqual(grantsOf(template, name), [...wanted[name], ...own].toSorted());
    });
  }

  it('give every function a role of its own', () => {
    const roles = functionNames.map((name) => roleOf(template, name));
    assert.equal(new Set(roles).size, functionNames.length);
    assert.equal(resourcesOf(template, 'AWS::IAM::Role').length, functionNames.length);
  });

  it('come from no managed policy', () => {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) {
      assert.equal(Properties['ManagedPolicyArns'], undefined, id);
      assert.equal(Properties['Policies'], undefined, id);
    }
  });

  it('never name all actions or all resources', () => {
    const statements = allowedStatements(template);
    assert.ok(statements.length > 10);
    for (const statement of statements) {
      const text = JSON.stringify(statement);
      assert.ok(![at(statement, 'Resource')].flat().includes('*'), text);
      for (const action of [at(statement, 'Action')].flat()) {
        assert.ok(!String(action).includes('*'), text);
      }
    }
  });

  it('let only the API and the schedule start a function', () => {
    const starters = resourcesOf(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => {
      assert.notEqual(Properties['SourceArn'], undefined);
      return `${Properties['Principal']} ${Properties['Action']}`;
    });
    assert.deepEqual(starters.toSorted(), [
      'apigateway.amazonaws.com lambda:InvokeFunction',
      'apigateway.amazonaws.com lambda:InvokeFunction',
      'events.amazonaws.com lambda:InvokeFunction',
    ]);
  });
});

function functionNamed(from: TemplateJson, name: string): unknown {
  const found = resourcesOf(from, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['FunctionName'] === `wechatpay-prod-${name}`,
  );
  assert.ok(found, `no function ${name}`);
  return found[1].Properties;
}

function roleOf(from: TemplateJson, name: string): unknown {
  return at(functionNamed(from, name), 'Role', 'Fn::GetAtt', 0);
}

function grantsOf(from: TemplateJson, name: string): readonly string[] {
  const role = roleOf(from, name);
  const policies = resourcesOf(from, 'AWS::IAM::Policy').filter(
    ([, { Properties }]) => at(Properties, 'Roles', 0, 'Ref') === role,
  );
  const statements = policies.flatMap(([, { Properties }]) =>
    [at(Properties, 'PolicyDocument', 'Statement')].flat(),
  );
  return statements
    .flatMap((statement) =>
      [at(statement, 'Action')]
        .flat()
        .flatMap((action) =>
          [at(statement, 'Resource')]
            .flat()
            .map((resource) => `${action} ${resourceName(from, resource)}`),
        ),
    )
    .toSorted();
}

/** A short name for what an ARN in the template stands for. */
function resourceName(from: TemplateJson, arn: unknown): string {
  const id = at(arn, 'Fn::GetAtt', 0);
  const ref = at(arn, 'Ref');
  if (ref !== undefined) {
    return String(ref);
  }
  if (id === undefined) {
    const parts = [at(arn, 'Fn::Join', 1)].flat();
    const text = parts.map((part) => (typeof part === 'string' ? part : resourceName(from, part)));
    return text.join('').replace(/^.*:secret:wechatpay\/prod\/\*$/, 'secrets');
  }
  const made = from.Resources[String(id)];
  switch (made?.Type) {
    case 'AWS::DynamoDB::GlobalTable':
      return 'table';
    case 'AWS::Logs::LogGroup':
      return String(made.Properties['LogGroupName']).replace('/wechatpay/prod/', '');
    default:
      return String(made?.Properties['QueueName']).replace('wechatpay-prod-', '');
  }
}

function allowedStatements(from: TemplateJson): readonly unknown[] {
  return Object.values(from.Resources)
    .flatMap(({ Properties }) => [at(Properties, 'PolicyDocument', 'Statement') ?? []].flat(2))
    .filter((statement) => at(statement, 'Effect') === 'Allow');
}
