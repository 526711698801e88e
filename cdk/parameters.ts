import { CfnParameter, type Stack } from 'aws-cdk-lib';
import type { Stage } from './stages.ts';

/** What a deployer may set; the defaults are WeChat Pay's own addresses. */
export type Parameters = {
  readonly wechatOrigin: string;
  readonly wechatBackupOrigin: string;
  /** Empty: the HTTP API's own address. */
  readonly notifyBaseUrl: string;
  readonly jwksUrl: string;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
};

export function declareParameters(stack: Stack, stage: Stage): Parameters {
  const origin = urlPattern(stage, '');
  const url = urlPattern(stage, '(/[!-~]*)?');
  const declare = (id: string, description: string, rule: object): string =>
    new CfnParameter(stack, id, { description, ...rule }).valueAsString;
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
    jwksUrl: declare('JwksUrl', 'Key set of the issuer of API tokens', { allowedPattern: url }),
    tokenIssuer: declare('TokenIssuer', 'The iss claim that API tokens must carry', {
      minLength: 1,
    }),
    tokenAudience: declare('TokenAudience', 'The aud claim that API tokens must carry', {
      default: 'wechatpay-serverless',
      minLength: 1,
    }),
  };
}

function urlPattern(stage: Stage, path: string): string {
  const loopback = stage.allowsLoopback ? '|http://127\\.0\\.0\\.1:[0-9]{1,5}' : '';
  return `(https://[0-9A-Za-z.-]+(:[0-9]{1,5})?${loopback})${path}`;
}
