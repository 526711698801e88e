import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, resourcesOf, stageNamed, synthesizeTemplate } from './templates.ts';

const template = synthesizeTemplate(stageNamed('prod'));

const only = (type: string): unknown => {
  const found = resourcesOf(template, type);
  assert.equal(found.length, 1, type);
  return found[0]?.[1].Properties;
};

describe('front door', () => {
  it('has two routes, each to its function', () => {
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const integration = String(at(Properties, 'Target', 'Fn::Join', 1, 1, 'Ref'));
      const target = at(template.Resources[integration]?.Properties, 'IntegrationUri');
      const named = template.Resources[String(at(target, 'Fn::GetAtt', 0))]?.Properties;
      return [Properties['RouteKey'], named?.['FunctionName']];
    });
    assert.deepEqual(routes.toSorted(), [
      ['ANY /v1/{proxy+}', 'wechatpay-prod-api'],
      ['POST /notify/{account}', 'wechatpay-prod-notify'],
    ]);
  });

  it('hands requests over in payload format 2.0', () => {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::ApiGatewayV2::Integration')) {
      assert.equal(Properties['PayloadFormatVersion'], '2.0', id);
      assert.equal(Properties['IntegrationType'], 'AWS_PROXY', id);
    }
  });

  it('is throttled', () => {
    const settings = at(only('AWS::ApiGatewayV2::Stage'), 'DefaultRouteSettings');
    assert.deepEqual(settings, { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
  });

  it('writes an access log that forgets, without paths, queries or headers', () => {
    const log = at(only('AWS::ApiGatewayV2::Stage'), 'AccessLogSettings');
    const group = template.Resources[String(at(log, 'DestinationArn', 'Fn::GetAtt', 0))];
    assert.equal(group?.Properties['RetentionInDays'], 90);
    const format = String(at(log, 'Format'));
    assert.ok(format.includes('$context.status'));
    assert.doesNotMatch(format, /context\.(path|authorizer)|header|querystring/i);
  });

  it('allows no page of another origin to call it', () => {
    assert.equal(at(only('AWS::ApiGatewayV2::Api'), 'CorsConfiguration'), undefined);
  });

  it('is the base of callback URLs unless another one is given', () => {
    const api = resourcesOf(template, 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties['FunctionName'] === 'wechatpay-prod-api',
    );
    const value = at(api?.[1].Properties, 'Environment', 'Variables', 'NOTIFY_BASE_URL');
    assert.deepEqual(at(value, 'Fn::If', 1, 'Fn::GetAtt', 1), 'ApiEndpoint');
    assert.deepEqual(at(value, 'Fn::If', 2), { Ref: 'NotifyBaseUrl' });
  });
});
