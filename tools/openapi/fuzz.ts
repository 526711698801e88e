import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../../local/stack.ts';
import { pagePath } from './page.ts';

const version = '4.32.5';
/** Where no other tool looks, and git neither. */
const cache = resolve(import.meta.dirname, '..', '..', 'node_modules', '.cache');
const folder = join(cache, `schemathesis-${version}`);
const program = join(folder, 'bin', 'schemathesis');

const help = `Has Schemathesis ask the running stack whatever docs/openapi.yaml allows, and forbids.

  npm run fuzz                                  some minutes
  npm run fuzz -- --examples 2000 --seed 7      examples: requests an operation in each phase
  npm run fuzz -- --help

Needs python3. Schemathesis ${version} is installed into node_modules/.cache the first time.
`;

/**
 * What it finds and we mean: JSON Schema cannot say that `time_expire` is 2 minutes to 7 days ahead, so a
 * request may keep to the page and be refused for its time.
 */
const meant = {
  format_version: 1,
  schemathesis_version: version,
  entries: [
    {
      id: '6b406b',
      operation: 'PUT /v1/{account}/orders/{out_trade_no}',
      check: 'positive_data_acceptance',
      failure: 'RejectedPositiveData',
      signature: '400',
      first_seen: '2026-11-21',
      last_seen: '2026-11-21',
    },
  ],
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      examples: { type: 'string', default: '200' },
      seed: { type: 'string', default: '20261121' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  install();
  // Ctrl-C also reaches the child; what runs here is stopped after it.
  process.on('SIGINT', () => undefined);
  process.stdout.write('Starting the stack …\n');
  const stack = await startStack();
  try {
    const { api, account, token } = stack.dev;
    const settings = written('schemathesis.toml', settingsOf(account.name));
    const baseline = written('baseline.json', JSON.stringify(meant));
    process.exitCode = await run([
      ...['--config-file', settings],
      'run',
      pagePath,
      ...['--url', api, '--header', `Authorization: Bearer ${token}`],
      ...['--max-examples', values.examples, '--seed', values.seed],
      ...['--checks', 'all', '--continue-on-failure', '--baseline', baseline],
    ]);
  } finally {
    await stack.stop();
  }
}

/** Whatever else `refresh` is counts as absent, so nothing that it could be is refused. */
function settingsOf(account: string): string {
  return `[parameters]\n"path.account" = "${account}"\n"query.refresh" = true\n`;
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function install(): void {
  if (existsSync(program)) {
    return;
  }
  mkdirSync(cache, { recursive: true });
  process.stdout.write(`Installing Schemathesis ${version} …\n`);
  runNow('python3', '-m', 'venv', '--clear', folder);
  runNow(join(folder, 'bin', 'python'), '-m', 'pip', 'install', '-q', `schemathesis==${version}`);
}

function runNow(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(`${command} failed; npm run fuzz needs python3.`, { cause: error });
  }
}

async function run(args: readonly string[]): Promise<number> {
  const [status] = await once(spawn(program, args, { stdio: 'inherit', cwd: folder }), 'exit');
  return typeof status === 'number' ? status : 1;
}

await main();
