import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Bundle, buildFunctions } from '../../../tools/build.ts';

const functionsDir = join(import.meta.dirname, 'functions');

describe('the build', () => {
  let folder: string;
  let bundles: readonly Bundle[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wechatpay-build-'));
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

  it('makes a bundle and a source map for each function, and tells their sizes', () => {
    const names = bundles.map(({ name }) => name);
    assert.deepEqual(names, ['api', 'confirm', 'notify', 'sweep', 'watch']);
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
