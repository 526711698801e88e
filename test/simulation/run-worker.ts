import { parentPort, workerData } from 'node:worker_threads';
import { outsidePromises } from './outside-promises.ts';
import { plantedBugs } from './planted-bugs.ts';
import { playSeeds } from './run.ts';

type Slice = { readonly first: number; readonly schedules: number };

const planted = plantedBugs.find(({ name }) => name === workerData.planted);
const isPayscore = workerData.isPayscore === true || planted?.isPayscore;

parentPort?.on('message', ({ first, schedules }: Slice) => {
  outsidePromises(() => playSeeds(first, schedules, { planted, isPayscore })).then(
    (tally) => parentPort?.postMessage(tally),
    (error: unknown) => {
      throw error;
    },
  );
});
