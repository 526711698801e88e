import type { GateCall } from '../../../local/gate.ts';
import { textOf } from '../../../local/json.ts';
import { accountId, region } from '../../../local/places.ts';
import type { Stack } from '../../../local/stack.ts';
import type { Access } from '../../support/permissions.ts';

/** What each function has called since, by its name; what Lambda's poller calls, it calls as the function. */
export function recordAccesses({
  gates,
  deployment,
}: Stack): (functionName: string) => readonly Access[] {
  const accesses = new Map<string, Map<string, Access>>();
  const watch = (gate: Stack['gates']['sqs'], accessOf: (call: GateCall) => Access): void => {
    gate.addRule((call) => {
      const functionName = call.caller.replace(/[.]poller$/, '');
      const access = accessOf(call);
      const known = accesses.get(functionName) ?? new Map<string, Access>();
      accesses.set(functionName, known.set(inWords(access), access));
      return undefined;
    });
  };
  watch(gates.dynamodb, ({ action, body }) => ({
    action: `dynamodb:${action}`,
    resource: tableArn(textOf(body['TableName'], 'TableName'), body['IndexName']),
  }));
  watch(gates.sqs, ({ action, body }) => ({
    // A batch needs the permission of the single call.
    action: `sqs:${action.replace(/Batch$/, '')}`,
    resource: deployment.queues.find(({ url }) => url === body['QueueUrl'])?.arn ?? 'unknown',
  }));
  watch(gates.secretsManager, ({ action, body }) => ({
    action: `secretsmanager:${action}`,
    resource: secretArn(textOf(body['SecretId'], 'SecretId')),
  }));
  return (functionName) => [...(accesses.get(functionName)?.values() ?? [])];
}

/**
 * Everything worth trying at the resources of the stack and at their neighbours: what some function
 * needs, and what none may ever do.
 */
export function accessesToTry({ deployment }: Stack): readonly Access[] {
  const { tables, queues, functions, secretNames } = deployment;
  const [table, index] = [tables.map(({ tableName }) => tableArn(tableName)), 'due'];
  const secrets = [...secretNames, 'wechatpay/dev/added', 'wechatpay/prod/main', 'wechatpay/devil'];
  return [
    ...each('dynamodb', table, [
      ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem'],
      ...['BatchWriteItem', 'PartiQLUpdate', 'DescribeTable', 'UpdateTable', 'DeleteTable'],
    ]),
    ...each(
      'dynamodb',
      table.map((arn) => `${arn}/index/${index}`),
      ['Query', 'Scan'],
    ),
    ...each('dynamodb', [tableArn('wechatpay-prod-Table')], ['GetItem', 'PutItem', 'UpdateItem']),
    ...each(
      'sqs',
      [...queues.map(({ arn }) => arn), arn('sqs', 'wechatpay-prod-hints')],
      [
        ...['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'],
        ...['GetQueueAttributes', 'SetQueueAttributes', 'PurgeQueue', 'DeleteQueue'],
      ],
    ),
    ...each('secretsmanager', secrets.map(secretArn), [
      ...['GetSecretValue', 'PutSecretValue', 'UpdateSecret', 'DescribeSecret', 'DeleteSecret'],
    ]),
    ...each(
      'logs',
      functions.map(({ logGroup }) => arn('logs', `log-group:${logGroup}:log-stream:a`)),
      ['CreateLogStream', 'PutLogEvents', 'GetLogEvents', 'DeleteLogStream'],
    ),
    ...each(
      'lambda',
      functions.map(({ functionName }) => arn('lambda', `function:${functionName}`)),
      ['InvokeFunction', 'UpdateFunctionCode'],
    ),
  ];
}

export function inWords({ action, resource }: Access): string {
  return `${action} ${resource}`;
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** Secrets Manager ends each ARN with six characters of its own. */
function secretArn(name: string): string {
  return arn('secretsmanager', `secret:${name}-a1B2c3`);
}

function tableArn(tableName: string, indexName?: unknown): string {
  const index = indexName === undefined ? '' : `/index/${textOf(indexName, 'IndexName')}`;
  return arn('dynamodb', `table/${tableName}${index}`);
}

function each(
  service: string,
  resources: readonly string[],
  actions: readonly string[],
): readonly Access[] {
  return resources.flatMap((resource) =>
    actions.map((action) => ({ action: `${service}:${action}`, resource })),
  );
}
