import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTokenVerifier } from '#adapters/auth/tokens.ts';
import type { Principal } from '#core/principal.ts';
import { instant } from '#core/values/time.ts';
import { type DevFile, writeDevFile } from '../../../local/dev-file.ts';
import { type Issuer, startIssuer } from '../../../local/issuer.ts';

const hourMs = 3_600_000;
const tool = resolve(import.meta.dirname, '..', '..', '..', 'tools', 'token.ts');

type Run = { readonly code: unknown; readonly stdout: string; readonly stderr: string };

function run(...args: readonly string[]): Promise<Run> {
  return new Promise((done) => {
    execFile(process.execPath, [tool, ...args], (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('npm run token', () => {
  // 600 days have gone by in ten.
  const clock = { origin: Date.now() - 10 * 24 * hourMs, factor: 60 };
  let folder = '';
  let file = '';
  let issuer: Issuer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wechatpay-token-'));
    file = join(folder, 'dev.json');
    issuer = await startIssuer('shop');
    const { signer, jwksUrl } = issuer;
    const dev = { api: signer.issuer, issuer: { ...signer, jwksUrl }, clock };
    await writeDevFile(file, dev as DevFile);
  });
  after(async () => {
    await issuer.stop();
    await rm(folder, { recursive: true });
  });

  /** As the API of a stack would, whose time has gone this much further than the stack's own. */
  function verify(token: string, laterMs = 0): Promise<Principal> {
    const nowMs = clock.origin + (Date.now() - clock.origin) * clock.factor + laterMs;
    return createTokenVerifier({
      keys: { jwksUrl: issuer.jwksUrl },
      issuer: issuer.signer.issuer,
      audience: 'shop',
      clock: { now: () => instant(Math.floor(nowMs)) },
    })(`Bearer ${token}`);
  }

  it('prints a token and nothing else', async () => {
    const { code, stdout, stderr } = await run('--file', file, '--lifetime', '31536000');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { tenant, scopes, accounts } = await verify(stdout.trim());
    assert.deepEqual([tenant, scopes.size, accounts], ['dev', 7, undefined]);
  });

  it('gives it what was asked for, in the time of the stack', async () => {
    const wish = ['--tenant', 'web', '--scope', 'orders:read refunds:read', '--accounts', 'a,b'];
    const { stdout } = await run('--file', file, ...wish, '--lifetime', '31536000');
    const token = stdout.trim();
    const principal = await verify(token, 364 * 24 * hourMs);
    assert.deepEqual(principal, {
      tenant: 'web',
      scopes: new Set(['orders:read', 'refunds:read']),
      accounts: ['a', 'b'],
    });
    await assert.rejects(verify(token, 366 * 24 * hourMs), { code: 'token_invalid' });
  });

  it('narrows it to no account when the list is empty', async () => {
    const { stdout } = await run('--file', file, '--accounts', '', '--lifetime', '31536000');
    assert.deepEqual((await verify(stdout.trim())).accounts, []);
  });

  it('explains itself', async () => {
    const { code, stdout } = await run('--help');
    assert.equal(code, 0);
    for (const option of ['--tenant', '--scope', '--accounts', '--lifetime', '--file', '--help']) {
      assert.ok(stdout.includes(option), option);
    }
  });

  async function complains(args: readonly string[], message: RegExp): Promise<void> {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1);
  }

  it('complains in one line when no stack is running', async () => {
    const none = join(folder, 'none.json');
    await complains(['--file', none], /^No stack is running: there is no .*none\.json\./);
  });

  it('complains in one line about a stack that is gone', async () => {
    const gone = join(folder, 'gone.json');
    await writeFile(gone, '{"api":"http://127.0.0.1:9"}');
    await complains(['--file', gone], /gone\.json names does not answer\./);
    await writeFile(gone, 'not a dev file');
    await complains(['--file', gone], /gone\.json names does not answer\./);
  });

  it('complains in one line about a file that says nothing of an issuer', async () => {
    const old = join(folder, 'old.json');
    await writeFile(old, JSON.stringify({ api: issuer.signer.issuer, token: 'x' }));
    await complains(['--file', old], /^issuer in .*old\.json is not an object/);
  });

  for (const [what, args, message] of [
    ['an unknown option', ['--account', 'web'], /--account/],
    ['a word beside the options', ['web'], /web/],
    ['a lifetime of 0', ['--lifetime', '0'], /--lifetime takes whole seconds from 1 to 31536000/],
    ['a lifetime in words', ['--lifetime', '1h'], /--lifetime takes whole seconds.*"1h"/],
    ['a lifetime of more than a year', ['--lifetime', '31536001'], /--lifetime takes/],
  ] as const) {
    it(`refuses ${what} in one line`, () => complains(args, message));
  }

  it('finds a key that only its owner may read', async () => {
    assert.equal((await stat(file)).mode & 0o077, 0);
  });
});
