import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { filesOf, projectDir } from './layers.ts';
import { complaintsOf } from './tidy.ts';

const later = `${'TO'}${'DO'}`;
const never = `${'FIX'}${'ME'}`;
const chance = ['Math', 'random()'].join('.');

function rulesOf(path: string, text: string): readonly string[] {
  return complaintsOf(path, text).map(({ rule, line }) => `${rule} at ${line}`);
}

describe('the house', () => {
  it('is tidy in every file', async () => {
    const files = await filesOf(projectDir);
    const untidy: string[] = [];
    for (const file of files) {
      const text = await readFile(join(projectDir, file), 'utf8');
      untidy.push(...rulesOf(file, text).map((rule) => `${file}: ${rule}`));
    }
    assert.deepEqual(untidy, []);
    for (const room of ['lib/core/', 'lib/app/', 'lib/adapters/', 'simulator/', 'test/unit/']) {
      const count = files.filter((file) => file.startsWith(room)).length;
      assert.ok(count >= 10, `${count} files of ${room} seen`);
    }
  });
});

describe('a planted untidiness', () => {
  const planted: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['a file of 301 lines', 'cdk/a.ts', 'a;\n'.repeat(301), ['longer than 300 lines at 301']],
    [
      'a last line without its end',
      'cdk/a.ts',
      `${'a;\n'.repeat(300)}a;`,
      ['longer than 300 lines at 301'],
    ],
    ['work left for later', 'local/a.ts', `a;\n// ${later}: b\n`, ['left for later at 2']],
    ['a fault left for later', 'test/a.ts', `/* ${never} */\n`, ['left for later at 1']],
    ['chance in core', 'lib/core/a.ts', `const a = ${chance};\n`, ['chance at 1']],
    ['chance in app', 'lib/app/a.ts', `\nconst a = ${chance};\n`, ['chance at 2']],
    ['chance by another spelling', 'lib/app/a.ts', "Math['random']();\n", ['chance at 1']],
    ['a cast in core', 'lib/core/a.ts', 'const a = b as C;\n', ['cast at 1']],
    ['a cast by another spelling', 'lib/core/a.ts', 'const a = <C>b;\n', ['cast at 1']],
    [
      'two casts at once',
      'lib/core/a.ts',
      'const a = b as unknown as C;\n',
      ['cast at 1', 'cast at 1'],
    ],
    [
      'a cast deep in a decision',
      'lib/core/subjects/order/decide.ts',
      'f(() => (a as B));\n',
      ['cast at 1'],
    ],
  ];
  for (const [what, path, text, complaints] of planted) {
    it(`is found: ${what}`, () => {
      assert.deepEqual(rulesOf(path, text), complaints);
    });
  }

  const allowed: readonly (readonly [string, string, string])[] = [
    ['a file of 300 lines', 'lib/app/a.ts', 'a;\n'.repeat(300)],
    ['a word that only contains the mark', 'lib/app/a.ts', `const a${later}b = 1;\n`],
    ['a constant', 'lib/core/a.ts', 'const a = [1] as const;\n'],
    ['a cast where values are branded', 'lib/core/values/json.ts', 'const a = b as C;\n'],
    ['a cast where an order is decoded', 'lib/core/subjects/order/order.ts', 'a as B;\n'],
    ['a renamed import', 'lib/core/a.ts', "import { a as b } from './c.ts';\n"],
    ['a cast in an adapter', 'lib/adapters/sqs/a.ts', 'const a = b as C;\n'],
    ['chance in an adapter', 'lib/adapters/sqs/a.ts', `const a = ${chance};\n`],
    ['another sum', 'lib/core/a.ts', 'const a = Math.max(1, 2);\n'],
  ];
  for (const [what, path, text] of allowed) {
    it(`is not ${what}`, () => {
      assert.deepEqual(rulesOf(path, text), []);
    });
  }
});
