import { after, before, describe } from 'node:test';
import { type FastStack, startFastStack } from './fast-stack.ts';
import { runKillsOfClaims } from './kills-of-claims.suite.ts';
import { runKillsOfRefunds } from './kills-of-refunds.suite.ts';

// Functions of the running stack are killed while they give money back.
let fast: FastStack;

before(async () => {
  fast = await startFastStack(60);
});
after(() => fast.stop());

describe('money that goes back', () => {
  runKillsOfRefunds(() => fast);
  runKillsOfClaims(() => fast);
});
