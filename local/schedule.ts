import { randomUUID } from 'node:crypto';
import type { SchedulePlan } from './deployment.ts';
import { accountId, region } from './places.ts';

const unitsMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Milliseconds of `rate(n minutes|hours|days)`. Throws on any other schedule expression. */
export function periodOf(expression: string): number {
  const [, count, unit = ''] = /^rate\(([1-9][0-9]*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = unitsMs[unit];
  if (count === undefined || unitMs === undefined) {
    throw new Error(`The schedule ${expression} is not supported`);
  }
  return Number(count) * unitMs;
}

/** Invokes the function at every period as EventBridge does; answers the function that ends it. */
export function startSchedule(plan: SchedulePlan, invoke: (event: unknown) => void): () => void {
  const timer = setInterval(
    () =>
      invoke({
        version: '0',
        id: randomUUID(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: accountId,
        time: new Date().toISOString(),
        region,
        resources: [plan.ruleArn],
        detail: {},
      }),
    periodOf(plan.expression),
  );
  return () => clearInterval(timer);
}
