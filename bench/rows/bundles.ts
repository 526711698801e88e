import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, buildFunctions } from '../../tools/build.ts';
import { median, ratioOf, timeInTurns } from '../measure.ts';
import { type Bound, type Line, type Row, ratioLine } from '../report.ts';
import { firstInvocation, openPaidWorld } from '../start/first-invocation.ts';
import { canPin, freshLoader, type LoadFresh } from '../start/processes.ts';

const turns = { rounds: 9, turnsPerRound: 5, callsPerTurn: 1, warmUpRounds: 1 };

const budgets: Readonly<Record<string, { readonly kilobytes: Bound; readonly start: Bound }>> = {
  notify: { kilobytes: { atMost: 250 }, start: { atMost: 2.5 } },
  confirm: { kilobytes: { atMost: 320 }, start: { atMost: 2.6 } },
};

const bare = 'bare Node';
const whole = 'confirm: fresh start and first invocation';

/** Size and start of every bundle, and the first invocation of `confirm`, against a bare Node. */
export const bundlesRow: Row = {
  name: 'bundles',
  measure: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wechatpay-bench-'));
    const world = await openPaidWorld();
    try {
      const bundles = await buildFunctions({ outDir: join(folder, 'functions') });
      const isPinned = canPin();
      const load = await freshLoader(folder, { origin: world.endpoints.origin, isPinned });
      const confirm = bundles.find(({ name }) => name === 'confirm')?.file ?? '';
      const subjects = {
        ...(await startsOf(folder, bundles, load)),
        [whole]: firstInvocation(world, (event) => load(confirm, event)),
      };
      const times = await timeInTurns<string>(subjects, turns);
      const lines = linesOf(bundles, times);
      return [{ title: 'bundles', lines, notes: notesOf(isPinned) }];
    } finally {
      await world.endpoints.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** What loads each bundle, and an empty module, into a fresh Node. */
async function startsOf(
  folder: string,
  bundles: readonly Bundle[],
  load: LoadFresh,
): Promise<Record<string, () => Promise<void>>> {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, '');
  const starts = bundles.map(({ name, file }) => [name, () => load(file)] as const);
  return { [bare]: () => load(empty), ...Object.fromEntries(starts) };
}

function linesOf(
  bundles: readonly Bundle[],
  times: Readonly<Record<string, readonly number[]>>,
): readonly Line[] {
  const bareUs = times[bare] ?? [];
  const startLine = (what: string, name: string, bound?: Bound) =>
    ratioLine(`${what} / ${bare}`, ratioOf(times[name] ?? [], bareUs), bound);
  const lines = bundles.flatMap(({ name, bytes }): readonly Line[] => {
    const { kilobytes, start } = budgets[name] ?? {};
    const size = { what: `${name}: size`, figure: bytes / 1000, unit: 'KB' };
    return [
      kilobytes === undefined ? size : { ...size, bound: kilobytes },
      startLine(`${name}: fresh start`, name, start),
    ];
  });
  return [
    ...lines,
    startLine(whole, whole, { atMost: 3.8 }),
    { what: bare, figure: median(bareUs) / 1000, unit: 'ms' },
  ];
}

function notesOf(isPinned: boolean): readonly string[] {
  return [
    'Whole processes, from spawn to exit, each loading its module by the same small script; a bare Node loads an ' +
      `empty one${isPinned ? '. All on one core' : ''}. KB = 1,000 bytes, minified, not compressed.`,
    'The first invocation reads the secret, loads the record, asks WeChat (paid), commits, sends the event ' +
      'and clears: six calls, to servers on this machine that answer at once.',
  ];
}
