import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ClockSetting, scaleClock } from '../../../local/clock.ts';
import type { Blow } from '../../../local/kills.ts';
import type { Stack } from '../../../local/stack.ts';

// Time runs 600 times faster, so that a visibility timeout of 180 s is over after 0.3 s.
const clock: ClockSetting = { origin: Date.now(), factor: 600 };
const putBack = scaleClock(clock);
const { startKills } = await import('../../../local/kills.ts');
const { startStack } = await import('../../../local/stack.ts');
const { until } = await import('../../../local/stack-client.ts');

describe('faults in a running stack', () => {
  let stack: Stack;

  before(async () => {
    stack = await startStack({ functionsDir: join(import.meta.dirname, 'functions'), clock });
  });
  after(async () => {
    await stack.stop();
    putBack();
  });

  const order = (id: string, does: string): Promise<Response> =>
    fetch(stack.dev.notifyUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, does }),
    });

  for (const [when, blow, isWritten] of [
    ['before a call arrives', 'before', false],
    ['after a call had its effect', 'after', true],
  ] as const) {
    it(`a function killed ${when} is run again after the visibility timeout`, async () => {
      const id = `killed-${blow}`;
      const asked = new Set<string>();
      /** The receives that the row told at each write of it. */
      const stood: unknown[] = [];
      const kills = startKills(stack, [stack.gates.dynamodb], async ({ caller, action, body }) => {
        asked.add(caller);
        if (action !== 'PutItem' || !JSON.stringify(body).includes(id)) {
          return undefined;
        }
        stood.push((await stack.item(id))?.['receives']);
        return stood.length === 1 ? (blow satisfies Blow) : undefined;
      });
      await order(id, 'write');
      const row = await until('the next run', async () => {
        const found = await stack.item(id);
        return Number(found?.['receives']) >= 2 && found;
      });
      kills.end();
      assert.deepEqual(stood.slice(0, 2), [undefined, isWritten ? 1 : undefined]);
      assert.equal(kills.count(), 1, JSON.stringify(row));
      assert.ok(asked.has('confirm'));
      assert.ok(!asked.has('operator'), 'only functions are asked about');
    });
  }

  it('a message that is kept comes back, with a higher receive count', async () => {
    await order('kept', 'keep');
    const row = await until('the row', () => stack.item('kept'));
    assert.ok(Number(row['receives']) >= 2, JSON.stringify(row));
  });

  it('a message that always fails ends in the dead letters after 20 receives', async () => {
    await order('poison', 'throw');
    const hasDied = async (): Promise<boolean> =>
      (await stack.depths())['hintsDeadLetters']?.visible === 1;
    assert.ok(await until('the dead letter', hasDied));
    assert.equal(await stack.item('poison'), undefined);
  });

  it('a call that a gate refuses fails in the function that made it', async () => {
    const remove = stack.gates.secretsManager.addRule(() => ({
      status: 400,
      code: 'AccessDeniedException',
    }));
    assert.equal((await order('refused', 'write')).status, 500);
    remove();
    assert.equal((await order('allowed', 'write')).status, 200);
  });

  it('an answer that a gate loses has had its effect', async () => {
    let lost = 0;
    const remove = stack.gates.sqs.addRule(({ caller, action }) => {
      if (caller !== 'notify' || action !== 'SendMessage') {
        return undefined;
      }
      lost += 1;
      return lost === 1 ? 'drop-answer' : 'pass';
    });
    assert.equal((await order('lost-answer', 'write')).status, 200);
    remove();
    assert.equal(lost, 2, 'the SDK sends again');
    assert.ok(await until('the row', () => stack.item('lost-answer')));
  });

  it('the schedule runs in the stack’s time', async () => {
    const row = await until('the row of the sweep', () => stack.item('sweep'));
    assert.equal(row['source'], 'aws.events');
  });

  it('functions live in the stack’s time', async () => {
    const sentAt = Date.now();
    await order('timed', 'write');
    const row = await until('the row', () => stack.item('timed'));
    const atMs = Number(row['atMs']);
    assert.ok(atMs >= sentAt && atMs <= Date.now(), `${sentAt} ${atMs} ${Date.now()}`);
  });
});
