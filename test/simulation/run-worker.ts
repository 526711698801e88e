import { parentPort, workerData } from 'node:worker_threads';
import { outsidePromises } from './outside-promises.ts';
import { plantedBugs } from './planted-bugs.ts';
import { playSeeds } from './run.ts';

type Slice = { readonly first: number; readonly schedules: number };

const planted = plantedBugs.find(({ name }) => name === workerData.planted);

parentPort?.on('message', ({ first, schedules }: Slice) => {
  outsidePromises(() => playSeeds(first, schedules, { planted })).then(
    (tally) => parentPort?.postMessage(tally),
    (error: unknown) => {
      throw error;
    },
  );
});
