import { CfnCondition, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';

/** The public HTTP API: throttled, every request in the access log, nothing behind it until opened. */
export class FrontDoor extends Construct {
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'AccessLog', {
      logGroupName: `/wechatpay/${stage.name}/access`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#api = new HttpApi(this, 'Api', {
      apiName: `wechatpay-${stage.name}`,
      createDefaultStage: false,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.throttle.ratePerSecond, burstLimit: stage.throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
  }

  /** `https://…` without a / at the end. */
  get address(): string {
    return this.#api.apiEndpoint;
  }

  /** The given address, or the own one when that is empty at deployment. */
  addressOr(given: string): string {
    const isEmpty = new CfnCondition(this, 'NoGivenAddress', {
      expression: Fn.conditionEquals(given, ''),
    });
    return Fn.conditionIf(isEmpty.logicalId, this.address, given).toString();
  }

  open(method: 'POST' | 'ANY', path: string, target: ServiceFunction): void {
    this.#api.addRoutes({
      path,
      methods: [HttpMethod[method]],
      integration: new HttpLambdaIntegration(target.node.id, target.lambda),
    });
  }
}

/** No path and no query: they carry the merchant's numbers. */
const accessLogFields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  ip: '$context.identity.sourceIp',
  error: '$context.error.message',
};
