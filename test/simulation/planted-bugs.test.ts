import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outsidePromises } from './outside-promises.ts';
import { plantedBugs } from './planted-bugs.ts';
import { playSeeds } from './run.ts';

describe('the simulation bites', () => {
  for (const planted of plantedBugs) {
    it(`within ${planted.within} schedules: ${planted.name}`, async () => {
      const { isPayscore } = planted;
      const { broken } = await outsidePromises(() =>
        playSeeds(1, planted.within, { planted, isPayscore }),
      );
      assert.ok(broken, 'no promise was broken');
      assert.match(broken.violation, planted.breaks);
    });
  }

  it('on every mistake by its own name', () => {
    const names = plantedBugs.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 65);
  });
});
