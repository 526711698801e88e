import type { Surroundings } from './template.ts';

/** Where and under which names the stack lives on a laptop. */
export const region = 'us-east-1';
export const accountId = '000000000000';

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

export const secretArnPrefix = arn('secretsmanager', 'secret:');

export type Places = {
  readonly stackName: string;
  /** Origin in front of the SQS emulator. */
  readonly sqs: string;
  /** Origin of the HTTP gateway. */
  readonly api: string;
  readonly parameters: Readonly<Record<string, string>>;
};

/** What CloudFormation would answer about the stack if it were deployed to these places. */
export function surroundingsOf({ stackName, sqs, api, parameters }: Places): Surroundings {
  return {
    parameters,
    pseudo: {
      'AWS::AccountId': accountId,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    },
    ref: (resource) => {
      const { type, logicalId } = resource;
      const name = nameOf(resource, stackName);
      switch (type) {
        case 'AWS::SQS::Queue':
          // The SDK sends to the host of the queue's URL, whatever its endpoint.
          return `${sqs}/${accountId}/${name}`;
        case 'AWS::SecretsManager::Secret':
          return `${secretArnPrefix}${name}`;
        case 'AWS::DynamoDB::GlobalTable':
        case 'AWS::DynamoDB::Table':
        case 'AWS::Lambda::Function':
        case 'AWS::Logs::LogGroup':
        case 'AWS::Events::Rule':
          return name;
        case 'AWS::ApiGatewayV2::Api':
        case 'AWS::ApiGatewayV2::Integration':
          return logicalId;
        default:
          throw new Error(`A Ref of ${type} (${logicalId}) is not supported`);
      }
    },
    attribute: (resource, attribute) => {
      const name = nameOf(resource, stackName);
      const asked = `${resource.type} ${attribute}`;
      switch (asked) {
        case 'AWS::ApiGatewayV2::Api ApiEndpoint':
          return api;
        case 'AWS::DynamoDB::GlobalTable Arn':
        case 'AWS::DynamoDB::Table Arn':
          return arn('dynamodb', `table/${name}`);
        case 'AWS::Events::Rule Arn':
          return arn('events', `rule/${name}`);
        case 'AWS::IAM::Role Arn':
          return `arn:aws:iam::${accountId}:role/${name}`;
        case 'AWS::Lambda::Function Arn':
          return arn('lambda', `function:${name}`);
        case 'AWS::Logs::LogGroup Arn':
          return arn('logs', `log-group:${name}:*`);
        case 'AWS::SQS::Queue Arn':
          return arn('sqs', name);
        default:
          throw new Error(`${asked} of ${resource.logicalId} is not supported`);
      }
    },
  };
}

const nameProperties = ['QueueName', 'FunctionName', 'TableName', 'LogGroupName', 'Name'] as const;

/** The name that the template gives, else one as CloudFormation would make it up. */
function nameOf(resource: Parameters<Surroundings['ref']>[0], stackName: string): string {
  const given = nameProperties
    .map((property) => resource.properties[property])
    .find((name) => typeof name === 'string');
  const ending = resource.properties['FifoQueue'] === true ? '.fifo' : '';
  return given ?? `${stackName}-${resource.logicalId}${ending}`;
}
