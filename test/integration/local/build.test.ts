import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type Bundle, buildFunctions } from '../../../tools/build.ts';

const functionsDir = join(import.meta.dirname, 'functions');
const nodeModules = join(import.meta.dirname, '../../../node_modules');

describe('the build', () => {
  let folder: string;
  let bundles: readonly Bundle[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wechatpay-build-'));
    await symlink(nodeModules, join(folder, 'node_modules'));
    bundles = await buildFunctions({ functionsDir, outDir: join(folder, 'first') });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const code = async (name: string): Promise<string> =>
    readFile(join(folder, 'first', name, 'index.mjs'), 'utf8');
  const build = (name: string, source: string): Promise<readonly Bundle[]> =>
    mkdir(join(folder, name, 'one'), { recursive: true })
      .then(() => writeFile(join(folder, name, 'one', 'handler.ts'), source))
      .then(() =>
        buildFunctions({ functionsDir: join(folder, name), outDir: join(folder, 'out') }),
      );

  /** What a function tells on standard output when a fresh Node loads its bundle. */
  const run = async (
    name: string,
    source: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<unknown> => {
    const [bundle] = await build(name, source);
    const { stdout } = await promisify(execFile)(process.execPath, [bundle?.file ?? ''], { env });
    return JSON.parse(stdout);
  };

  it('makes a bundle and a source map for each function, and tells their sizes', () => {
    const names = bundles.map(({ name }) => name);
    assert.deepEqual(names, ['api', 'confirm', 'deliver', 'notify', 'sweep', 'watch']);
    for (const { file, bytes, gzipBytes } of bundles) {
      assert.ok(existsSync(`${file}.map`), file);
      assert.ok(bytes > gzipBytes / 2 && gzipBytes > 0, file);
    }
  });

  it('gives the same bytes for the same sources', async () => {
    const again = await buildFunctions({ functionsDir, outDir: join(folder, 'again') });
    for (const [index, { file }] of again.entries()) {
      for (const ending of ['', '.map']) {
        const first = hash(await readFile(`${bundles[index]?.file}${ending}`));
        assert.equal(hash(await readFile(`${file}${ending}`)), first, file);
      }
    }
  });

  it('loads nothing but builtins, and those without their ES facade', async () => {
    const text = await code('confirm');
    assert.equal(/\bimport\s*["'{*]/.test(text), false);
    assert.equal(/\bimport\(/.test(text), false);
    assert.match(text, /process\.getBuiltinModule\("node:https"\)/);
  });

  it('reads no lazy getter of a builtin before somebody asks for it', async () => {
    const told = await run(
      'lazily',
      `import { createHash } from 'node:crypto';
       import { ReadStream } from 'node:fs';
       import process from 'node:process';
       const isLoaded = () => process.moduleLoadList.includes('NativeModule internal/fs/streams');
       const before = isLoaded();
       const name = ReadStream.name;
       const digest = createHash('md5').update('').digest('hex');
       process.stdout.write(JSON.stringify({ before, after: isLoaded(), name, digest }));`,
    );
    const digest = 'd41d8cd98f00b204e9800998ecf8427e';
    assert.deepEqual(told, { before: false, after: true, name: 'ReadStream', digest });
  });

  it('refuses a name that no builtin has', async () => {
    const source = "import { readFiles } from 'node:fs'; export const handler = readFiles;";
    await assert.rejects(build('nameless', source), /readFiles/);
  });

  it('takes the settings of a client from the environment, else the defaults, never from profiles', async () => {
    const profile = join(folder, 'profile');
    await writeFile(profile, '[default]\nregion = eu-west-1\nretry_mode = adaptive\n');
    const source = `import { SQSClient } from '@aws-sdk/client-sqs';
       const { region, retryMode, useFipsEndpoint, useDualstackEndpoint } = new SQSClient().config;
       const settings = [region(), retryMode(), useFipsEndpoint(), useDualstackEndpoint()];
       process.stdout.write(JSON.stringify(await Promise.all(settings)));`;
    const env = {
      AWS_CONFIG_FILE: profile,
      AWS_SHARED_CREDENTIALS_FILE: profile,
      AWS_REGION: 'us-west-2',
      AWS_USE_DUALSTACK_ENDPOINT: 'maybe',
    };
    assert.deepEqual(await run('settings', source, env), ['us-west-2', 'standard', false, false]);
    const more = { AWS_RETRY_MODE: 'adaptive', AWS_USE_FIPS_ENDPOINT: 'true' };
    const told = ['us-west-2', 'adaptive', true, false];
    assert.deepEqual(await run('settings', source, { ...env, ...more }), told);
  });

  it('leaves the source map beside, unread', async () => {
    assert.ok(!(await code('confirm')).includes('sourceMappingURL'));
    const map = await readFile(join(folder, 'first', 'confirm', 'index.mjs.map'), 'utf8');
    assert.equal('sourcesContent' in JSON.parse(map), false);
  });

  it('leaves out every source of credentials but the environment', async () => {
    const text = await code('confirm');
    assert.match(text, /AWS_ACCESS_KEY_ID/);
    const others = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'sso_start_url', 'CONTAINER_CREDENTIALS'];
    assert.deepEqual(
      others.filter((name) => text.includes(name)),
      [],
    );
  });

  it('leaves out what the clients carry for services that stream, and their manifests', async () => {
    const text = await code('confirm');
    const heavy = ['devDependencies', 'application/vnd.amazon.eventstream', ':event-type'];
    assert.deepEqual(
      heavy.filter((name) => text.includes(name)),
      [],
    );
    assert.ok(text.includes('The bundle holds no event streams'));
  });

  it('holds of the services what is called, and the exceptions that are told apart', async () => {
    const text = await code('confirm');
    const unused = ['BackupInUseException', 'ListTagsOfResource', 'QueueDeletedRecently'];
    assert.deepEqual(
      unused.filter((name) => text.includes(name)),
      [],
    );
    for (const name of ['ConditionalCheckFailedException', 'PutItem', 'SendMessage']) {
      assert.ok(text.includes(name), name);
    }
  });

  it('empties the folder first', async () => {
    await mkdir(join(folder, 'out', 'old'), { recursive: true });
    await build('empties', 'export const handler = 1;');
    assert.equal(existsSync(join(folder, 'out', 'old')), false);
  });

  it('refuses a folder without functions', async () => {
    await mkdir(join(folder, 'none', 'wiring'), { recursive: true });
    await assert.rejects(buildFunctions({ functionsDir: join(folder, 'none') }), /No function/);
  });

  it('refuses a function that does not compile', async () => {
    await assert.rejects(build('broken', 'export const handler = ;'));
  });

  it('refuses a function whose import is nowhere', async () => {
    await assert.rejects(build('lost', "export { a as handler } from './nowhere.ts';"));
  });
});

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
