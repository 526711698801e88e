import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';

const root = join(import.meta.dirname, '..', '..', '..');

it('the demo tells its story and every claim holds', { timeout: 240_000 }, async () => {
  const demo = spawn(process.execPath, ['local/demo.ts', '--json'], { cwd: root });
  const [output, problems, [code]] = await Promise.all([
    text(demo.stdout),
    text(demo.stderr),
    once(demo, 'exit'),
  ]);
  assert.equal(code, 0, `${output}\n${problems}`);
  const { ok, claims } = JSON.parse(output);
  assert.equal(ok, true);
  assert.deepEqual(
    [...new Set(claims.map((claim: { scene: string }) => claim.scene))],
    Array.from({ length: 31 }, (_, index) => String(index + 1)),
  );
  assert.ok(claims.every((claim: { held: boolean }) => claim.held));
});
