import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRegister } from '../../../../simulator/payscore/register.ts';

type Thing = { readonly name: string; readonly alias: string; readonly worth?: number };

const register = (limit: number) => {
  const dropped: string[] = [];
  const things = createRegister<Thing>({
    limit,
    namesOf: ({ name, alias }) => [name, alias],
    onDropped: ({ name }) => dropped.push(name),
  });
  return { things, dropped };
};

const A = { name: 'a', alias: 'id a' };
const B = { name: 'b', alias: 'id b' };
const C = { name: 'c', alias: 'id c' };

describe('a register', () => {
  test('finds by any name, and nothing by a name that nobody has', () => {
    const { things } = register(2);
    things.put(A);
    assert.deepEqual([things.get('a'), things.get('id a')], [A, A]);
    assert.deepEqual([things.get('b'), things.get('')], [undefined, undefined]);
  });

  test('a thing that changed takes its own place', () => {
    const { things, dropped } = register(2);
    things.put(A);
    things.put(B);
    things.put({ ...A, worth: 1 });
    assert.deepEqual([things.size(), things.get('id a')?.worth, dropped], [2, 1, []]);
    assert.deepEqual(things.newest(2), [B, { ...A, worth: 1 }]);
  });

  test('when full the oldest makes room, with all its names', () => {
    const { things, dropped } = register(2);
    for (const thing of [A, B, C]) things.put(thing);
    assert.deepEqual([dropped, things.size()], [['a'], 2]);
    assert.deepEqual([things.get('a'), things.get('id a')], [undefined, undefined]);
    assert.deepEqual(things.newest(1), [C]);
  });

  test('what is dropped by hand is dropped once', () => {
    const { things, dropped } = register(2);
    things.put(A);
    things.drop(A);
    things.drop(A);
    assert.deepEqual([dropped, things.size(), things.get('id a')], [['a'], 0, undefined]);
  });
});
