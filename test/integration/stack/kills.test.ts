import { after, before, describe } from 'node:test';
import { type FastStack, startFastStack } from './fast-stack.ts';
import { runKillsInBatches } from './kills-in-batches.suite.ts';
import { runKillsOfOrders } from './kills-of-orders.suite.ts';
import { leavePlacings, runKillsOfPlacings } from './kills-of-placings.suite.ts';

// Functions of the running stack are killed in the middle of their work.
let fast: FastStack;

before(async () => {
  fast = await startFastStack(60);
  await leavePlacings(fast);
});
after(() => fast.stop());

describe('at the same time', { concurrency: true }, () => {
  runKillsOfOrders(() => fast);
  runKillsOfPlacings(() => fast);
});
runKillsInBatches(() => fast);
