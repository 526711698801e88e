import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventTypes } from '#core/events.ts';
import { orderStatuses } from '#core/subjects/order/order.ts';
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
  const played = outsidePromises(() => playSeeds(1, 20_000));

  it('break no promise', async () => {
    const { broken, schedules } = await played;
    assert.equal(broken, undefined, `SEED=${broken?.seed} npm run simulate`);
    assert.equal(schedules, 20_000);
  });

  it('come to every end that there is', async () => {
    const { seen } = await played;
    const statuses = orderStatuses.filter(
      (status) => status !== 'CREATED' && status !== 'AWAITING',
    );
    assert.deepEqual([...seen].sort(), [...eventTypes, ...statuses, 'KEPT'].sort());
  });

  it('have an order looked at a bounded number of times', async () => {
    const { mostWakes } = await played;
    assert.ok(mostWakes > 10 && mostWakes <= 1600, `${mostWakes} wakes`);
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
