import { parseArgs } from 'node:util';
import { scaleClock } from './clock.ts';
import type { Claim } from './demo/story.ts';

const speed = 60;

const help = `Plays the story of a payment against the deployed template on this machine.

  npm run demo              narrates, ends with a table
  npm run demo -- --json    one JSON object instead
  npm run demo -- --help

Time runs ${speed} times as fast. The exit code is 0 only if every claim held.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const startedAt = performance.now();
  const clock = { origin: Date.now(), factor: speed };
  scaleClock(clock);
  // Loaded only now, so that everything sees the scaled clock.
  const { startStack } = await import('./stack.ts');
  const { createStory } = await import('./demo/story.ts');
  const { chapters } = await import('./demo/scenes.ts');
  const { startFlakyShop } = await import('./demo/flaky-shop.ts');
  const say = values.json ? () => undefined : (text: string) => process.stdout.write(`${text}\n`);
  say('Building the functions, synthesizing the stack, starting it on this machine …');
  const shop = await startFlakyShop();
  const story = createStory(say);
  try {
    const stack = await startStack({ clock, webhook: shop.webhook });
    try {
      for (const { title, numberHead, account, scenes } of chapters) {
        story.chapter(title, numberHead);
        for (const scene of scenes) {
          await scene(stack.as(account), story, shop);
        }
      }
    } finally {
      await stack.stop();
    }
  } finally {
    await shop.stop();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  report(story.claims(), seconds, values.json);
}

function report(claims: readonly Claim[], seconds: number, isJson: boolean): void {
  const failed = claims.filter((claim) => !claim.held).length;
  process.exitCode = failed === 0 && claims.length > 0 ? 0 : 1;
  if (isJson) {
    const whole = { ok: process.exitCode === 0, seconds: Number(seconds.toFixed(1)), claims };
    process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
    return;
  }
  const width = Math.max(...claims.map((claim) => claim.text.length));
  const lines = claims.map(({ scene, text, held, seen }) =>
    `${held ? 'held ' : 'FAILED'}  ${scene}  ${text.padEnd(width)}  ${seen}`.trimEnd(),
  );
  const sum = `${claims.length - failed} of ${claims.length} claims held, in ${seconds.toFixed(1)} s.`;
  process.stdout.write(`\n${lines.join('\n')}\n\n${sum}\n`);
}

await main();
