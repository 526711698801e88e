import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ClockSetting, scaleClock } from './clock.ts';
import { type Webhook, writeDevFile } from './dev-file.ts';
import type { Stack } from './stack.ts';
import { helpText, summaryText } from './texts.ts';

const usualFolder = resolve(import.meta.dirname, '..', '.local');
const usualPort = 8780;

type Settings = {
  readonly speed: number;
  readonly port: number;
  readonly folder: string;
  readonly isVerbose: boolean;
  readonly webhook?: Webhook;
  readonly help: boolean;
};

async function main(): Promise<void> {
  const settings = readSettings();
  if (settings.help) {
    process.stdout.write(helpText(usualPort));
    return;
  }
  const stop = onceAsked();
  process.stdout.write('Building the functions and the template …\n');
  const clock: ClockSetting = { origin: Date.now(), factor: settings.speed };
  if (settings.speed !== 1) {
    scaleClock(clock);
  }
  const devFile = join(settings.folder, 'dev.json');
  const logFile = join(settings.folder, 'functions.log');
  await mkdir(settings.folder, { recursive: true });
  const log = createWriteStream(logFile, { flags: 'w', mode: 0o600 });
  const stack = await open(settings, clock, log).catch((error: unknown) => {
    // Ctrl-C also reaches the processes that build; that is no failure.
    if (stop.isAsked()) {
      return undefined;
    }
    throw error;
  });
  if (stack === undefined) {
    return;
  }
  const written = await writeDevFile(devFile, stack.dev);
  if (written.replaced) {
    process.stdout.write(
      `\nAnother stack still runs here; ${settings.folder}/dev.json names this one now (see --folder).\n`,
    );
  }
  process.stdout.write(
    summaryText(stack.dev, {
      speed: settings.speed,
      devFile: relative(process.cwd(), devFile),
      logFile: relative(process.cwd(), logFile),
    }),
  );
  await stop.asked;
  process.stdout.write('\nStopping …\n');
  await written.remove();
  await stack.stop();
  log.end();
}

function onceAsked(): { readonly asked: Promise<void>; readonly isAsked: () => boolean } {
  let isAsked = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      isAsked = true;
      resolve();
      // Asked a second time, give up at once.
      process.once(signal, () => process.exit(130));
    });
  }
  return { asked: promise, isAsked: () => isAsked };
}

async function open(settings: Settings, clock: ClockSetting, log: WriteStream): Promise<Stack> {
  // Loaded only now, so that everything sees the scaled clock.
  const { startStack } = await import('./stack.ts');
  const { port, isVerbose, webhook } = settings;
  return startStack({
    clock,
    ...(webhook !== undefined && { webhook }),
    ports: { api: port, simulator: port + 1, sqs: port + 2, dynamodb: port + 3 },
    onOutput: (functionName, text) => {
      const line = `[${functionName}] ${text}`;
      log.write(line);
      if (isVerbose) {
        process.stdout.write(line);
      }
    },
  });
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(usualPort) },
      speed: { type: 'string', default: '1' },
      folder: { type: 'string', default: usualFolder },
      webhook: { type: 'string' },
      'webhook-key': { type: 'string', multiple: true },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    port: numberWithin('--port', values.port, 0, 65_532),
    speed: numberWithin('--speed', values.speed, 1, 1000),
    folder: resolve(values.folder),
    isVerbose: values.verbose,
    ...webhookOf(values.webhook, values['webhook-key']),
    help: values.help,
  };
}

/** Without a key the delivery is signed with a fresh one, which dev.json names. */
function webhookOf(
  url: string | undefined,
  keys = [`whsec_${randomBytes(32).toString('base64')}`],
): Pick<Settings, 'webhook'> {
  if (url === undefined) {
    return {};
  }
  const isUrl = /^(https:\/\/|http:\/\/127\.0\.0\.1:)/.test(url) && URL.canParse(url);
  if (!isUrl || !keys.every((key) => /^wh(sec|sk)_[0-9A-Za-z+/]+=*$/.test(key))) {
    throw new RangeError(
      '--webhook takes an https URL or http://127.0.0.1:…, --webhook-key whsec_… or whsk_…',
    );
  }
  return { webhook: { url, keys } };
}

function numberWithin(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || number < least || number > most) {
    throw new RangeError(`${name} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof RangeError || (error instanceof Error && 'code' in error);
  const text = error instanceof Error && !isUsage ? error.stack : undefined;
  process.stderr.write(`${text ?? (error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}
