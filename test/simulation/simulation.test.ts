import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventTypes } from '#core/events.ts';
import { orderStatuses } from '#core/subjects/order/order.ts';
import { refundStatuses } from '#core/subjects/refund/refund.ts';
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

const payscoreKinds = ['plan', 'sign-plan', 'service-order'];

/** What only schedules of a plan come to. */
function isOfPayscore(end: string): boolean {
  return payscoreKinds.some((kind) => end.startsWith(`${kind}.`) || end.startsWith(`${kind} `));
}

const waiting: ReadonlySet<string> = new Set(['CREATED', 'AWAITING']);

/** What must be in the world, for without it mistakes pass unseen; in so many schedules. */
const wanted: readonly (readonly [string, number])[] = [
  ['both paid at once', 20],
  ['given back: late', 40],
  ['given back: duplicate', 20],
  ['given back: request', 200],
  ['given back: resolve', 100],
  ['given back: console', 100],
  ['duplicate held, the owner PAID', 20],
  ['duplicate held, the owner PAID, not for certain', 20],
  ['duplicate held, the owner REVIEW', 1],
  ['resolved: accept', 100],
  ['resolved: refund', 100],
  ['resolved: close', 20],
  ['replaced', 50],
  ['two parts, a minute apart', 20],
  ['refund by console', 100],
  ['refund of REVIEW', 10],
  ['refund of UNMATCHED', 5],
  ['refund of PAID, late', 50],
  ['refund CREATED, then REFUSED', 10],
  ['refund ABNORMAL, then SUCCESS', 50],
  ['refund REFUSED, then SUCCESS', 1],
  ['apply: accepted', 300],
  ['apply: TIMEOUT', 10],
  ['apply: NOT_ENOUGH', 5],
  ['apply: FREQUENCY_LIMITED', 10],
  ['apply: USER_ACCOUNT_ABNORMAL', 10],
  ['apply: INVALID_REQUEST', 10],
  ['apply: NO_AUTH', 2],
  ['code: SUCCESS at once', 200],
  ['code: USERPAYING at once', 1000],
  ['code: PAYERROR at once', 30],
  ['code: ACCEPT at once', 10],
  ['code: refused, and paid later', 30],
  ['code: paid, in the end PAID', 500],
  ['code: paid, in the end REVIEW', 50],
  ['code: paid, in the end CLOSED', 50],
  ['code: confirmed within a second before the reversal', 3],
  ['code: confirmed within a second after the reversal', 10],
  ['code: reversed unpaid', 300],
  ['code: reversed paid', 50],
  ['code: reversed by WeChat itself', 100],
  ['code: reversal recalled', 20],
  ['code: reversal refused for good', 3],
  ['replaced: a code by a link', 5],
  ['replaced: a link by a code', 10],
  ['v2: closed too soon', 20],
];

describe('20,000 schedules', () => {
  const played = outsidePromises(() => playSeeds(1, 20_000));

  it('break no promise', async () => {
    const { broken, schedules } = await played;
    assert.equal(broken, undefined, `SEED=${broken?.seed} npm run simulate`);
    assert.equal(schedules, 20_000);
  });

  it('come to every status and every event that there is', async () => {
    const { seen } = await played;
    const ends = [
      ...eventTypes.filter((type) => !isOfPayscore(type)),
      ...orderStatuses.filter((status) => !waiting.has(status)).map((status) => `order ${status}`),
      ...refundStatuses
        .filter((status) => !waiting.has(status))
        .map((status) => `refund ${status}`),
      'notice KEPT',
    ];
    for (const end of ends) {
      assert.ok((seen.get(end) ?? 0) >= 20, `${end}: ${seen.get(end)} schedules`);
    }
  });

  for (const [end, atLeast] of wanted) {
    it(`see this at least ${atLeast} times: ${end}`, async () => {
      const { seen } = await played;
      assert.ok((seen.get(end) ?? 0) >= atLeast, `${seen.get(end)} schedules`);
    });
  }

  it('come to nothing that nobody thought of', async () => {
    const { seen } = await played;
    const unknown = [...seen.keys()].filter(
      (end) => !isOfPayscore(end) && / (?:CREATED|AWAITING)$|undefined/.test(end),
    );
    assert.deepEqual(unknown, []);
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
