import type { Change } from '../../decision.ts';
import { fail, ok, type Result } from '../../result.ts';
import { type Instant, minuteMs, plus } from '../../values/time.ts';
import type { Order, Resolution } from './order.ts';

/** Should the hint be lost, the sweep finds the order by then. */
const lookWithinMs = 2 * minuteMs;

/**
 * The change that notes what a person decided about a REVIEW; nothing is done before WeChat was asked
 * again. Undefined when just that is noted already. Fails when there is no review, or another resolution
 * is being carried out.
 */
export function noteResolution(
  order: Order,
  asked: Omit<Resolution, 'at'>,
  now: Instant,
): Result<Change | undefined, 'order_not_in_review' | 'order_conflict'> {
  if (order.status !== 'REVIEW') {
    return fail('order_not_in_review');
  }
  const { action, by, why } = asked;
  const { resolution } = order;
  if (resolution !== undefined) {
    const isSame = resolution.action === action && resolution.by === by && resolution.why === why;
    return isSame ? ok(undefined) : fail('order_conflict');
  }
  return ok({
    patch: { set: { resolution: { action, by, why, at: now } } },
    events: [],
    isAside: true,
    nextLookAt: plus(now, lookWithinMs),
    evidence: `resolve ${action}`,
  });
}
