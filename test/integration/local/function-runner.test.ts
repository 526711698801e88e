import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FunctionPlan } from '../../../local/deployment.ts';
import { createFunctionRunner, type FunctionRunner } from '../../../local/function-runner.ts';
import { until } from '../../../local/stack-client.ts';

const bundles = {
  echo: 'let n = 0; export const handler = async (event) => ({ event, n: ++n });',
  nothing: 'export const handler = async () => {};',
  throws: "export const handler = async () => { throw new TypeError('told to'); };",
  throwsText: "export const handler = async () => { throw 'just text'; };",
  hangs: 'export const handler = () => new Promise(() => { setInterval(() => {}, 1000); });',
  spins: 'export const handler = async () => { for (;;) {} };',
  hangsFirst:
    'let n = 0; export const handler = async () => { n += 1; if (n === 1) await new Promise(() => { setInterval(() => {}, 1000); }); return n; };',
  exits: 'export const handler = () => { process.exit(3); };',
  breaksLater:
    "export const handler = () => new Promise(() => { setTimeout(() => { throw new Error('late'); }); });",
  doesNotLoad: "throw new Error('no start'); export const handler = 1;",
  exportsNothing: 'export const other = 1;',
  writes: "export const handler = async () => { console.log('said'); console.error('moaned'); };",
  tellsWhoAndHangs:
    'export const handler = () => new Promise(() => { console.log(process.env.AWS_SESSION_TOKEN); setInterval(() => {}, 1000); });',
  big: "export const handler = async () => ({ text: 'x'.repeat(1_000_000) });",
};

describe('a function runner', () => {
  let folder: string;
  const runners: FunctionRunner[] = [];
  const written: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wechatpay-runner-'));
    for (const [name, code] of Object.entries(bundles)) {
      await writeFile(join(folder, `${name}.mjs`), code);
    }
  });
  after(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  const run = (name: keyof typeof bundles, maxWorkers = 2): FunctionRunner => {
    const plan: FunctionPlan = {
      name,
      functionName: `test-${name}`,
      file: join(folder, `${name}.mjs`),
      exportName: 'handler',
      timeoutSeconds: 1,
      memoryMb: 128,
      environment: {},
      logGroup: '/test',
      logLevel: 'INFO',
    };
    const runner = createFunctionRunner({
      plan,
      environment: {},
      clock: { origin: 0, factor: 1 },
      authorities: [],
      maxWorkers,
      onOutput: (from, text) => written.push(`${from}: ${text}`),
    });
    runners.push(runner);
    return runner;
  };

  it('hands the event over and the answer back', async () => {
    const result = await run('echo').invoke({ a: [1, null] });
    assert.deepEqual(result, { ok: true, payload: { event: { a: [1, null] }, n: 1 } });
  });

  it('keeps an environment warm for the next invocation', async () => {
    const runner = run('echo');
    await runner.invoke(1);
    assert.deepEqual(await runner.invoke(2), { ok: true, payload: { event: 2, n: 2 } });
  });

  it('runs no more environments than it may; the others wait and lose nothing', async () => {
    const runner = run('echo', 1);
    const results = await Promise.all([1, 2, 3].map((event) => runner.invoke(event)));
    assert.deepEqual(
      results.map((result) => result.ok && result.payload),
      [1, 2, 3].map((n) => ({ event: n, n })),
    );
  });

  it('answers null for a handler that answers nothing', async () => {
    assert.deepEqual(await run('nothing').invoke({}), { ok: true, payload: null });
  });

  it('carries a large answer', async () => {
    const result = await run('big').invoke({});
    assert.ok(result.ok && JSON.stringify(result.payload).length > 1_000_000);
  });

  for (const [name, errorType, message] of [
    ['throws', 'TypeError', /told to/],
    ['throwsText', 'Error', /just text/],
    ['hangs', 'Sandbox.Timedout', /1000 ms/],
    ['spins', 'Sandbox.Timedout', /1000 ms/],
    ['exits', 'Runtime.ExitError', /code 3/],
    ['breaksLater', 'Runtime.UnhandledError', /late/],
    ['doesNotLoad', 'Runtime.UnhandledError', /no start/],
    ['exportsNothing', 'Runtime.UnhandledError', /exports no function handler/],
  ] as const) {
    it(`tells how a function ended that ${name}, and writes it down`, async () => {
      const result = await run(name).invoke({});
      assert.ok(!result.ok);
      assert.equal(result.errorType, errorType);
      assert.match(result.errorMessage, message);
      assert.ok(written.some((line) => line.startsWith(`${name}: ${errorType}`)));
    });
  }

  it('ends an environment that took too long: the next one starts afresh', async () => {
    const runner = run('hangsFirst', 1);
    await runner.invoke({});
    const second = await runner.invoke({});
    assert.equal(second.ok ? second.payload : second.errorType, 'Sandbox.Timedout');
  });

  it('starts a new environment after one that was lost', async () => {
    const runner = run('exits', 1);
    await runner.invoke({});
    const second = await runner.invoke({});
    assert.equal(second.ok ? '' : second.errorType, 'Runtime.ExitError');
  });

  it('passes on what a function writes', async () => {
    await run('writes').invoke({});
    await until('both lines', () =>
      ['writes: said\n', 'writes: moaned\n'].every((line) => written.includes(line)),
    );
  });

  it('kill ends what is under way at once and says how much it was', async () => {
    const runner = run('spins');
    const first = runner.invoke({});
    const second = runner.invoke({});
    assert.equal(await runner.kill(), 2);
    for (const result of [await first, await second]) {
      assert.equal(result.ok ? '' : result.errorType, 'Runtime.Killed');
    }
  });

  it('kill of one environment leaves the others at work', async () => {
    const runner = run('tellsWhoAndHangs');
    const invocations = [runner.invoke({}), runner.invoke({})];
    const told = () => written.filter((line) => line.startsWith('tellsWhoAndHangs: '));
    await until('both tell their ids', () => told().length === 2);
    const [id = ''] = told().map((line) => line.replace('tellsWhoAndHangs: ', '').trim());
    assert.equal(await runner.kill('nobody'), 0);
    assert.equal(await runner.kill(id), 1);
    const first = await Promise.race(invocations);
    assert.equal(first.ok ? '' : first.errorType, 'Runtime.Killed');
    assert.equal(await runner.kill(), 1);
  });

  it('kill of an idle function is no failure', async () => {
    const runner = run('echo');
    await runner.invoke(1);
    assert.equal(await runner.kill(), 0);
    assert.deepEqual(await runner.invoke(2), { ok: true, payload: { event: 2, n: 1 } });
  });

  it('takes nothing more once it stops, and lets go of what waits', async () => {
    const runner = run('hangs', 1);
    const running = runner.invoke({});
    const waiting = runner.invoke({});
    await runner.stop();
    for (const result of [await running, await waiting, await runner.invoke({})]) {
      assert.equal(result.ok ? '' : result.errorType, 'Runtime.Stopped');
    }
  });
});
