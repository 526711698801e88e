import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

export type Bundle = {
  readonly name: string;
  /** `<outDir>/<name>/index.mjs`; its source map lies beside it and is not loaded. */
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
};

export type BuildOptions = {
  /** One folder a function, each with a `handler.ts`. `functions/` when absent. */
  readonly functionsDir?: string;
  /** Emptied first. `dist/functions/` when absent. */
  readonly outDir?: string;
};

/**
 * Bundles every function into one ES module that needs nothing beside it but Node. The same sources
 * give the same bytes. Rejects when there is no function, when one doesn't compile, or when a bundle
 * would still load a module at run time.
 */
export async function buildFunctions(options: BuildOptions = {}): Promise<readonly Bundle[]> {
  const functionsDir = resolve(options.functionsDir ?? join(root, 'functions'));
  const outDir = resolve(options.outDir ?? join(root, 'dist', 'functions'));
  const names = await functionNames(functionsDir);
  if (names.length === 0) {
    throw new Error(`No function found: ${functionsDir} has no folder with a handler.ts`);
  }
  await rm(outDir, { recursive: true, force: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({
      in: join(functionsDir, name, 'handler.ts'),
      out: join(name, 'index'),
    })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    define: { ReadableStream: 'undefined', Blob: 'undefined', File: 'undefined' },
    plugins: [builtinModules, environmentCredentials, noProfiles, leanClients, leanSchemas],
  });
  const loaded = Object.values(result.metafile.outputs).flatMap((output) => output.imports);
  if (loaded.length > 0) {
    throw new Error(`A bundle would load ${loaded.map((entry) => entry.path).join(', ')}`);
  }
  return Promise.all(names.map((name) => measure(name, join(outDir, name, 'index.mjs'))));
}

/**
 * Node's builtins by `process.getBuiltinModule`: the ES facade of `node:http` alone costs 30 ms of a
 * cold start, as it reads every lazy getter. An import gets a facade of the names that it uses; behind a
 * lazy getter, and for the `require` of CommonJS packages, stands the whole builtin.
 */
const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup(bundler) {
    bundler.onResolve({ filter: /^[a-z@]/ }, ({ path, kind }) =>
      isBuiltin(path)
        ? {
            path: path.replace(/^(node:)?/, 'node:'),
            namespace: kind === 'import-statement' ? 'builtin' : 'whole-builtin',
            sideEffects: false,
          }
        : undefined,
    );
    bundler.onResolve({ filter: /^whole:/ }, ({ path }) => ({
      path: path.replace('whole:', ''),
      namespace: 'whole-builtin',
      sideEffects: false,
    }));
    bundler.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: facadeOf(path),
      loader: 'js',
    }));
    bundler.onLoad({ filter: /./, namespace: 'whole-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};

/** The bundler drops every line of it that nobody imports. */
function facadeOf(builtin: string): string {
  const properties = Object.getOwnPropertyDescriptors(createRequire(import.meta.url)(builtin));
  const exported = Object.entries(properties).map(([name, { get }], index) =>
    get === undefined
      ? `const _${index} = /* @__PURE__ */ take('${name}'); export { _${index} as ${name} };`
      : `export { ${name} } from 'whole:${builtin}';`,
  );
  return `
    const builtin = process.getBuiltinModule(${JSON.stringify(builtin)});
    const take = (name) => builtin[name];
    export default builtin;
    ${exported.join('\n')}
  `;
}

/**
 * The SDK's chain of credential providers, without the ones that can't be meant in Lambda: there the
 * credentials always stand in the environment. Saves 30 ms of a cold start and 100 KB.
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(bundler) {
    const chain = '@aws-sdk/credential-provider-node';
    const chainDir = dirname(createRequire(import.meta.url).resolve(chain));
    bundler.onResolve({ filter: new RegExp(`^${chain}$`) }, () => ({
      path: chain,
      namespace: 'environment-credentials',
      sideEffects: false,
    }));
    bundler.onLoad({ filter: /./, namespace: 'environment-credentials' }, () => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir: chainDir,
      loader: 'js',
    }));
  },
};

/**
 * A setting of the SDK's clients is what the environment says, else its default. The SDK's own loader also
 * looks into the files of AWS profiles, which Lambda has not, for every setting of every client; to find
 * nothing there costs 4 ms of a first invocation.
 */
const noProfiles: Plugin = {
  name: 'no-profiles',
  setup(bundler) {
    const loader = /node-config-provider[/\\]configLoader\.js$/;
    bundler.onLoad({ filter: loader }, ({ path }) => ({
      contents: `
        import { memoize } from '../property-provider/memoize';
        export const loadConfig = (setting, { signingName, logger } = {}) =>
          memoize(async () => {
            const found = inEnvironment(setting, { signingName, logger });
            if (found !== undefined) return found;
            return typeof setting.default === 'function' ? setting.default() : setting.default;
          });
        const inEnvironment = (setting, options) => {
          try {
            return setting.environmentVariableSelector(process.env, options);
          } catch {
            // The SDK too takes an unreadable value for none.
          }
        };
      `,
      resolveDir: dirname(path),
      loader: 'js',
    }));
  },
};

/**
 * What the SDK's clients carry and none of ours uses: 27 KB of a bundle. Their `package.json`, of which
 * only the version is read, event streams, which they load only when a service streams, and a general
 * cache for DynamoDB's endpoint discovery, which is off unless somebody turns it on: a `Map` will do.
 */
const leanClients: Plugin = {
  name: 'lean-clients',
  setup(bundler) {
    const manifest = /@aws-sdk[/\\]client-[a-z0-9-]+[/\\]package\.json$/;
    bundler.onLoad({ filter: manifest }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Readonly<
        Record<'name' | 'version', string>
      >;
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
    const eventStreams = '@smithy/core/event-streams';
    bundler.onResolve({ filter: new RegExp(`^${eventStreams}$`) }, ({ path }) => ({
      path,
      namespace: 'event-streams',
    }));
    bundler.onLoad({ filter: /./, namespace: 'event-streams' }, () => ({
      contents: "throw new Error('The bundle holds no event streams: see tools/build.ts');",
      loader: 'js',
    }));
    bundler.onLoad({ filter: /mnemonist[/\\]lru-cache\.js$/ }, () => ({
      contents:
        'export default class extends Map { constructor() { super(); } peek(key) { return this.get(key); } }',
      loader: 'js',
    }));
  },
};

/** The exceptions that our adapters tell apart; of all others they read the name. */
const knownErrors: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'ResourceNotFoundException',
]);

/**
 * The shapes of the services. Each names the keys of its members by computed properties, which the bundler
 * takes for something that must happen, and each exception registers its class: so every bundle holds all
 * that a service can say, 30 KB of it about operations that we never call. And hashes in JavaScript, for a
 * Node that has none of its own: 5 KB.
 */
const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup(bundler) {
    const schemas = /@aws-sdk[/\\]client-[a-z0-9-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/;
    bundler.onLoad({ filter: schemas }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const registration = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;
      const shape = /^((?:export )?var \w+\$? = )(\[[\s\S]*?\]);$/gm;
      const contents = text
        .replaceAll(registration, (line, name: string) => (knownErrors.has(name) ? line : ''))
        .replaceAll(shape, '$1/* @__PURE__ */ (() => $2)();');
      return { contents, loader: 'js' };
    });
    bundler.onLoad({ filter: /checksum[/\\](sha256|md5)[/\\](Sha256|Md5)Js\.js$/ }, ({ path }) => ({
      contents: `export const ${basename(path, '.js')} = undefined;`,
      loader: 'js',
    }));
  },
};

async function functionNames(functionsDir: string): Promise<readonly string[]> {
  const files = await readdir(functionsDir, { recursive: true });
  return files
    .filter((file) => /^[^/\\]+[/\\]handler\.ts$/.test(file))
    .map((file) => dirname(file))
    .sort();
}

async function measure(name: string, file: string): Promise<Bundle> {
  const code = await readFile(file);
  return { name, file, bytes: code.length, gzipBytes: gzipSync(code).length };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(7)} KB`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { functions: { type: 'string' }, out: { type: 'string' } },
  });
  const bundles = await buildFunctions({
    ...(values.functions === undefined ? {} : { functionsDir: values.functions }),
    ...(values.out === undefined ? {} : { outDir: values.out }),
  });
  const lines = bundles.map(
    ({ name, bytes, gzipBytes }) =>
      `${name.padEnd(12)}${kilobytes(bytes)}${kilobytes(gzipBytes)} gzipped\n`,
  );
  process.stdout.write(lines.join(''));
}
