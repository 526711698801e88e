import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../../../local/stack-client.ts';
import { whyNoDynamodbLocal } from '../../support/dynamodb-local.ts';
import { isReachable } from '../local/reachable.ts';

const module = join(import.meta.dirname, '..', '..', 'support', 'dynamodb-local.ts');

/** A program that imports the given names. */
function program(names: string, code: string): readonly string[] {
  const text = `import { ${names} } from ${JSON.stringify(module)};\n${code}`;
  return ['--input-type=module', '--eval', text];
}

function reasonWith(path: string): unknown {
  const { stdout } = spawnSync(
    process.execPath,
    program('whyNoDynamodbLocal', 'console.log(JSON.stringify(whyNoDynamodbLocal()))'),
    { env: { ...process.env, PATH: path }, encoding: 'utf8' },
  );
  return JSON.parse(stdout);
}

describe('DynamoDB Local', () => {
  it('dies with the process that started it, even when that is killed', {
    skip: whyNoDynamodbLocal(),
  }, async () => {
    const starter = spawn(
      process.execPath,
      program('startDynamodbLocal', 'console.log((await startDynamodbLocal()).origin)'),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(starter.stdout.setEncoding('utf8'), 'data');
    const origin = String(line).trim();
    assert.equal(await isReachable(origin), true);
    starter.kill('SIGKILL');
    await until('its end', async () => !(await isReachable(origin)));
  });

  it('says that it needs Java', () => {
    assert.equal(
      reasonWith(''),
      'SKIPPED: DynamoDB Local needs Java 17, and no java is on the PATH',
    );
  });

  for (const [version, reason] of [
    ['1.8.0_402', 'SKIPPED: DynamoDB Local needs Java 17, not 1'],
    ['11.0.2', 'SKIPPED: DynamoDB Local needs Java 17, not 11'],
    ['17.0.15', false],
    ['21', false],
  ] as const) {
    it(`${reason === false ? 'does with' : 'refuses'} Java ${version}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'wechatpay-java-'));
      try {
        const java = join(folder, 'java');
        await writeFile(java, `#!/bin/sh\necho 'openjdk version "${version}" 2026-01-20' >&2\n`);
        await chmod(java, 0o755);
        assert.equal(reasonWith(folder), reason);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
