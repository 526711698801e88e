import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as realDelay } from 'node:timers/promises';
import type { Emulator } from '../../local/emulators.ts';
import { closeServer, listenOnLoopback } from '../../local/listen.ts';

const neededJava = 17;
const startLimitMs = 60_000;
const portsToTry = 3;
/** It runs for seconds, beside other tests: compiled only as far as that pays, and in one thread. */
const javaOptions = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';

/** The version of the `java` that the PATH finds, e.g. 17; undefined without one. */
export function javaVersion(): number | undefined {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return major === undefined ? undefined : Number(major);
}

/** Why DynamoDB Local cannot run here, for the `skip` of a test; false where it can. */
export function whyNoDynamodbLocal(): string | false {
  const version = javaVersion();
  if (version === undefined) {
    return `SKIPPED: DynamoDB Local needs Java ${neededJava}, and no java is on the PATH`;
  }
  return version < neededJava && `SKIPPED: DynamoDB Local needs Java ${neededJava}, not ${version}`;
}

/**
 * Starts DynamoDB Local: in memory, empty, one database whoever calls, no telemetry. It dies with this
 * process, however that ends. It listens on every address of the machine: it can't be told otherwise.
 */
export async function startDynamodbLocal(): Promise<Emulator> {
  for (let round = 1; ; round += 1) {
    const port = await freePort();
    const keeper = startKeeper(port);
    const failure = text(keeper.stderr);
    const origin = `http://127.0.0.1:${port}`;
    if (await isUp(origin, keeper)) {
      return { origin, stop: () => stop(keeper) };
    }
    await stop(keeper);
    // Between our look and its start somebody else may have taken the port.
    if (round === portsToTry) {
      throw new Error(`DynamoDB Local did not start: ${await failure}`);
    }
  }
}

type Keeper = ReturnType<typeof startKeeper>;

/** Java under a process that ends it as soon as our end of the pipe is closed. */
function startKeeper(port: number) {
  const file = join(import.meta.dirname, 'dynamodb-local-keeper.ts');
  return spawn(process.execPath, [file, String(port)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, DDB_LOCAL_TELEMETRY: '0', JDK_JAVA_OPTIONS: javaOptions },
  });
}

async function stop(keeper: Keeper): Promise<void> {
  if (isRunning(keeper)) {
    const exit = once(keeper, 'exit');
    keeper.stdin.end();
    await exit;
  }
}

async function isUp(origin: string, keeper: Keeper): Promise<boolean> {
  const endsAt = performance.now() + startLimitMs;
  while (isRunning(keeper) && performance.now() < endsAt) {
    const isAnswering = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (isAnswering) {
      return isRunning(keeper);
    }
    await realDelay(20);
  }
  return false;
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const origin = await listenOnLoopback(server);
  await closeServer(server);
  return Number(new URL(origin).port);
}
