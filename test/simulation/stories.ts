import type { Choices } from './choices.ts';
import { drawPair, drawTwins } from './pairs.ts';
import type { PayscoreTale } from './payscore-plan.ts';
import { drawPayscoreTale } from './payscore-plans.ts';
import { drawStory, type OrderStory } from './plans.ts';
import type { Site } from './site.ts';

/** What a schedule is of, where it is not drawn: so many orders, or a plan. */
export type Wanted = {
  readonly orders?: number | undefined;
  readonly isPayscore?: boolean | undefined;
};

/** The orders of a schedule, and what they have in common; or a plan. What a schedule is: decision 0009. */
export function drawStories(
  site: Site,
  { orders, isPayscore }: Wanted,
): readonly OrderStory[] | PayscoreTale {
  const count = isPayscore === true ? 0 : (orders ?? drawCount(site.choices));
  if (count === 0) {
    return drawPayscoreTale(site);
  }
  const stories = Array.from({ length: count }, (_, n) => drawStory(site, `S-000${n + 1}`));
  return count === 1 ? stories : drawTogether(site, stories);
}

/** Mostly the first two pay one `reference`; seldom a third one, too. */
function drawTogether(site: Site, stories: readonly OrderStory[]): readonly OrderStory[] {
  const { choices } = site;
  const [one, two, ...others] = stories;
  const together = choices.draw(8);
  if (one === undefined || two === undefined || together === 7) {
    return stories;
  }
  if (together === 6) {
    return [...drawTwins(site, [one, two]), ...others];
  }
  const pair = drawPair(site, [one, two]);
  const [three, ...rest] = others;
  const { reference } = pair[1].plan;
  return three !== undefined && reference !== undefined && choices.draw(4) === 3
    ? [...pair, { kind: 'ours', plan: { ...three.plan, reference } }, ...rest]
    : [...pair, ...others];
}

function drawCount(choices: Choices): number {
  const drawn = choices.draw(64);
  return drawn < 58 ? 1 : drawn < 60 ? 0 : drawn < 63 ? 2 : 5;
}
