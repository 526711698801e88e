import type { confirm } from '#app/confirm.ts';
import type { createOrder } from '#app/create-order.ts';
import type { createRefund } from '#app/create-refund.ts';
import type { commandServiceOrder, createServiceOrder } from '#app/payscore/service-orders.ts';
import type { receiveNotice } from '#app/receive-notice.ts';
import type { resolveOrder } from '#app/resolve-order.ts';
import type { sweep } from '#app/sweep.ts';
import type { MemoryTable } from '../support/memory-table.ts';
import type { SimulationPorts } from './ports.ts';

/** A mistake that can be built into the program, in test code only: around its ports or in place of a job. */
export type PlantedBug = {
  readonly name: string;
  /** The simulation must find it within so many schedules. */
  readonly within: number;
  /** Looked for in schedules of a plan alone. */
  readonly isPayscore?: true;
  /** The promise that it breaks. */
  readonly breaks: RegExp;
  readonly ports?: (ports: SimulationPorts, table: MemoryTable) => SimulationPorts;
  readonly confirm?: typeof confirm;
  readonly createOrder?: typeof createOrder;
  readonly createRefund?: typeof createRefund;
  readonly resolveOrder?: typeof resolveOrder;
  readonly receiveNotice?: typeof receiveNotice;
  readonly sweep?: typeof sweep;
  readonly createServiceOrder?: typeof createServiceOrder;
  readonly commandServiceOrder?: CommandServiceOrder;
};

/** The job, which may also ask WeChat by itself. */
export type CommandServiceOrder = (
  ports: SimulationPorts,
  ...rest: Tail<Parameters<typeof commandServiceOrder>>
) => ReturnType<typeof commandServiceOrder>;

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest]
  ? Rest
  : never;
