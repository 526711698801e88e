import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { at, resourcesOf, stageNamed, synthesizeTemplate } from './templates.ts';

const template = synthesizeTemplate(stageNamed('prod'));
const dev = synthesizeTemplate(stageNamed('dev'));

/** Whether CloudFormation would take the value: its pattern must match the whole of it. */
function takes(parameter: string, value: string, from = template): boolean {
  const rules = from.Parameters[parameter];
  const pattern = new RegExp(`^(?:${rules?.['AllowedPattern'] ?? '[\\s\\S]*'})$`);
  return pattern.test(value) && value.length <= Number(rules?.['MaxLength'] ?? 4_096);
}

const keys = '{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"1"}]}';

describe('parameters', () => {
  it('point at WeChat Pay itself when nobody says otherwise', () => {
    const { WechatOrigin, WechatBackupOrigin, NotifyBaseUrl } = template.Parameters;
    assert.equal(WechatOrigin?.['Default'], 'https://api.mch.weixin.qq.com');
    assert.equal(WechatBackupOrigin?.['Default'], 'https://api2.mch.weixin.qq.com');
    assert.equal(NotifyBaseUrl?.['Default'], '');
  });

  it('must name who issues tokens: there is no default to forget', () => {
    assert.equal(template.Parameters['TokenIssuer']?.['Default'], undefined);
    assert.equal(template.Parameters['TokenIssuer']?.['MinLength'], 1);
  });

  for (const [name, value] of [
    ['WechatOrigin', 'https://apihk.mch.weixin.qq.com'],
    ['NotifyBaseUrl', 'https://pay.example.com'],
    ['NotifyBaseUrl', ''],
    ['JwksUrl', 'https://login.example.com/.well-known/jwks.json'],
    ['JwksUrl', ''],
    ['Jwks', keys],
    ['Jwks', `\n ${JSON.stringify(JSON.parse(keys), null, 2)}\n`],
    ['Jwks', ''],
  ] as const) {
    it(`${name} takes ${JSON.stringify(value)}`, () => {
      assert.ok(takes(name, value));
    });
  }

  for (const [name, value] of [
    ['WechatOrigin', 'http://api.mch.weixin.qq.com'],
    ['WechatOrigin', 'https://api.mch.weixin.qq.com/'],
    ['WechatOrigin', ''],
    ['WechatBackupOrigin', 'http://127.0.0.1:8080'],
    ['NotifyBaseUrl', 'https://pay.example.com/'],
    ['NotifyBaseUrl', 'pay.example.com'],
    ['JwksUrl', 'http://127.0.0.1:8080/jwks'],
    ['JwksUrl', 'http://login.example.com/jwks'],
    ['JwksUrl', 'file:///etc/passwd'],
    ['JwksUrl', keys],
    ['Jwks', 'https://login.example.com/.well-known/jwks.json'],
    ['Jwks', `[${keys}]`],
    ['Jwks', ' '],
  ] as const) {
    it(`${name} refuses ${JSON.stringify(value)} in prod`, () => {
      assert.ok(!takes(name, value));
    });
  }

  it('may point at this machine in dev, and only there', () => {
    assert.ok(takes('WechatOrigin', 'http://127.0.0.1:8781', dev));
    assert.ok(!takes('WechatOrigin', 'http://10.0.0.1:8781', dev));
    assert.ok(takes('JwksUrl', 'http://127.0.0.1:8781/jwks', dev));
    const staging = synthesizeTemplate(stageNamed('staging'));
    assert.ok(!takes('WechatOrigin', 'http://127.0.0.1:8781', staging));
    assert.ok(!takes('JwksUrl', 'http://127.0.0.1:8781/jwks', staging));
  });
});

describe('the keys of the issuer of tokens', () => {
  /** What CloudFormation's rule says to these values: the descriptions of the assertions that fail. */
  function objections(values: Readonly<Record<string, string>>): readonly unknown[] {
    const holds = (value: unknown): boolean => {
      const [[name, list] = []] = Object.entries(value ?? {});
      const parts: readonly unknown[] = Array.isArray(list) ? list : [];
      switch (name) {
        case 'Fn::Not':
          return !holds(parts[0]);
        case 'Fn::And':
          return parts.every(holds);
        case 'Fn::Or':
          return parts.some(holds);
        case 'Fn::Equals':
          return values[String(at(parts[0], 'Ref'))] === parts[1];
        default:
          return assert.fail(`${name} is not allowed in a rule`);
      }
    };
    const assertions = at(template, 'Rules', 'TokenKeys', 'Assertions');
    assert.ok(Array.isArray(assertions));
    return assertions
      .filter((assertion) => !holds(at(assertion, 'Assert')))
      .map((assertion) => at(assertion, 'AssertDescription'));
  }
  const url = 'https://login.example.com/jwks';

  it('are at a URL or inline', () => {
    assert.deepEqual(objections({ JwksUrl: url, Jwks: '' }), []);
    assert.deepEqual(objections({ JwksUrl: '', Jwks: keys }), []);
  });

  it('must be somewhere', () => {
    assert.deepEqual(objections({ JwksUrl: '', Jwks: '' }), [
      'Set JwksUrl or Jwks: without keys no API token can be checked.',
    ]);
    assert.equal(template.Parameters['JwksUrl']?.['Default'], '');
    assert.equal(template.Parameters['Jwks']?.['Default'], '');
  });

  it('are not in both places', () => {
    const both = { JwksUrl: url, Jwks: keys };
    assert.deepEqual(objections(both), ['Set JwksUrl or Jwks, not both.']);
  });

  it('fit into a function’s environment as long as they may be inline', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' };
    const longest = JSON.stringify({ keys: Array(20).fill(jwk) }).slice(0, 2_048);
    assert.ok(takes('Jwks', `${longest.slice(0, -1)}}`));
    assert.ok(!takes('Jwks', `${longest}}`));
    const api = resourcesOf(template, 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties['FunctionName'] === 'wechatpay-prod-api',
    );
    const given = Object.entries(at(api?.[1].Properties, 'Environment', 'Variables') ?? {});
    // No name, address or URL that AWS or a deployer gives is longer.
    const values = given.map(([name, value]) => [
      name,
      typeof value === 'string' ? value : 'x'.repeat(100),
    ]);
    const environment = JSON.stringify({ ...Object.fromEntries(values), JWKS: longest });
    assert.ok(environment.length <= 4_096, `${environment.length} characters`);
  });
});
