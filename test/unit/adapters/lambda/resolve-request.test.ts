import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askedOf, badCharacters, notTexts, pointersOf, refusedIn, withAt } from './support.ts';

const resolving = 'POST /v1/shop/orders/A-1001/resolve';
const decision = { action: 'accept', by: 'Li Wei', why: '差额已另付' };

const refusedAt = (pointer: string, values: readonly unknown[]): Promise<void> =>
  refusedIn(resolving, decision, pointer, values);
const accepted = (body: unknown): Promise<readonly unknown[]> =>
  askedOf('resolveOrder', resolving, body);

describe('the body of a resolution', () => {
  for (const action of ['accept', 'refund', 'close']) {
    it(`may ask to ${action}`, async () => {
      const resolution = { ...decision, action };
      assert.deepEqual(await accepted(resolution), ['A-1001', resolution]);
    });
  }

  it('may ask for nothing else', () =>
    refusedAt('/action', [undefined, ...notTexts, 'Accept', 'accept ', 'reopen', '__proto__']));

  for (const [pointer, most] of [
    ['/by', 64],
    ['/why', 256],
  ] as const) {
    it(`takes 1 to ${most} characters at ${pointer}`, async () => {
      for (const text of ['x', '茶'.repeat(most)]) {
        const resolution = withAt(decision, pointer, text);
        assert.deepEqual(await accepted(resolution), ['A-1001', resolution]);
      }
      const bad = Object.values(badCharacters).map((character) => `a${character}b`);
      await refusedAt(pointer, [undefined, ...notTexts, 'x'.repeat(most + 1), ...bad]);
    });
  }

  it('has no other fields', async () => {
    for (const name of ['at', 'outcome', 'amount', '__proto__', 'constructor', '']) {
      await refusedAt(`/${name}`, ['x', null, {}]);
    }
  });

  it('has every field at fault named', async () => {
    assert.deepEqual((await pointersOf(resolving, { by: 1, at: 1 })).toSorted(), [
      '/action',
      '/at',
      '/by',
      '/why',
    ]);
  });
});
