import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type Gate, type GateCall, startGate } from '../../../local/gate.ts';
import { closeServer, listenOnLoopback } from '../../../local/listen.ts';
import { until } from '../../../local/stack-client.ts';

/** Answers each call when it is let go, and knows which were broken off. */
describe('a gate', () => {
  let target: Server;
  let origin: string;
  let gate: Gate;
  let isHeld: boolean;
  const arrived: string[] = [];
  const answered: string[] = [];
  const brokenOff: string[] = [];

  before(async () => {
    target = createServer((incoming, response) => {
      const name = String(incoming.headers['x-amz-target']);
      arrived.push(name);
      response.once('close', () => {
        (response.writableFinished ? answered : brokenOff).push(name);
      });
      incoming.resume();
      until('it is let go', () => !isHeld).then(
        () => response.end('{}'),
        () => undefined,
      );
    });
    origin = await listenOnLoopback(target);
  });
  after(() => closeServer(target));
  beforeEach(async () => {
    gate = await startGate(origin);
    isHeld = false;
    for (const list of [arrived, answered, brokenOff]) {
      list.length = 0;
    }
  });
  afterEach(() => gate.stop());

  const call = (action: string, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(gate.origin, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=confirm/20261121/x, Signature=0',
        'x-amz-target': `Any.${action}`,
      },
      body: '{"a":1}',
      signal,
    });

  it('tells who calls what, and from which environment', async () => {
    const calls: GateCall[] = [];
    gate.addRule((passing) => {
      calls.push(passing);
      return undefined;
    });
    await call('GetItem');
    const headers = { 'x-amz-target': 'Any.GetItem', 'x-amz-security-token': 'one' };
    await fetch(gate.origin, { method: 'POST', headers, body: '[' });
    assert.deepEqual(calls, [
      { caller: 'confirm', action: 'GetItem', body: { a: 1 } },
      { caller: 'unknown', environment: 'one', action: 'GetItem', body: {} },
    ]);
  });

  it('carries a call out before what is to happen afterwards, and then breaks the connection', async () => {
    let answeredBefore: readonly string[] = [];
    gate.addRule(() => ({
      afterwards: () => {
        answeredBefore = [...answered];
      },
    }));
    await assert.rejects(call('PutItem'));
    assert.deepEqual(answeredBefore, ['Any.PutItem']);
  });

  it('lets a call arrive although its caller is gone, but for a long poll', async () => {
    isHeld = true;
    const gone = new AbortController();
    const calls = ['PutItem', 'ReceiveMessage'].map((action) => call(action, gone.signal));
    await until('both arrived', () => arrived.length === 2);
    gone.abort();
    await Promise.allSettled(calls);
    await until('the long poll is broken off', () => brokenOff.length === 1);
    isHeld = false;
    await until('the other is answered', () => answered.length === 1);
    assert.deepEqual([brokenOff, answered], [['Any.ReceiveMessage'], ['Any.PutItem']]);
  });

  it('stops only when the calls that passed are over', async () => {
    isHeld = true;
    const lost = assert.rejects(call('PutItem'));
    await until('it arrived', () => arrived.length === 1);
    const stopping = gate.stop();
    await lost;
    assert.deepEqual(answered, []);
    isHeld = false;
    await stopping;
    assert.deepEqual(answered, ['Any.PutItem']);
    gate = await startGate(origin);
  });
});
