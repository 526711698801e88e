import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../../../local/stack-client.ts';
import { isReachable } from './reachable.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');

type Run = {
  readonly output: () => string;
  readonly exit: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

function run(...values: readonly string[]): Run {
  const child = spawn(process.execPath, [join(root, 'local', 'main.ts'), ...values], { cwd: root });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const exit = new Promise<number | null>((done) => child.once('close', done));
  return { output: () => text, exit, kill: (signal) => child.kill(signal) };
}

describe('npm start', () => {
  it('explains itself', async () => {
    const help = run('--help');
    assert.equal(await help.exit, 0);
    for (const option of [
      '--port',
      '--speed',
      '--verbose',
      '--help',
      '.local/dev.json',
      'Ctrl-C',
    ]) {
      assert.ok(help.output().includes(option), option);
    }
  });

  for (const [name, values, message] of [
    ['an unknown option', ['--fast'], /--fast/],
    ['a speed that is no number', ['--speed', 'x'], /--speed takes a whole number/],
    ['a speed of 0', ['--speed', '0'], /--speed takes a whole number/],
    ['a port that does not exist', ['--port', '70000'], /--port takes a whole number/],
  ] as const) {
    it(`refuses ${name} in one line`, async () => {
      const refused = run(...values);
      assert.equal(await refused.exit, 1);
      assert.match(refused.output(), message);
      assert.equal(refused.output().trim().split('\n').length, 1);
    });
  }

  it('writes dev.json, runs, and ends cleanly on Ctrl-C', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wechatpay-main-'));
    const devFile = join(folder, 'dev.json');
    const started = run('--port', '0', '--folder', folder);
    const hasStarted = (): boolean => started.output().includes('The stack is running');
    await until('the start', hasStarted, 60_000);
    const dev = JSON.parse(await readFile(devFile, 'utf8'));
    assert.deepEqual(Object.keys(dev), [
      'api',
      'notifyUrl',
      'simulator',
      'simulatorTls',
      'sqs',
      'dynamodb',
      'table',
      'queues',
      'token',
      'account',
      'accounts',
      'tokens',
      'issuer',
      'clock',
    ]);
    assert.deepEqual(Object.keys(dev.accounts), ['dev', 'v2']);
    assert.deepEqual(dev.accounts.dev, dev.account);
    assert.deepEqual([dev.account.api, dev.accounts.v2.api], ['v3', 'v2']);
    assert.equal(dev.tokens.dev, dev.token);
    assert.match(dev.issuer.privateKey, /^-----BEGIN PRIVATE KEY-----/);
    assert.deepEqual(Object.keys(dev.account), [
      'name',
      'api',
      'mchid',
      'appid',
      'apiV3Key',
      'apiKey',
      'signType',
      'merchantCertificate',
      'merchantSerial',
      'merchantPrivateKey',
      'services',
      'wechatpaySerial',
      'wechatpayPublicKey',
      'wechatpayPrivateKey',
    ]);
    assert.equal(dev.notifyUrl, `${dev.api}/notify/dev`);
    assert.equal((await stat(devFile)).mode & 0o077, 0, 'others must not read the keys');
    assert.ok(await isReachable(dev.api));
    started.kill('SIGINT');
    assert.equal(await started.exit, 0);
    assert.equal(await isReachable(dev.api), false);
    assert.equal(existsSync(devFile), false);
    assert.ok(existsSync(join(folder, 'functions.log')));
    await rm(folder, { recursive: true });
  });
});
