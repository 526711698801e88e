import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { openShop } from '../../../examples/shop/shop.ts';
import { eventOf } from '../client/events.ts';

/** The number of the payment that a process is told of as the first, the second, … */
export const numberAt = (index: number): string => `A-${10_000 + index}`;

/** A process of the shop that is told of payments, one after the other. */
export type TellProcess = {
  /** Once it has acknowledged so many. */
  readonly lines: (count: number) => Promise<void>;
  /** All that it acknowledged: `A-1001 handled`. */
  readonly ended: Promise<readonly string[]>;
  /** At once: nothing is finished, nothing closed. */
  readonly kill: () => void;
};

export function tellProcess(context: TestContext, path: string, count: number): TellProcess {
  const child = spawn(process.execPath, [import.meta.filename, path, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const told: string[] = [];
  const waiting: { readonly count: number; readonly wake: () => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(line);
    for (const { count, wake } of waiting) {
      if (told.length >= count) {
        wake();
      }
    }
  });
  return {
    lines: (count) => new Promise((wake) => waiting.push({ count, wake })),
    ended: new Promise((resolve) => child.once('close', () => resolve(told))),
    kill: () => child.kill('SIGKILL'),
  };
}

if (import.meta.main) {
  const [path = '', count] = process.argv.slice(2);
  const shop = openShop(path);
  for (let index = 0; index < Number(count); index += 1) {
    const number = numberAt(index);
    const handling = await shop.handle(eventOf('order.paid', { number }));
    process.stdout.write(`${number} ${handling}\n`);
  }
  shop.close();
}
