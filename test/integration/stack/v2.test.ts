import { after, before } from 'node:test';
import { type FastStack, startFastStack } from './fast-stack.ts';
import { runLivesOnV2 } from './lives-on-v2.suite.ts';
import { runMd5 } from './md5.suite.ts';

// Account v2 of the running stack: all its orders go through APIv2.
let fast: FastStack;

before(async () => {
  fast = (await startFastStack(60)).as('v2');
});
after(() => fast.stop());

runLivesOnV2(() => fast);
// Last, since it changes the account's secret.
runMd5(() => fast);
