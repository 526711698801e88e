import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { projectDir } from './layers.ts';

type Compiled = { readonly files: readonly string[]; readonly problems: readonly string[] };

/** Compiles the project of `configPath`; `planted` is a file more, which is never written. */
function compile(configPath: string, planted?: { readonly path: string; readonly text: string }) {
  const path = join(projectDir, configPath);
  const config = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => assert.fail(String(problem.messageText)),
    },
  );
  assert.ok(config !== undefined);
  const host = ts.createCompilerHost(config.options);
  const extra = planted === undefined ? [] : [join(projectDir, planted.path)];
  const { readFile, fileExists } = host;
  host.readFile = (name) => (extra.includes(name) ? planted?.text : readFile(name));
  host.fileExists = (name) => extra.includes(name) || fileExists(name);
  const program = ts.createProgram([...config.fileNames, ...extra], config.options, host);
  const problems = ts.getPreEmitDiagnostics(program).map((problem) => {
    const { file, code, messageText } = problem;
    const where = file === undefined ? '' : file.fileName.slice(projectDir.length + 1);
    return `${where} ${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  const files = config.fileNames.map((name) => name.slice(projectDir.length + 1));
  return { files, problems } satisfies Compiled;
}

describe('core', () => {
  it('compiles without knowing Node or the browser', () => {
    const { files, problems } = compile('lib/core/tsconfig.json');
    assert.deepEqual(problems, []);
    assert.ok(files.includes('lib/core/subjects/order/decide.ts'));
    assert.ok(files.length >= 20, `${files.length} files`);
  });

  for (const text of [
    'export const a = process.env;',
    'export const a = Buffer.from("");',
    'export const a = fetch("");',
    'export const a = document.title;',
    'export const a = setTimeout(() => 0, 1);',
    'export const a = crypto.randomUUID();',
    'export const a = performance.now();',
    'console.log(1); export {};',
    'import { readFileSync } from "node:fs"; export const a = readFileSync("");',
  ]) {
    it(`does not compile with ${text}`, () => {
      const { problems } = compile('lib/core/tsconfig.json', { path: 'lib/core/planted.ts', text });
      assert.ok(problems.length > 0);
      assert.ok(problems.every((problem) => problem.startsWith('lib/core/planted.ts ')));
    });
  }
});

describe('the programs that must not compile', () => {
  it('have a mistake in each place that expects one', () => {
    const { files, problems } = compile('test/types/tsconfig.json');
    assert.deepEqual(problems, []);
    assert.ok(files.length >= 2, `${files.length} files`);
  });

  it('are found out when they compile after all', () => {
    const text = '// @ts-expect-error Nothing is wrong here.\nexport const a: number = 1;\n';
    const { problems } = compile('test/types/tsconfig.json', {
      path: 'test/types/planted.ts',
      text,
    });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^test\/types\/planted.ts 2578 /);
  });
});
