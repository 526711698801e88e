import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAlarms } from '../../../simulator/alarms.ts';
import { virtualTimers } from './virtual-timers.ts';

const START = Date.parse('2026-03-01T12:00:00+08:00');

const alarmsAt = () => {
  const clock = virtualTimers(START);
  const alarms = createAlarms(clock.timers);
  const rung: string[] = [];
  const set = (name: string, waitMs: number, says = name) =>
    alarms.set(name, waitMs, () => rung.push(says));
  return { ...clock, alarms, rung, set };
};

describe('alarms', () => {
  test('an alarm rings once, when its time has come', async () => {
    const { advance, rung, set } = alarmsAt();
    set('one', 5_000);
    await advance(4_999);
    assert.deepEqual(rung, []);
    await advance(1);
    await advance(60_000);
    assert.deepEqual(rung, ['one']);
  });

  test('a second alarm of the same name takes the place of the first', async () => {
    const { advance, rung, set } = alarmsAt();
    set('one', 5_000, 'first');
    set('one', 9_000, 'second');
    await advance(60_000);
    assert.deepEqual(rung, ['second']);
  });

  test('a cleared alarm does not ring, the others do', async () => {
    const { advance, alarms, rung, set } = alarmsAt();
    set('one', 5_000);
    set('two', 5_000);
    assert.equal(alarms.isSet('one'), true);
    alarms.clear('one');
    assert.deepEqual([alarms.isSet('one'), alarms.isSet('two')], [false, true]);
    alarms.clear('three');
    await advance(60_000);
    assert.deepEqual(rung, ['two']);
  });

  test('after a stop nothing is waiting', () => {
    const { alarms, set, waiting } = alarmsAt();
    set('one', 5_000);
    set('two', 5_000);
    alarms.stop();
    assert.equal(waiting(), 0);
  });
});
