import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { globalTimers } from '../../../simulator/timers.ts';

describe('the time of the simulator', () => {
  test('it follows a clock that is put in place of the global one later', (t) => {
    t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000 });
    const rung: number[] = [];
    globalTimers.after(60_000, () => rung.push(globalTimers.now()));
    const cancel = globalTimers.after(30_000, () => rung.push(-1));
    cancel();
    t.mock.timers.tick(59_999);
    assert.deepEqual(rung, []);
    t.mock.timers.tick(1);
    assert.deepEqual(rung, [61_000]);
  });
});
