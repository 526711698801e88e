import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededChoices } from './choices.ts';
import { outsidePromises } from './outside-promises.ts';
import { plantedBugs } from './planted-bugs.ts';
import { playSeeds } from './run.ts';
import { playSchedule } from './schedule.ts';
import { shortestStory } from './shrink.ts';

function storyOf(seed: number): Promise<readonly string[]> {
  return outsidePromises(() => {
    const lines: string[] = [];
    playSchedule(seededChoices(seed), { orders: 3, onLine: (line) => lines.push(line) });
    return lines;
  });
}

describe('20,000 schedules', () => {
  it('break no promise', async () => {
    const tally = await outsidePromises(() => playSeeds(1, 20_000));
    assert.equal(tally.broken, undefined, `npm run simulate with SEED=${tally.broken?.seed}`);
    assert.equal(tally.schedules, 20_000);
  });

  it('see enough of the world to mean something', async () => {
    const tally = await outsidePromises(() => playSeeds(1, 2000));
    assert.ok(tally.steps > 30_000, `${tally.steps} steps`);
    assert.ok(tally.events > 2000, `${tally.events} events`);
  });
});

describe('a seed', () => {
  it('replays exactly', async () => {
    const [one, again] = [await storyOf(77), await storyOf(77)];
    assert.deepEqual(one, again);
    assert.ok(one.length > 20, `${one.length} lines`);
  });

  it('tells another story than its neighbour', async () => {
    assert.notDeepEqual(await storyOf(77), await storyOf(78));
  });
});

describe('a broken promise', () => {
  const planted = plantedBugs.find(
    ({ name }) => name === 'a settled record is never looked at again',
  );

  it('is told as its shortest story', async () => {
    const story = await outsidePromises(() => {
      const { broken } = playSeeds(1, 2000, { planted });
      return broken && shortestStory(broken.seed, { planted });
    });
    assert.match(story?.violation ?? '', /S-000[1-5] is SUCCESS at WeChat, CLOSED here/);
    assert.match(story?.lines.at(-1) ?? '', /BROKEN: /);
    assert.ok((story?.lines.length ?? 0) < 80, story?.lines.join('\n'));
  });

  it('is not found where there is none', async () => {
    assert.equal(await outsidePromises(() => shortestStory(77, {})), undefined);
  });
});
