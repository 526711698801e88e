import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '..', '..');
const program = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));

/** It tells nobody that it runs, and asks nobody whether there is a newer one. */
const quiet = {
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  NO_COLOR: '1',
};

/** Runs Redocly's CLI with `redocly.yaml`; paths in the arguments are those of the project. */
export function runRedocly(
  command: 'lint' | 'build-docs',
  ...args: readonly string[]
): { readonly isDone: boolean; readonly output: string; readonly complaints: string } {
  const all = [program, command, ...args, '--config', join(root, 'redocly.yaml')];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, {
    cwd: root,
    env: { ...env, ...quiet },
    encoding: 'utf8',
  });
  return { isDone: status === 0, output: stdout, complaints: stderr };
}
