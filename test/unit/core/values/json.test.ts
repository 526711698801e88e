import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldsOf, isCount, isText, oneOf, parseJson, parseObject } from '#core/values/json.ts';

describe('parseObject', () => {
  it('answers the object that a text holds', () => {
    assert.deepEqual(parseObject('{"a":1}'), { ok: true, value: { a: 1 } });
  });

  for (const text of [
    '',
    ' ',
    '[]',
    '[{}]',
    'null',
    '1',
    '"{}"',
    'true',
    '{',
    '{"a":1}x',
    "{'a':1}",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseObject(text), { ok: false, error: 'not-an-object' });
    });
  }

  it('keeps a field named __proto__ a field', () => {
    const parsed = parseObject('{"__proto__":{"isAdmin":true}}');
    assert.ok(parsed.ok);
    assert.equal(parsed.value['isAdmin'], undefined);
  });
});

describe('parseJson', () => {
  it('answers any JSON value', () => {
    assert.deepEqual(parseJson('[1,"a",null]'), { ok: true, value: [1, 'a', null] });
  });

  for (const text of ['', 'undefined', 'NaN', '{a:1}', '[1,]', '\uFEFF{}']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseJson(text), { ok: false, error: 'not-json' });
    });
  }
});

describe('fieldsOf', () => {
  it('builds from the fields that pass their checks', () => {
    const fields = fieldsOf({ name: 'a', count: 2 });
    const name = fields.required('name', isText);
    const count = fields.optional('count', isCount);
    assert.deepEqual(
      fields.result(() => ({ name, count })),
      {
        ok: true,
        value: { name: 'a', count: 2 },
      },
    );
  });

  it('passes over an optional field that is absent', () => {
    const fields = fieldsOf({});
    assert.equal(fields.optional('count', isCount), undefined);
    assert.equal(fields.result(() => 0).ok, true);
  });

  it('names the first field that failed, not the last', () => {
    const fields = fieldsOf({ a: 1, b: 2 });
    fields.required('a', isText);
    fields.required('b', isText);
    assert.deepEqual(
      fields.result(() => 0),
      { ok: false, error: 'a' },
    );
  });

  it('builds nothing once a field failed', () => {
    const fields = fieldsOf({});
    fields.required('a', isText);
    const built = fields.result(() => assert.fail('built'));
    assert.deepEqual(built, { ok: false, error: 'a' });
  });

  const failing = [
    ['a required field that is absent', {}],
    ['a required field that is undefined', { a: undefined }],
    ['a required field that is null', { a: null }],
    ['a field of another type', { a: 1 }],
    ['a field that is only inherited', Object.create({ a: 'text' })],
  ] as const;
  for (const [what, source] of failing) {
    it(`refuses ${what}`, () => {
      const fields = fieldsOf(source);
      fields.required('a', isText);
      assert.deepEqual(
        fields.result(() => 0),
        { ok: false, error: 'a' },
      );
    });
  }

  for (const value of [null, undefined, 1]) {
    it(`refuses an optional field that is there as ${value}`, () => {
      const fields = fieldsOf({ a: value });
      fields.optional('a', isText);
      assert.deepEqual(
        fields.result(() => 0),
        { ok: false, error: 'a' },
      );
    });
  }

  for (const source of [null, undefined, 'text', 1, [], [{ a: 'text' }]]) {
    it(`refuses ${JSON.stringify(source)}, which is not an object`, () => {
      const fields = fieldsOf(source);
      fields.required('a', isText);
      assert.deepEqual(
        fields.result(() => 0),
        { ok: false, error: '(not an object)' },
      );
    });
  }

  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    it(`does not find ${name}, which every object inherits`, () => {
      const fields = fieldsOf({});
      const anything = (value: unknown): value is object => value !== undefined;
      fields.required(name, anything);
      assert.deepEqual(
        fields.result(() => 0),
        { ok: false, error: name },
      );
    });
  }
});

describe('the small checks', () => {
  it('count whole numbers from 0 to 2^53 - 1', () => {
    assert.deepEqual([0, 1, Number.MAX_SAFE_INTEGER].map(isCount), [true, true, true]);
    const others = [-1, 0.5, Number.NaN, Infinity, Number.MAX_SAFE_INTEGER + 1, '1', null, 1n];
    assert.deepEqual(new Set(others.map(isCount)), new Set([false]));
  });

  it('pass just the given words', () => {
    const isColour = oneOf(['red', 'green']);
    assert.equal(isColour('red'), true);
    for (const value of ['blue', 'RED', '', 0, null, undefined, ['red'], 'length']) {
      assert.equal(isColour(value), false);
    }
  });
});
