import { after, before, describe } from 'node:test';
import { type FastStack, startFastStack } from './fast-stack.ts';
import { killsOfCodes } from './kills-of-codes.suite.ts';
import { runRandomKillsOfCodes } from './random-kills-of-codes.suite.ts';

// Functions of the running stack are killed while payers stand at the till.
let fast: FastStack;
const suites = (['dev', 'v2'] as const).map((name) => killsOfCodes(name, () => fast.as(name)));

before(async () => {
  // Slow enough for a code to be charged within ten seconds of its order.
  fast = await startFastStack(40);
  await Promise.all(suites.map(({ strike }) => strike()));
});
after(() => fast.stop());

describe('at the same time', { concurrency: true }, () => {
  runRandomKillsOfCodes(() => fast);
  for (const { run } of suites) {
    run();
  }
});
