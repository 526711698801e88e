import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { seededChoices } from './choices.ts';
import { outsidePromises } from './outside-promises.ts';
import { plantedBugs } from './planted-bugs.ts';
import type { Tally } from './run.ts';
import { playSchedule } from './schedule.ts';
import { shortestStory } from './shrink.ts';

const help = `Plays random schedules of the whole program in virtual time and looks for a broken promise.

  npm run simulate                              20,000 schedules
  npm run simulate -- --schedules 10000000      a long run, with progress
  npm run simulate -- --first 5000000           the seeds from there on
  npm run simulate -- --workers 1               on one core (all of them otherwise)
  npm run simulate -- --payscore                schedules of a plan alone
  npm run simulate -- --planted "a hint is"     with a mistake built in, named by how it begins
  SEED=77 npm run simulate                      one seed again: its story, as short as it can be told

The exit code is 0 only if no promise was broken.
`;

const sliceSize = 2000;

type Wanted = {
  readonly schedules: number;
  readonly first: number;
  readonly workers: number;
  readonly planted?: string;
  readonly isPayscore: boolean;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '20000' },
      first: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      planted: { type: 'string' },
      payscore: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const planted = plantedName(values.planted);
  const isPayscore = values.payscore || isOfPayscore(planted);
  const seed = process.env['SEED'];
  if (seed !== undefined) {
    await tell(numberOf('SEED', seed), { planted, isPayscore });
    return;
  }
  await run({
    schedules: numberOf('--schedules', values.schedules),
    first: numberOf('--first', values.first),
    workers: Math.max(1, numberOf('--workers', values.workers)),
    isPayscore,
    ...(planted !== undefined && { planted }),
  });
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${name} is not a number: ${text}`);
  }
  return value;
}

function plantedName(begin: string | undefined): string | undefined {
  if (begin === undefined) {
    return undefined;
  }
  const bug = plantedBugs.find(({ name }) => name.startsWith(begin));
  if (bug === undefined) {
    throw new Error(`No planted bug begins so: ${begin}`);
  }
  return bug.name;
}

function isOfPayscore(planted: string | undefined): boolean {
  return plantedBugs.find(({ name }) => name === planted)?.isPayscore === true;
}

type Played = { readonly planted: string | undefined; readonly isPayscore: boolean };

async function tell(seed: number, played: Played): Promise<void> {
  const { isPayscore } = played;
  const planted = plantedBugs.find(({ name }) => name === played.planted);
  const options = { planted, isPayscore };
  const story = await outsidePromises(
    () => shortestStory(seed, options) ?? wholeStory(seed, isPayscore),
  );
  process.stdout.write(`${story.lines.join('\n')}\n\n`);
  if (story.violation === undefined) {
    process.stdout.write(`Seed ${seed} breaks no promise.\n`);
    return;
  }
  process.exitCode = 1;
  process.stdout.write(`Seed ${seed}: ${story.violation}\n`);
}

function wholeStory(
  seed: number,
  isPayscore: boolean,
): {
  readonly lines: readonly string[];
  readonly violation?: never;
} {
  const lines: string[] = [];
  playSchedule(seededChoices(seed), { isPayscore, onLine: (line) => lines.push(line) });
  return { lines };
}

async function run(wanted: Wanted): Promise<void> {
  const startedAt = performance.now();
  const tallies: Tally[] = [];
  let next = wanted.first;
  const end = wanted.first + wanted.schedules;
  const takeSlice = (): { readonly first: number; readonly schedules: number } | undefined => {
    const isBroken = tallies.some(({ broken }) => broken !== undefined);
    const first = next;
    next = Math.min(end, next + sliceSize);
    return isBroken || first >= end ? undefined : { first, schedules: next - first };
  };
  const count = Math.min(wanted.workers, Math.ceil(wanted.schedules / sliceSize));
  await Promise.all(
    Array.from({ length: count }, () =>
      work(wanted, takeSlice, (tally) => {
        tallies.push(tally);
        progress(tallies, wanted.schedules, startedAt);
      }),
    ),
  );
  await report(tallies, startedAt, wanted);
}

/** One core: plays slice after slice until there is none. */
function work(
  { planted, isPayscore }: Wanted,
  takeSlice: () => object | undefined,
  onTally: (tally: Tally) => void,
): Promise<void> {
  const worker = new Worker(new URL('run-worker.ts', import.meta.url), {
    workerData: { planted, isPayscore },
  });
  return new Promise((resolve, reject) => {
    const feed = (): void => {
      const slice = takeSlice();
      if (slice === undefined) {
        worker.terminate().then(() => resolve(), reject);
      } else {
        worker.postMessage(slice);
      }
    };
    worker.on('message', (tally: Tally) => {
      onTally(tally);
      feed();
    });
    worker.on('error', reject);
    feed();
  });
}

function progress(tallies: readonly Tally[], wanted: number, startedAt: number): void {
  if (process.stderr.isTTY) {
    const played = sum(tallies, 'schedules');
    const rate = Math.round((played / (performance.now() - startedAt)) * 1000);
    const percent = Math.floor((played / wanted) * 100);
    process.stderr.write(`\r${played} schedules, ${percent} %, ${rate} a second `);
  }
}

async function report(
  tallies: readonly Tally[],
  startedAt: number,
  { planted, isPayscore }: Wanted,
): Promise<void> {
  const seconds = (performance.now() - startedAt) / 1000;
  const played = sum(tallies, 'schedules');
  const mostWakes = Math.max(0, ...tallies.map((tally) => tally.mostWakes));
  const rate = Math.round(played / seconds);
  process.stdout.write(
    `\n${played} schedules in ${seconds.toFixed(1)} s (${rate} a second): ${sum(tallies, 'steps')} steps, ` +
      `${sum(tallies, 'events')} events, at most ${mostWakes} wakes for an order.\n`,
  );
  for (const [what, schedules] of countsIn(tallies)) {
    process.stdout.write(`${String(schedules).padStart(9)}  ${what}\n`);
  }
  const broken = tallies
    .flatMap((tally) => (tally.broken === undefined ? [] : [tally.broken]))
    .sort((one, other) => one.seed - other.seed)[0];
  if (broken !== undefined) {
    process.stdout.write(`A promise was broken. Its shortest story:\n\n`);
    await tell(broken.seed, { planted, isPayscore });
    const what = isPayscore ? ' -- --payscore' : '';
    const how = planted === undefined ? what : ` -- --planted "${planted}"`;
    process.stdout.write(`\nAgain: SEED=${broken.seed} npm run simulate${how}\n`);
  } else {
    process.stdout.write('No promise was broken.\n');
  }
}

/** What came about in these runs, and in how many schedules. */
function countsIn(tallies: readonly Tally[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const [what, schedules] of tallies.flatMap(({ seen }) => [...seen])) {
    counts.set(what, (counts.get(what) ?? 0) + schedules);
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}

function sum(tallies: readonly Tally[], what: 'schedules' | 'steps' | 'events'): number {
  return tallies.reduce((total, tally) => total + tally[what], 0);
}

await main();
