import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type OpenTemplate, openTemplate, type Surroundings } from '../../../local/template.ts';

/** `${name}` in a Fn::Sub. */
const slot = (name: string): string => `\${${name}}`;

const surroundings: Surroundings = {
  parameters: {},
  pseudo: { 'AWS::Region': 'us-east-1', 'AWS::Partition': 'aws' },
  ref: ({ logicalId }) => `ref-of-${logicalId}`,
  attribute: ({ logicalId, type }, name) => `${name}-of-${logicalId}-${type}`,
};

function open(parts: object = {}, given: Partial<Surroundings> = {}): OpenTemplate {
  const source = { Resources: { Queue: { Type: 'T::Queue' } }, ...parts };
  return openTemplate(source, { ...surroundings, ...given });
}
const resolve = (value: unknown, parts?: object): unknown => open(parts).resolve(value);

describe('intrinsic functions', () => {
  const conditions = {
    Conditions: {
      Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      No: { 'Fn::Equals': ['a', 'b'] },
    },
  };
  for (const [name, value, expected] of [
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Ref of a resource', { Ref: 'Queue' }, 'ref-of-Queue'],
    ['GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Arn-of-Queue-T::Queue'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Queue' }, 3]] }, 'a-ref-of-Queue-3'],
    ['Join of a Split', { 'Fn::Join': ['+', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'a+b+c'],
    ['Select', { 'Fn::Select': [1, ['a', { Ref: 'AWS::Region' }]] }, 'us-east-1'],
    ['Select with its index as text', { 'Fn::Select': ['0', ['a']] }, 'a'],
    ['Split', { 'Fn::Split': ['/', { 'Fn::Join': ['/', ['x', 'y']] }] }, ['x', 'y']],
    [
      'Sub of a name',
      { 'Fn::Sub': `${slot('AWS::Region')}.${slot('Queue')}` },
      'us-east-1.ref-of-Queue',
    ],
    ['Sub of an attribute', { 'Fn::Sub': `<${slot('Queue.Arn')}>` }, '<Arn-of-Queue-T::Queue>'],
    [
      'Sub with own values',
      { 'Fn::Sub': [`${slot('a')}${slot('AWS::Region')}`, { a: { Ref: 'Queue' } }] },
      'ref-of-Queueus-east-1',
    ],
    ['Sub of a literal', { 'Fn::Sub': `${slot('!AWS::Region')}` }, `${slot('AWS::Region')}`],
    ['If that holds', { 'Fn::If': ['Yes', { Ref: 'Queue' }, 'b'] }, 'ref-of-Queue'],
    ['If that does not hold', { 'Fn::If': ['No', 'a', ['b']] }, ['b']],
    [
      'a policy’s Condition',
      { Condition: { Bool: { x: { Ref: 'Queue' } } } },
      { Condition: { Bool: { x: 'ref-of-Queue' } } },
    ],
    ['a value without any', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
  ] as const) {
    it(`evaluates ${name}`, () => {
      assert.deepEqual(resolve(value, conditions), expected);
    });
  }

  it('leaves out what is AWS::NoValue, in objects and lists', () => {
    const none = { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] };
    assert.deepEqual(resolve({ a: none, b: [none, 2] }, conditions), { b: [2] });
  });

  it('does not evaluate the branch that is not taken', () => {
    assert.equal(resolve({ 'Fn::If': ['Yes', 'a', { Ref: 'Nobody' }] }, conditions), 'a');
  });

  for (const [name, value, message] of [
    ['an unknown function', { 'Fn::Base64': 'a' }, /Fn::Base64 is not supported/],
    ['ImportValue', { 'Fn::ImportValue': 'a' }, /Fn::ImportValue is not supported/],
    ['a bare Condition', { Condition: 'Yes' }, /Condition is not supported/],
    ['Ref of nobody', { Ref: 'Nobody' }, /Ref Nobody has no value/],
    ['Ref of an unknown pseudo parameter', { Ref: 'AWS::Else' }, /AWS::Else has no value/],
    ['GetAtt of nobody', { 'Fn::GetAtt': ['Nobody', 'Arn'] }, /Nobody has no value/],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, /is not a list/],
    ['Sub of nobody', { 'Fn::Sub': `${slot('Nobody')}` }, /Nobody has no value/],
    ['Sub of nobody’s attribute', { 'Fn::Sub': `${slot('Nobody.Arn')}` }, /Nobody has no value/],
    ['Select past the end', { 'Fn::Select': [2, ['a']] }, /entry 2 has no value/],
    ['Join of an object', { 'Fn::Join': ['', [{ a: 1 }]] }, /is not text/],
    ['Join with one argument', { 'Fn::Join': [''] }, /takes two arguments/],
    ['If of an unknown condition', { 'Fn::If': ['Maybe', 1, 2] }, /Condition Maybe has no value/],
    ['a function beside a property', { Ref: 'Queue', other: 1 }, /must stand alone/],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.throws(() => resolve(value, conditions), message);
    });
  }

  it('refuses a condition by anything but Equals', () => {
    const parts = { Conditions: { Odd: { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] } } };
    assert.throws(() => resolve({ 'Fn::If': ['Odd', 1, 2] }, parts), /Fn::Not, which is not/);
  });
});

describe('parameters', () => {
  const declared = {
    Parameters: {
      Origin: { Type: 'String', Default: 'https://a', AllowedPattern: 'https://[a-z]+|' },
      Size: { Type: 'String', Default: 's', AllowedValues: ['s', 'm'], MinLength: 1 },
    },
  };
  const value = (parameters: Record<string, string>, name = 'Origin'): unknown =>
    open(declared, { parameters }).resolve({ Ref: name });

  it('have their default, or the value that is given', () => {
    assert.equal(value({}), 'https://a');
    assert.equal(value({ Origin: 'https://b' }), 'https://b');
    assert.equal(value({ Origin: '' }), '');
  });

  it('are refused when they are not declared', () => {
    assert.throws(() => value({ Else: 'x' }), /Parameter Else is not in the template/);
  });

  it('are refused when they have neither value nor default', () => {
    const parts = { Parameters: { Must: { Type: 'String' } } };
    assert.throws(() => open(parts), /Parameter Must has no value/);
  });

  for (const [name, given, message] of [
    ['Origin', 'http://b', /does not match/],
    ['Origin', 'see https://b', /does not match/],
    ['Origin', 'https://b/', /does not match/],
    ['Size', 'xl', /is not allowed/],
  ] as const) {
    it(`${name} "${given}" is refused by its own rule`, () => {
      assert.throws(() => value({ [name]: given }), message);
    });
  }

  it('are refused when they are too short', () => {
    const parts = { Parameters: { Must: { Type: 'String', MinLength: 1 } } };
    assert.throws(() => open(parts, { parameters: { Must: '' } }), /is too short/);
  });

  it('of another type than text cannot be referred to', () => {
    const parts = {
      Parameters: { Ssm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: 'x' } },
    };
    assert.throws(() => open(parts).resolve({ Ref: 'Ssm' }), /Ref Ssm has no value/);
  });
});

describe('resources and outputs', () => {
  const parts = {
    Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
    Resources: {
      Queue: { Type: 'T::Queue', Properties: { Name: { Ref: 'AWS::Region' } } },
      Table: { Type: 'T::Table' },
      Never: { Type: 'T::Queue', Condition: 'No' },
    },
    Outputs: { Url: { Value: { Ref: 'Queue' } } },
  };

  it('are found by type, unresolved, without those whose condition does not hold', () => {
    const found = open(parts).resources('T::Queue');
    assert.deepEqual(
      found.map(({ logicalId, properties }) => [logicalId, properties]),
      [['Queue', { Name: { Ref: 'AWS::Region' } }]],
    );
    assert.equal(open(parts).resources('T::Queue', 'T::Table').length, 2);
    assert.deepEqual(open(parts).resources('T::Else'), []);
  });

  it('give the outputs as text', () => {
    assert.deepEqual(open(parts).outputs(), { Url: 'ref-of-Queue' });
  });

  it('refuse a template that is no object', () => {
    for (const source of [null, [], 'text']) {
      assert.throws(() => openTemplate(source, surroundings), /is not an object/);
    }
  });
});
