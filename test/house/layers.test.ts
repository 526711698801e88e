import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { ICruiseResult } from 'dependency-cruiser';
import { checkLayers, filesOf, plantViolations, projectDir, ruleNames } from './layers.ts';
import { allowed, orphan, violations } from './plans.ts';

function found(result: ICruiseResult) {
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

describe('the layers of the house', () => {
  let result: ICruiseResult;
  before(async () => {
    result = await checkLayers(projectDir);
  });

  it('are kept by every file', () => {
    assert.deepEqual(found(result), []);
  });

  it('were checked on every file of every room, not on nothing', async () => {
    const seen = new Set(result.modules.map((module) => module.source));
    const missed = (await filesOf(projectDir)).filter(
      (file) => !seen.has(file) && !file.endsWith('.d.ts'),
    );
    assert.deepEqual(missed, []);
    assert.ok(result.summary.totalCruised >= 100, `${result.summary.totalCruised} modules`);
  });

  it('were checked through the import map, and on imports of types too', () => {
    const confirm = result.modules.find((module) => module.source === 'lib/app/confirm.ts');
    const known = confirm?.dependencies.map((dependency) => dependency.resolved) ?? [];
    assert.ok(known.includes('lib/core/timing.ts'), 'a value through #core');
    assert.ok(known.includes('lib/core/account.ts'), 'a type through #core');
  });
});

describe('a planted violation', () => {
  let baseDir = '';
  let lines: readonly string[] = [];
  before(async () => {
    baseDir = await plantViolations();
    lines = found(await checkLayers(baseDir));
  });
  after(() => rm(baseDir, { recursive: true, force: true }));

  for (const { rule, from, to } of violations) {
    it(`of ${rule} is found: ${from} knows ${to}`, () => {
      assert.ok(lines.includes(`${rule}: ${from} -> ${to}`), lines.join('\n'));
    });
  }

  it('of no-orphans is found', () => {
    assert.ok(lines.includes(`no-orphans: ${orphan} -> ${orphan}`), lines.join('\n'));
  });

  it('is planted for every rule there is', () => {
    const planted = new Set([...violations.map(({ rule }) => rule), 'no-orphans']);
    assert.deepEqual([...planted].sort(), [...ruleNames].sort());
  });

  for (const { from, to } of allowed) {
    it(`is not what is allowed: ${from} knows ${to}`, () => {
      assert.deepEqual(
        lines.filter((line) => line.includes(`: ${from} -> `)),
        [],
      );
    });
  }
});
