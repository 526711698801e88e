import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventTypes } from '#core/events.ts';
import { readEvent } from '../../../client/src/index.ts';
import { samplesOf } from '../../house/event-samples.ts';
import { eventText } from './events.ts';

const refused = { name: 'EventRefusedError', code: 'malformed' };

type Tree = { readonly [name: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The tree with one of its leaves put otherwise; `undefined` takes it away. */
function withLeaf(tree: Tree, path: readonly string[], leaf: unknown): Tree {
  const [name = '', ...rest] = path;
  const inner = tree[name];
  return { ...tree, [name]: rest.length > 0 && isTree(inner) ? withLeaf(inner, rest, leaf) : leaf };
}

function pathsOf(tree: Tree): readonly (readonly string[])[] {
  return Object.entries(tree).flatMap(([name, value]) => [
    [name],
    ...(isTree(value) ? pathsOf(value).map((path) => [name, ...path]) : []),
  ]);
}

function hasAt(tree: Tree, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) {
    return true;
  }
  const inner = tree[name];
  return rest.length === 0 ? Object.hasOwn(tree, name) : isTree(inner) && hasAt(inner, rest);
}

function isListAt(tree: Tree, [name = '', ...rest]: readonly string[]): boolean {
  const inner = tree[name];
  return rest.length > 0 && isTree(inner) ? isListAt(inner, rest) : Array.isArray(inner);
}

function isRead(value: unknown): boolean {
  try {
    readEvent(JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

describe('an event of each type', () => {
  for (const type of eventTypes) {
    it(`${type} is read as it was sent`, () => {
      const samples = samplesOf(type);
      assert.ok(samples.length >= 2);
      for (const sample of samples) {
        assert.deepEqual(readEvent(JSON.stringify(sample)), sample);
      }
    });

    it(`${type} must have each field that is always there, and may lack the others`, () => {
      const samples = samplesOf(type);
      const [, most = {}] = samples;
      for (const path of pathsOf(most)) {
        const name = path.join('.');
        const holders = samples.filter((sample) => hasAt(sample, path.slice(0, -1)));
        const canGo = holders.some((sample) => !hasAt(sample, path));
        assert.equal(isRead(withLeaf(most, path, undefined)), canGo, `without ${name}`);
      }
    });

    it(`${type} must not have a field of another kind`, () => {
      const [, most = {}] = samplesOf(type);
      for (const path of pathsOf(most)) {
        // A list may be empty.
        for (const wrong of isListAt(most, path) ? [null, {}, ['x'], [{}]] : [null, [], ['x']]) {
          assert.equal(isRead(withLeaf(most, path, wrong)), false, `${path.join('.')} ${wrong}`);
        }
      }
    });
  }

  for (const [what, path, value] of [
    ['money as text', ['data', 'amount', 'total'], '8800'],
    ['half a fen', ['data', 'amount', 'total'], 0.5],
    ['a debt', ['data', 'paid_total'], -1],
    ['money beyond counting', ['data', 'paid_total'], 2 ** 53],
    ['lateness as text', ['data', 'late'], 'true'],
    ['a number as a number', ['data', 'out_trade_no'], 1001],
    ['a short sequence', ['sequence'], '2'],
    ['a long sequence', ['sequence'], '00000000002'],
    ['a sequence that is a number', ['sequence'], 2],
    ['a negative sequence', ['sequence'], '-000000002'],
    ['no id', ['id'], ''],
    ['an id of 129 characters', ['id'], 'x'.repeat(129)],
    ['an id that is a number', ['id'], 1],
    ['another version of CloudEvents', ['specversion'], '2.0'],
    ['data of another kind', ['datacontenttype'], 'text/xml'],
    ['data as text', ['data'], '{}'],
    ['no type', ['type'], ''],
    ['no subject', ['subject'], ''],
    ['a time without its zone', ['time'], '2026-11-21T04:00:21.042'],
    ['a time of another zone', ['time'], '2026-11-21T12:00:21.042+08:00'],
    ['a day that is none', ['time'], '2026-13-41T04:00:21Z'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const event = JSON.parse(eventText('order.paid'));
      assert.throws(() => readEvent(JSON.stringify(withLeaf(event, path, value))), refused);
    });
  }

  for (const text of [
    '',
    'null',
    '[]',
    '"order.paid"',
    '{}',
    '{"type":"order.paid"}',
    `[${eventText('order.paid')}]`,
    `${eventText('order.paid')}{}`,
    eventText('order.paid').slice(0, -1),
  ]) {
    it(`is not ${JSON.stringify(text.slice(0, 40))} of ${text.length} characters`, () => {
      assert.throws(() => readEvent(text), refused);
    });
  }

  it('is not taken from what every object has', (context) => {
    const { id, ...rest } = JSON.parse(eventText('order.paid'));
    const text = JSON.stringify(rest);
    assert.throws(() => readEvent(text.replace('{', `{"__proto__":{"id":"${id}"},`)), refused);
    Object.defineProperty(Object.prototype, 'id', { value: id, configurable: true });
    context.after(() => Reflect.deleteProperty(Object.prototype, 'id'));
    assert.throws(() => readEvent(text), refused);
  });

  it('is refused without a word of what was in it', () => {
    assert.throws(
      () => readEvent('{"secret":"x-1234"}'),
      (error) => error instanceof Error && !error.message.includes('x-1234'),
    );
  });

  it('may have fields of a later release', () => {
    const event = JSON.parse(eventText('order.paid'));
    const later = { ...event, traceparent: '00-1', data: { ...event.data, discount: 1 } };
    assert.deepEqual(readEvent(JSON.stringify(later)), later);
  });

  it('may have words of a later release', () => {
    const event = readEvent(eventText('order.closed', { data: { reason: 'weather' } }));
    assert.equal(event.type === 'order.closed' && event.data.reason, 'weather');
  });
});

describe('an event of a type that is not known', () => {
  for (const type of ['order.frozen', 'plan.signed', 'unknown', 'toString', '__proto__']) {
    it(`is read as unknown: ${type}`, () => {
      const sent = JSON.parse(eventText(type, { data: { anything: [1] } }));
      const event = readEvent(JSON.stringify(sent));
      assert.deepEqual(event, { ...sent, type: 'unknown', unknown_type: type });
    });
  }

  it('must have an envelope, too', () => {
    const sent = JSON.parse(eventText('order.frozen'));
    assert.equal(isRead(sent), true);
    for (const name of Object.keys(sent)) {
      assert.equal(isRead({ ...sent, [name]: undefined }), false, name);
    }
  });
});
