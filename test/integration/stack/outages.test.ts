import { after, before } from 'node:test';
import { runEventsRefused } from './events-refused.suite.ts';
import { type FastStack, startFastStack } from './fast-stack.ts';
import { runTableRefused } from './table-refused.suite.ts';

// An hour is over in fifteen seconds. Faster is not possible: sockets live in real time.
let fast: FastStack;

before(async () => {
  fast = await startFastStack(240);
});
after(() => fast.stop());

runTableRefused(() => fast);
runEventsRefused(() => fast);
