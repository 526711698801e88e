import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, functionNames, resourcesOf, stageNamed, synthesizeTemplate } from './templates.ts';

const template = synthesizeTemplate(stageNamed('prod'));
const functions = new Map(
  resourcesOf(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
    String(Properties['FunctionName']).replace('wechatpay-prod-', ''),
    { id, Properties },
  ]),
);

const loop = [
  'ACCOUNT_SECRET_PREFIX',
  'ALLOWS_LOOPBACK',
  'EVENTS_QUEUE_URL',
  'EVENTS_TENANT',
  'LOG_LEVEL',
  'PARKING_QUEUE_URL',
  'STAGE',
  'TABLE_NAME',
  'TIMERS_QUEUE_URL',
  'WEBHOOKS_QUEUE_URL',
  'WECHAT_BACKUP_ORIGIN',
  'WECHAT_ORIGIN',
];
/** Written by hand: what each function reads, and nothing else. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  notify: ['ACCOUNT_SECRET_PREFIX', 'ALLOWS_LOOPBACK', 'HINTS_QUEUE_URL', 'LOG_LEVEL', 'STAGE'],
  confirm: [...loop, 'HINTS_QUEUE_URL'],
  watch: loop,
  sweep: ['LOG_LEVEL', 'STAGE', 'TABLE_NAME', 'TIMERS_QUEUE_URL'],
  deliver: [
    'ACCOUNT_SECRET_PREFIX',
    'ALLOWS_LOOPBACK',
    'LOG_LEVEL',
    'PARKING_QUEUE_URL',
    'SET_ASIDE_PARKING_QUEUE_URL',
    'SET_ASIDE_QUEUE_URL',
    'STAGE',
    'TABLE_NAME',
    'WEBHOOKS_QUEUE_URL',
  ],
  api: [
    ...loop.filter((name) => name !== 'PARKING_QUEUE_URL'),
    'HINTS_QUEUE_URL',
    'JWKS',
    'JWKS_URL',
    'NOTIFY_BASE_URL',
    'TOKEN_AUDIENCE',
    'TOKEN_ISSUER',
  ],
};

describe('functions', () => {
  it('are the six of the plan so far', () => {
    assert.deepEqual([...functions.keys()].toSorted(), [...functionNames].toSorted());
  });

  for (const name of functionNames) {
    const properties = functions.get(name)?.Properties;

    it(`${name} is given exactly the settings that it reads`, () => {
      const given = Object.keys(at(properties, 'Environment', 'Variables') ?? {});
      assert.deepEqual(given.toSorted(), wanted[name]?.toSorted());
    });

    it(`${name} runs its bundle on Node 24, ARM, 256 MB, for at most 30 s`, () => {
      assert.equal(at(properties, 'Runtime'), 'nodejs24.x');
      assert.deepEqual(at(properties, 'Architectures'), ['arm64']);
      assert.equal(at(properties, 'MemorySize'), 256);
      assert.equal(at(properties, 'Timeout'), 30);
      assert.equal(at(properties, 'Handler'), 'index.handler');
    });

    it(`${name} writes JSON into a log group of its own that forgets after 90 days`, () => {
      assert.equal(at(properties, 'LoggingConfig', 'LogFormat'), 'JSON');
      const logGroup =
        template.Resources[String(at(properties, 'LoggingConfig', 'LogGroup', 'Ref'))];
      assert.equal(logGroup?.Properties['LogGroupName'], `/wechatpay/prod/${name}`);
      assert.equal(logGroup?.Properties['RetentionInDays'], 90);
    });

    it(`${name} leaves Lambda's guard against endless loops on`, () => {
      assert.equal(at(properties, 'RecursiveLoop'), undefined);
    });
  }

  it('hold no secret in their environment', () => {
    const names = [...functions.values()].flatMap(({ Properties }) =>
      Object.keys(at(Properties, 'Environment', 'Variables') ?? {}),
    );
    assert.ok(!names.some((name) => /KEY|PASSWORD|CERT/.test(name)), names.join());
  });

  for (const [name, source, concurrency] of [
    ['confirm', 'hints', 50],
    ['watch', 'timers', 20],
    ['deliver', 'webhooks.fifo', 50],
    ['deliver', 'set-aside.fifo', 2],
  ] as const) {
    it(`${name} takes batches of ten from ${source} and answers for each message`, () => {
      const { id } = functions.get(name) ?? {};
      const mappings = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').filter(
        ([, { Properties }]) =>
          at(Properties, 'FunctionName', 'Ref') === id && sourceOf(Properties) === source,
      );
      assert.equal(mappings.length, 1);
      const properties = mappings[0]?.[1].Properties;
      assert.equal(at(properties, 'BatchSize'), 10);
      assert.deepEqual(at(properties, 'FunctionResponseTypes'), ['ReportBatchItemFailures']);
      assert.equal(at(properties, 'ScalingConfig', 'MaximumConcurrency'), concurrency);
      assert.equal(at(properties, 'FilterCriteria'), undefined, 'a filter deletes messages');
    });
  }

  it('consume no other queue: the events are the merchant’s', () => {
    const sources = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) => sourceOf(Properties),
    );
    assert.deepEqual(sources.toSorted(), ['hints', 'set-aside.fifo', 'timers', 'webhooks.fifo']);
  });

  it('let the loop put only the events of one tenant into events.fifo', () => {
    for (const name of ['confirm', 'watch', 'api']) {
      const { Properties } = functions.get(name) ?? {};
      assert.equal(at(Properties, 'Environment', 'Variables', 'EVENTS_TENANT'), 'main');
    }
    const accounts = [{ name: 'main', tenant: 'main', events: 'webhook' }] as const;
    const nobodys = synthesizeTemplate({ ...stageNamed('prod'), accounts });
    const tenants = resourcesOf(nobodys, 'AWS::Lambda::Function').map(([, { Properties }]) =>
      at(Properties, 'Environment', 'Variables', 'EVENTS_TENANT'),
    );
    assert.deepEqual([...new Set(tenants)].toSorted(), ['*nobody*', undefined]);
  });

  it('call no webhook on this machine but in stage dev', () => {
    const allowed = (name: 'dev' | 'staging' | 'prod') =>
      resourcesOf(synthesizeTemplate(stageNamed(name)), 'AWS::Lambda::Function').map(
        ([, { Properties }]) => at(Properties, 'Environment', 'Variables', 'ALLOWS_LOOPBACK'),
      );
    assert.deepEqual(new Set(allowed('prod')), new Set(['no', undefined]));
    assert.deepEqual(new Set(allowed('staging')), new Set(['no', undefined]));
    assert.deepEqual(new Set(allowed('dev')), new Set(['yes', undefined]));
  });

  it('sweep every minute, without repeats by Lambda', () => {
    const [rule, ...others] = resourcesOf(template, 'AWS::Events::Rule');
    assert.deepEqual(others, []);
    const properties = rule?.[1].Properties;
    const sweep = functions.get('sweep')?.id;
    assert.equal(at(properties, 'ScheduleExpression'), 'rate(1 minute)');
    assert.equal(at(properties, 'State'), 'ENABLED');
    assert.equal(at(properties, 'Targets', 0, 'Arn', 'Fn::GetAtt', 0), sweep);
    const [config] = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig');
    assert.equal(at(config?.[1].Properties, 'FunctionName', 'Ref'), sweep);
    assert.equal(at(config?.[1].Properties, 'MaximumRetryAttempts'), 0);
  });
});

function sourceOf(mapping: unknown): string {
  const queue = template.Resources[String(at(mapping, 'EventSourceArn', 'Fn::GetAtt', 0))];
  return String(queue?.Properties['QueueName']).replace('wechatpay-prod-', '');
}
