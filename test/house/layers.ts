import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { allowed, circle, orphan, type Violation, violations } from './plans.ts';

export const projectDir = resolve(import.meta.dirname, '../..');
export const rooms = [
  'lib',
  'functions',
  'cdk',
  'client',
  'examples',
  'simulator',
  'local',
  'ops',
  'bench',
  'test',
];
const rules = await extractConfig(join(projectDir, '.dependency-cruiser.mjs'));
const forbidden = rules.forbidden ?? [];
export const ruleNames: readonly string[] = forbidden.map((rule) => rule.name ?? '');

/** Checks the layers of the tree at `baseDir` with the rules of this project. */
export async function checkLayers(baseDir: string): Promise<ICruiseResult> {
  const present = new Set(await readdir(baseDir));
  const { output } = await cruise(
    rooms.filter((room) => present.has(room)),
    { ...rules.options, baseDir, validate: true, ruleSet: { forbidden } },
    rules.options?.enhancedResolveOptions,
    { tsConfig: extractTsConfig(join(projectDir, 'tsconfig.json')) },
  );
  if (typeof output === 'string') {
    throw new Error('The cruise answered a report, not a result.');
  }
  return output;
}

/** Every TypeScript file of the rooms, as `lib/core/money.ts`. */
export async function filesOf(baseDir: string): Promise<readonly string[]> {
  const present = new Set(await readdir(baseDir));
  const found = await Promise.all(
    rooms
      .filter((room) => present.has(room))
      .map((room) => readdir(join(baseDir, room), { recursive: true, withFileTypes: true })),
  );
  return found
    .flat()
    .filter((entry) => entry.isFile() && /[.](ts|mts|cts|mjs|cjs)$/.test(entry.name))
    .map((entry) => relative(baseDir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** A tree outside the project in which every rule is broken, and what is allowed is done. */
export async function plantViolations(): Promise<string> {
  const baseDir = await mkdtemp(join(tmpdir(), 'house-'));
  const sources = new Map<string, string>([
    ['package.json', JSON.stringify(manifest)],
    ['tsconfig.json', '{}'],
    [orphan, 'export const alone = 1;\n'],
  ]);
  for (const planted of [...violations, ...allowed, circle]) {
    const { to, from } = planted;
    sources.set(from, importOf(planted));
    if (to.startsWith('node_modules/')) {
      const name = to.replace(/^node_modules\//, '').replace(/\/index[.]js$/, '');
      const about = { name, version: '1.0.0', main: 'index.js' };
      sources.set(`node_modules/${name}/package.json`, JSON.stringify(about));
    }
    if (to.includes('/') && !to.startsWith('.') && !sources.has(to)) {
      sources.set(to, 'export const leaf = 1;\n');
    }
  }
  for (const [path, text] of sources) {
    await mkdir(dirname(join(baseDir, path)), { recursive: true });
    await writeFile(join(baseDir, path), text);
  }
  return baseDir;
}

function importOf({ from, to, specifier }: Omit<Violation, 'rule'>): string {
  const path = relative(dirname(from), to).replaceAll('\\', '/');
  const name = specifier ?? (path.startsWith('.') ? path : `./${path}`);
  return `import { leaf } from '${name}';\nexport const planted = [leaf];\n`;
}

const manifest = {
  name: 'planted',
  type: 'module',
  imports: { '#core/*': './lib/core/*', '#adapters/*': './lib/adapters/*' },
  dependencies: { zod: '1.0.0', 'aws-cdk-lib': '1.0.0', '@aws-sdk/client-sqs': '1.0.0' },
  devDependencies: { 'fast-check': '1.0.0' },
};
