import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FieldRules } from '../../../../simulator/field-rules.ts';
import { knownFields } from '../../../../simulator/payscore/known-fields.ts';

const RULES: FieldRules = {
  name: { kind: 'string', required: true, maxLength: 4 },
  place: { kind: 'object', fields: { town: { kind: 'string', maxLength: 4 } } },
  items: {
    kind: 'list',
    maxItems: 2,
    of: { kind: 'object', fields: { amount: { kind: 'integer', min: 0, max: 9 } } },
  },
};

const fingerprintOf = (body: Parameters<typeof knownFields>[1]) => {
  const known = knownFields(RULES, body);
  return known.ok ? known.fingerprint : undefined;
};
const fieldOf = (body: Parameters<typeof knownFields>[1]) => {
  const known = knownFields(RULES, body);
  return known.ok ? undefined : known.refusal.detail?.['field'];
};

describe('fields that are known', () => {
  test('the others are let be, at every depth', () => {
    const known = knownFields(RULES, {
      name: 'a',
      colour: 'red',
      place: { town: 'b', colour: 'red' },
      items: [{ amount: 1, colour: 'red' }],
      toString: 'a',
    });
    assert.deepEqual(known.ok && known.fields, {
      name: 'a',
      place: { town: 'b' },
      items: [{ amount: 1 }],
    });
  });

  test('what is left is compared, whatever the order of names', () => {
    const plain = fingerprintOf({ name: 'a', place: { town: 'b' } });
    assert.equal(fingerprintOf({ place: { town: 'b' }, colour: 1, name: 'a' }), plain);
    assert.notEqual(fingerprintOf({ name: 'a', place: {} }), plain);
    assert.notEqual(fingerprintOf({ name: 'a' }), plain);
  });

  test('rules hold for what is known', () => {
    assert.equal(fieldOf({ colour: 'red' }), '/body/name');
    assert.equal(fieldOf({ name: 1 }), '/body/name');
    assert.equal(fieldOf({ name: null }), '/body/name');
    assert.equal(fieldOf({ name: 'a', place: 'b' }), '/body/place');
    assert.equal(fieldOf({ name: 'a', place: { town: 1 } }), '/body/place/town');
    assert.equal(fieldOf({ name: 'a', items: {} }), '/body/items');
    assert.equal(fieldOf({ name: 'a', items: [1] }), '/body/items/0');
    assert.equal(fieldOf({ name: 'a', items: [{ amount: 10 }] }), '/body/items/0/amount');
    assert.equal(fieldOf({ name: 'a', items: [{}, {}, {}] }), '/body/items');
  });
});
