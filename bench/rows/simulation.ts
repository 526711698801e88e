import { outsidePromises } from '../../test/simulation/outside-promises.ts';
import { playSeeds } from '../../test/simulation/run.ts';
import type { Row } from '../report.ts';

const title = 'simulation';
const rounds = 6;

/**
 * How many schedules one core plays in a second of its time; the fastest of some rounds, after one that
 * only warms up. What a schedule is: decision 0009.
 */
export const simulationRow: Row = {
  name: title,
  measure: async () => {
    const drawn = await fastest(6000, undefined);
    const fives = await fastest(1500, 5);
    return [
      {
        title,
        lines: [
          {
            what: 'schedules as they are drawn, per second and core',
            figure: Math.round(drawn),
            unit: 'schedules/s',
            bound: { atLeast: 3000 },
          },
          {
            what: 'schedules of 5 orders, per second and core',
            figure: Math.round(fives),
            unit: 'schedules/s',
          },
        ],
        notes: [],
      },
    ];
  },
};

async function fastest(schedules: number, orders: number | undefined): Promise<number> {
  let best = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const before = process.cpuUsage();
    const { broken } = await outsidePromises(() =>
      playSeeds(1 + round * schedules, schedules, { orders }),
    );
    if (broken !== undefined) {
      throw new Error(`Seed ${broken.seed}: ${broken.violation}`);
    }
    const { user, system } = process.cpuUsage(before);
    best = round === 0 ? 0 : Math.max(best, (schedules / (user + system)) * 1e6);
  }
  return best;
}
