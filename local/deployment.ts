import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, listOf, objectOf, textOf, wholeNumberOf } from './json.ts';
import { type Places, surroundingsOf } from './places.ts';
import { type OpenTemplate, openTemplate } from './template.ts';

export type FunctionPlan = {
  /** Short: without the stack's name. */
  readonly name: string;
  readonly functionName: string;
  /** The bundle that would be uploaded. */
  readonly file: string;
  /** The name that the bundle exports. */
  readonly exportName: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logLevel: string;
};

export type QueuePlan = {
  /** Short: without the stack's name and without `.fifo`. */
  readonly name: string;
  readonly queueName: string;
  readonly url: string;
  readonly arn: string;
  /** As SQS's CreateQueue takes them. */
  readonly attributes: Readonly<Record<string, string>>;
};

export type TablePlan = { readonly tableName: string; readonly properties: JsonObject };

export type SourcePlan = {
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly reportsFailures: boolean;
};

export type RoutePlan = { readonly routeKey: string; readonly functionName: string };

export type SchedulePlan = {
  readonly ruleArn: string;
  readonly expression: string;
  readonly functionName: string;
};

/** What a deployment of the template would make, as far as a laptop can have it. */
export type Deployment = {
  readonly functions: readonly FunctionPlan[];
  /** Dead-letter queues first. */
  readonly queues: readonly QueuePlan[];
  readonly tables: readonly TablePlan[];
  readonly secretNames: readonly string[];
  readonly sources: readonly SourcePlan[];
  readonly routes: readonly RoutePlan[];
  readonly schedules: readonly SchedulePlan[];
  readonly outputs: Readonly<Record<string, string>>;
};

/** A resource with its properties resolved. */
type Made = {
  readonly logicalId: string;
  readonly properties: JsonObject;
  readonly ref: string;
  readonly attribute: (name: string) => string;
};

/** Reads `<stackName>.template.json` and its assets from `cdkOut`. Throws on what it doesn't know. */
export function readDeployment(cdkOut: string, places: Places): Deployment {
  const { stackName } = places;
  const template = openTemplate(
    readJson(join(cdkOut, `${stackName}.template.json`)),
    surroundingsOf(places),
  );
  const assets = objectOf(readJson(join(cdkOut, `${stackName}.assets.json`))['files'], 'Assets');
  const all = (...types: readonly string[]): readonly Made[] => madeOf(template, types);
  const short = (name: string): string => name.replace(`${stackName}-`, '').replace('.fifo', '');
  const integrations = new Map(
    all('AWS::ApiGatewayV2::Integration').map(({ logicalId, properties }) => [
      `integrations/${logicalId}`,
      functionNameOf(properties['IntegrationUri'], logicalId),
    ]),
  );
  return {
    functions: all('AWS::Lambda::Function').map((made) =>
      functionPlan(made, short, (hash) => {
        const source = objectOf(objectOf(assets[hash], `Asset ${hash}`)['source'], hash);
        return join(cdkOut, textOf(source['path'], `The path of asset ${hash}`));
      }),
    ),
    queues: all('AWS::SQS::Queue')
      .map((made) => queuePlan(made, short))
      .toSorted((a, b) => redrives(a) - redrives(b)),
    tables: all('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(
      ({ ref, properties }) => ({ tableName: ref, properties }),
    ),
    secretNames: all('AWS::SecretsManager::Secret').map(({ logicalId, properties }) =>
      textOf(properties['Name'], `The name of ${logicalId}`),
    ),
    sources: all('AWS::Lambda::EventSourceMapping').map(sourcePlan),
    routes: all('AWS::ApiGatewayV2::Route').map((made) => routePlan(made, integrations)),
    schedules: all('AWS::Events::Rule').flatMap(schedulePlans),
    outputs: template.outputs(),
  };
}

function madeOf(template: OpenTemplate, types: readonly string[]): readonly Made[] {
  return template.resources(...types).map(({ logicalId, properties }) => ({
    logicalId,
    properties: objectOf(template.resolve(properties), logicalId),
    get ref(): string {
      return textOf(template.resolve({ Ref: logicalId }), logicalId);
    },
    attribute: (name) => textOf(template.resolve({ 'Fn::GetAtt': [logicalId, name] }), logicalId),
  }));
}

function functionPlan(
  { logicalId, properties, ref }: Made,
  short: (name: string) => string,
  assetDir: (hash: string) => string,
): FunctionPlan {
  const where = (name: string): string => `${name} of ${logicalId}`;
  const code = objectOf(properties['Code'], where('Code'));
  const hash = textOf(code['S3Key'], where('S3Key')).replace(/\.zip$/, '');
  const [module = '', exportName = ''] = textOf(properties['Handler'], where('Handler')).split('.');
  const environment = objectOf(properties['Environment'] ?? {}, where('Environment'));
  const variables = Object.entries(objectOf(environment['Variables'] ?? {}, where('Variables')));
  const logging = objectOf(properties['LoggingConfig'] ?? {}, where('LoggingConfig'));
  return {
    name: short(ref),
    functionName: ref,
    file: join(assetDir(hash), `${module}.mjs`),
    exportName,
    timeoutSeconds: wholeNumberOf(properties['Timeout'] ?? 3, where('Timeout')),
    memoryMb: wholeNumberOf(properties['MemorySize'] ?? 128, where('MemorySize')),
    environment: Object.fromEntries(
      variables.map(([name, value]) => [name, textOf(value, where(name))]),
    ),
    logGroup: textOf(logging['LogGroup'] ?? `/aws/lambda/${ref}`, where('LogGroup')),
    logLevel: textOf(logging['ApplicationLogLevel'] ?? 'INFO', where('ApplicationLogLevel')),
  };
}

/** Properties of a queue that the emulator doesn't have or that mean nothing on one machine. */
const unusedQueueProperties = ['QueueName', 'Tags', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'];

function queuePlan(made: Made, short: (name: string) => string): QueuePlan {
  const { properties, ref } = made;
  const queueName = ref.slice(ref.lastIndexOf('/') + 1);
  const attributes = Object.entries(properties)
    .filter(([name]) => !unusedQueueProperties.includes(name))
    .map(([name, value]) => [name, isObject(value) ? JSON.stringify(value) : String(value)]);
  return {
    name: short(queueName),
    queueName,
    url: ref,
    arn: made.attribute('Arn'),
    attributes: Object.fromEntries(attributes),
  };
}

function redrives(queue: QueuePlan): number {
  return 'RedrivePolicy' in queue.attributes ? 1 : 0;
}

function sourcePlan({ logicalId, properties }: Made): SourcePlan {
  const scaling = objectOf(properties['ScalingConfig'] ?? {}, logicalId);
  const answers = listOf(properties['FunctionResponseTypes'] ?? [], logicalId);
  return {
    queueArn: textOf(properties['EventSourceArn'], logicalId),
    functionName: functionNameOf(properties['FunctionName'], logicalId),
    batchSize: wholeNumberOf(properties['BatchSize'] ?? 10, logicalId),
    maxConcurrency: wholeNumberOf(scaling['MaximumConcurrency'] ?? 5, logicalId),
    reportsFailures: answers.includes('ReportBatchItemFailures'),
  };
}

function routePlan(
  { logicalId, properties }: Made,
  integrations: ReadonlyMap<string, string>,
): RoutePlan {
  const target = textOf(properties['Target'], `Target of ${logicalId}`);
  const functionName = integrations.get(target);
  if (functionName === undefined) {
    throw new Error(`Route ${logicalId} leads to ${target}, which is not in the template`);
  }
  return { routeKey: textOf(properties['RouteKey'], logicalId), functionName };
}

function schedulePlans({ logicalId, properties, attribute }: Made): readonly SchedulePlan[] {
  if (properties['ScheduleExpression'] === undefined || properties['State'] === 'DISABLED') {
    return [];
  }
  return listOf(properties['Targets'], `Targets of ${logicalId}`).map((target) => ({
    ruleArn: attribute('Arn'),
    expression: textOf(properties['ScheduleExpression'], logicalId),
    functionName: functionNameOf(objectOf(target, logicalId)['Arn'], logicalId),
  }));
}

function functionNameOf(arnOrName: unknown, where: string): string {
  return textOf(arnOrName, `The function of ${where}`).replace(/^arn:.*:function:/, '');
}

function readJson(file: string): JsonObject {
  return objectOf(JSON.parse(readFileSync(file, 'utf8')), file);
}
