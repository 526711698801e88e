import { CfnParameter, CfnRule, Fn, type Stack } from 'aws-cdk-lib';
import type { Stage } from './stages.ts';

/** What a deployer may set; the defaults are WeChat Pay's own addresses. */
export type Parameters = {
  readonly wechatOrigin: string;
  readonly wechatBackupOrigin: string;
  /** Empty: the HTTP API's own address. */
  readonly notifyBaseUrl: string;
  /** One of these two is empty. */
  readonly jwksUrl: string;
  readonly jwks: string;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
};

/** Some keys with room to replace each; a function's whole environment may hold 4 KB. */
const jwksLength = 2_048;

export function declareParameters(stack: Stack, stage: Stage): Parameters {
  const origin = urlPattern(stage, '');
  const url = urlPattern(stage, '(/[!-~]*)?');
  const declare = (id: string, description: string, rule: object): string =>
    new CfnParameter(stack, id, { description, ...rule }).valueAsString;
  const jwksUrl = declare('JwksUrl', 'Key set of the issuer of API tokens, by its address', {
    default: '',
    allowedPattern: `${url}|`,
  });
  const jwks = declare('Jwks', 'The same inline: JSON text of a set of public keys', {
    default: '',
    maxLength: jwksLength,
    allowedPattern: '(\\s*\\{[\\s\\S]*\\}\\s*)?',
  });
  requireOneOf(stack, jwksUrl, jwks);
  return {
    wechatOrigin: declare('WechatOrigin', 'Origin of the WeChat Pay API', {
      default: 'https://api.mch.weixin.qq.com',
      allowedPattern: origin,
    }),
    wechatBackupOrigin: declare('WechatBackupOrigin', 'Its second domain, for network failures', {
      default: 'https://api2.mch.weixin.qq.com',
      allowedPattern: origin,
    }),
    notifyBaseUrl: declare(
      'NotifyBaseUrl',
      'Base of the callback URLs that WeChat gets, without / at the end; empty: the own address',
      { default: '', allowedPattern: `${origin}|` },
    ),
    jwksUrl,
    jwks,
    tokenIssuer: declare('TokenIssuer', 'The iss claim that API tokens must carry', {
      minLength: 1,
    }),
    tokenAudience: declare('TokenAudience', 'The aud claim that API tokens must carry', {
      default: 'wechatpay-serverless',
      minLength: 1,
    }),
  };
}

/** Lets CloudFormation refuse a deployment without keys, and one with two sorts of them. */
function requireOneOf(stack: Stack, jwksUrl: string, jwks: string): void {
  const areEmpty = [jwksUrl, jwks].map((value) => Fn.conditionEquals(value, ''));
  new CfnRule(stack, 'TokenKeys', {
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionAnd(...areEmpty)),
        assertDescription: 'Set JwksUrl or Jwks: without keys no API token can be checked.',
      },
      {
        assert: Fn.conditionOr(...areEmpty),
        assertDescription: 'Set JwksUrl or Jwks, not both.',
      },
    ],
  });
}

function urlPattern(stage: Stage, path: string): string {
  const loopback = stage.allowsLoopback ? '|http://127\\.0\\.0\\.1:[0-9]{1,5}' : '';
  return `(https://[0-9A-Za-z.-]+(:[0-9]{1,5})?${loopback})${path}`;
}
