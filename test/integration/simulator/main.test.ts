import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const MAIN = join(import.meta.dirname, '../../../simulator/main.ts');

const run = (...options: readonly string[]) => {
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  return { child, said, ended: once(child, 'close') };
};

describe('the simulator alone', () => {
  test('it prints its merchant as JSON, answers, and Ctrl-C stops it', async () => {
    const { child, said, ended } = run('--port', '0', '--tls-port', '0', '--key-mode', 'mixed');
    while (!said.out.endsWith('}\n')) await once(child.stdout, 'data');
    const { origin, tlsOrigin, certificateAuthority, control, merchant } = JSON.parse(said.out);
    const state = await (await fetch(`${control}/state`)).json();
    assert.equal((state as { merchants: unknown[] }).merchants.length, 1);
    assert.match(merchant.wechatpaySerial, /^PUB_KEY_ID_/);
    assert.match(merchant.merchantPrivateKey, /BEGIN PRIVATE KEY/);
    assert.match(merchant.apiKey, /^[0-9a-f]{32}$/);
    assert.match(tlsOrigin, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.match(certificateAuthority, /^-----BEGIN CERTIFICATE-----/);
    assert.equal((await fetch(`${origin}/v3/certificates`)).status, 401);
    child.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
    assert.equal(said.err, '');
  });

  test('--help explains and ends', async () => {
    const { said, ended } = run('--help');
    assert.deepEqual(await ended, [0, null]);
    assert.match(said.out, /--key-mode/);
  });

  for (const options of [
    ['--port', 'x'],
    ['--port', '65536'],
    ['--tls-port', '65536'],
    ['--key-mode', 'x'],
    ['--what'],
  ]) {
    test(`${options.join(' ')} is an error without a stack trace`, async () => {
      const { said, ended } = run(...options);
      assert.deepEqual(await ended, [1, null]);
      assert.match(said.err, /^simulator: .*\n/);
      assert.doesNotMatch(said.err, /\n\s+at /);
    });
  }
});
