import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parse } from 'yaml';
import { problemAnswer } from '#adapters/lambda/problem.ts';
import { errorCodes } from '#core/errors.ts';
import { eventTypes } from '#core/events.ts';
import { isObject } from '#core/values/json.ts';
import { openapiText, pagePath } from '../../tools/openapi/page.ts';
import { problemCodes } from '../../tools/openapi/problems.ts';
import { runRedocly } from '../../tools/openapi/redocly.ts';
import { eventSchemas, followed, operations, page } from '../integration/openapi/page.ts';
import { assertReadable, checkerOf, closedCheckerOf } from '../integration/openapi/schemas.ts';
import { call, jobsWith } from '../unit/adapters/lambda/support.ts';
import { samplesOf } from './event-samples.ts';
import { projectDir } from './layers.ts';

const text = readFileSync(pagePath, 'utf8');

describe('docs/openapi.yaml', () => {
  it('is what the schemas of the API make', () => {
    assert.equal(text, openapiText(), 'It has changed; write it with: npm run openapi');
  });

  it('reads the same by the rules of YAML 1.1', () => {
    assert.deepEqual(parse(text, { version: '1.1' }), page);
  });

  it('has every route of the API with its scope, and no other', () => {
    const routes = ['merchant-api.ts', 'payscore-api.ts'].flatMap((name) =>
      routesIn(readFileSync(join(projectDir, 'lib/adapters/lambda', name), 'utf8')),
    );
    assert.deepEqual(
      operations.map(({ method, template, scope }) => `${method} ${template} ${scope}`).sort(),
      routes.sort(),
    );
  });

  for (const { id, method, template } of operations) {
    it(`names just the methods of ${template} (${id})`, async () => {
      const path = template.replace(/\{\w+\}/, 'shop').replace(/\{\w+\}/, 'A-1001');
      const reply = await call(jobsWith(), `BREW ${path}`);
      const onPage = operations.filter((other) => other.template === template);
      const allowed = String(reply.headers['allow']).split(', ');
      assert.deepEqual(onPage.map((other) => other.method).sort(), allowed.sort());
      assert.ok(allowed.includes(method));
    });
  }

  it('has every problem code, each under its status, and no other', () => {
    const codes = operations.flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        codesOf(content['application/problem+json']?.schema).map((code) => `${code} ${status}`),
      ),
    );
    const wanted = problemCodes.map((code) => `${code} ${problemAnswer(code).statusCode}`);
    assert.equal(wanted.length, Object.keys(errorCodes).length);
    assert.deepEqual([...new Set(codes)].sort(), wanted.sort());
  });

  it('says of each operation what it answers when all is well, and when not', () => {
    for (const { id, responses } of operations) {
      const statuses = Object.keys(responses);
      for (const status of ['400', '401', '403', '404', '405', '413', '429', '500', '503']) {
        assert.ok(statuses.includes(status), `${id} ${status}`);
      }
      assert.ok(statuses.includes('200') || statuses.includes('202'), id);
    }
  });

  it('has examples that keep to their schemas, one for each answer', () => {
    let count = 0;
    for (const { id, body, requestExamples, responses } of operations) {
      for (const [name, example] of Object.entries(requestExamples)) {
        assert.deepEqual(checkerOf(body ?? {})(example), [], `${id} ${name}`);
        count += 1;
      }
      for (const [status, { content }] of Object.entries(responses)) {
        for (const [type, { schema, examples }] of Object.entries(content)) {
          const check = closedCheckerOf(schema);
          assert.ok(Object.keys(examples).length > 0, `${id} ${status} ${type}`);
          for (const [name, example] of Object.entries(examples)) {
            assert.deepEqual(check(example), [], `${id} ${status} ${name}`);
            count += 1;
          }
        }
      }
    }
    assert.ok(count > 100, `${count}`);
  });

  it('takes no body without a field that it needs, nor with one that it does not name', () => {
    for (const { id, body, requestExamples } of operations) {
      for (const example of Object.values(requestExamples)) {
        const check = checkerOf(body ?? {});
        assert.notDeepEqual(check({ ...example, extra: 1 }), [], id);
        const names = Object.keys(example);
        const needed = names.filter((name) => check({ ...example, [name]: undefined }).length > 0);
        assert.ok(needed.length >= Math.min(2, names.length), `${id} ${needed}`);
      }
    }
  });
});

describe('the events in docs/openapi.yaml', () => {
  it('are of every type, and of no other', () => {
    assert.deepEqual([...eventSchemas.keys()].sort(), [...eventTypes].sort());
  });

  for (const type of eventTypes) {
    it(`${type} has the fields that it can have, and needs those that it always has`, () => {
      const schema = eventSchemas.get(type) ?? {};
      const samples = samplesOf(type);
      for (const sample of samples) {
        assert.deepEqual(closedCheckerOf(schema)(sample), [], JSON.stringify(sample));
      }
      const data = followed(followed(followed(schema)['properties'])['data']);
      const names = samples.map((sample) => namesIn(sample['data']));
      const some = [...new Set(names.flat())].sort();
      const always = some.filter((name) => names.every((each) => each.includes(name)));
      assert.deepEqual(namesIn(data['properties']), some);
      assert.deepEqual([data['required']].flat().sort(), always);
    });
  }
});

describe('Redocly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  after(() => rmSync(folder, { recursive: true }));

  it('has no complaint about the page', () => {
    assert.deepEqual(complaintsAbout(pagePath), []);
  });

  it('would complain', () => {
    const planted: Readonly<Record<string, (page: string) => string>> = {
      'security-defined': (all) => all.replace('- bearer:', '- basic:'),
      'no-unresolved-refs': (all) => all.replace('parameters/Account', 'parameters/Acount'),
      'operation-operationId-unique': (all) => all.replace('Id: getOrder', 'Id: putOrder'),
      'path-parameters-defined': (all) => all.replace('/{out_refund_no}:', '/{refund_no}:'),
      'no-invalid-media-type-examples': (all) => all.replace('total: 8800', 'total: x'),
    };
    const copy = join(folder, 'planted.yaml');
    writeFileSync(
      copy,
      Object.entries(planted).reduce((all, [rule, plant]) => {
        assert.notEqual(plant(all), all, rule);
        return plant(all);
      }, text),
    );
    const complaints = complaintsAbout(copy);
    for (const rule of Object.keys(planted)) {
      assert.ok(complaints.includes(rule), `${rule} is not among ${complaints}`);
    }
  });
});

describe('a schema', () => {
  for (const schema of [
    { not: {} },
    { type: 'string', format: 'uuid' },
    { properties: { a: { type: 'string' } } },
    { allOf: [{ type: 'object' }] },
    { type: 'object', minProperties: 1 },
    { $ref: '#/components/schemas/Order', type: 'object' },
  ]) {
    it(`is not taken by our checker when it cannot read it: ${JSON.stringify(schema)}`, () => {
      assert.throws(() => assertReadable(schema), /No checker reads/);
    });
  }
});

/** The routes as the source lists them: `GET /v1/… orders:read`. */
function routesIn(source: string): readonly string[] {
  const paths = new Map(
    [...source.matchAll(/^const (\w+Path) = '([^']+)';$/gm)].map(([, name, path]) => [name, path]),
  );
  const routes = source.matchAll(/on\((?:`\$\{(\w+)\}([^`]*)`|(\w+)), \w+\)\('(\w+)', '([\w:]+)'/g);
  return [...routes].map(
    ([, within, rest = '', alone, method, scope]) =>
      `${method} ${paths.get(within ?? alone)}${rest} ${scope}`,
  );
}

/** The codes of a problem's schema: one, or one for each variant. */
function codesOf(schema: unknown): readonly string[] {
  if (!isObject(schema)) {
    return [];
  }
  const { oneOf, properties } = followed(schema);
  if (Array.isArray(oneOf)) {
    return oneOf.flatMap(codesOf);
  }
  const code = isObject(properties) ? properties['code'] : undefined;
  return isObject(code) ? [String(code['const'])] : [];
}

function namesIn(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value).sort() : [];
}

/** The rules that a page breaks. */
function complaintsAbout(path: string): readonly string[] {
  const { output } = runRedocly('lint', path, '--format=json');
  const { problems } = JSON.parse(output);
  assert.ok(Array.isArray(problems));
  return problems.map(({ ruleId }) => String(ruleId));
}
