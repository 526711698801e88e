import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readRunningStack } from '../local/dev-file.ts';
import { everyScope, issueToken } from '../local/issuer.ts';

const usualFile = join(import.meta.dirname, '..', '.local', 'dev.json');
const usualLifetimeSeconds = 3_600;
const longestLifetimeSeconds = 365 * 24 * 3_600;

const help = `Prints a token for the API of the stack that npm start runs.

  TOKEN=$(npm run -s token -- [options])

  --tenant <t>    whose token it is (dev)
  --scope <s>     what it allows, separated by spaces; all of it when left out:
                  ${everyScope}
  --accounts <a>  names of the only accounts that it is for, separated by commas; "" for none
  --lifetime <n>  seconds of the stack's time until it expires (${usualLifetimeSeconds})
  --file <f>      the dev.json of the stack (.local/dev.json)
  --help          this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string', default: 'dev' },
      scope: { type: 'string', default: everyScope },
      accounts: { type: 'string' },
      lifetime: { type: 'string', default: String(usualLifetimeSeconds) },
      file: { type: 'string', default: usualFile },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const { tenant, scope, accounts } = values;
  const claims = {
    tenant,
    scope,
    ...(accounts !== undefined && { accounts: namesIn(accounts) }),
    lifetimeSeconds: lifetimeIn(values.lifetime),
  };
  const { issuer, clock } = await readRunningStack(resolve(values.file));
  const nowMs = clock.origin + (Date.now() - clock.origin) * clock.factor;
  process.stdout.write(`${await issueToken(issuer, claims, nowMs)}\n`);
}

function namesIn(list: string): readonly string[] {
  return list.split(',').filter((name) => name !== '');
}

function lifetimeIn(text: string): number {
  const seconds = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > longestLifetimeSeconds) {
    throw new RangeError(
      `--lifetime takes whole seconds from 1 to ${longestLifetimeSeconds}, not "${text}"`,
    );
  }
  return seconds;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
