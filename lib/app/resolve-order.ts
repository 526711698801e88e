import type { SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import type { OrderStatus, Resolution } from '#core/subjects/order/order.ts';
import { noteResolution } from '#core/subjects/order/resolve.ts';
import { type CarryOutPorts, commitChange } from './carry-out.ts';
import { readyOrder } from './ready-order.ts';
import { type HintPorts, sendRequestHint } from './request-look.ts';

export type ResolveAnswer = { readonly status: OrderStatus };

const tryLimit = 3;

/**
 * Notes what a person decided about an order in REVIEW, and has the loop look: it is done once WeChat has
 * answered, if the answer allows it; `GET` then shows the outcome. Repeating is safe. Refuses with
 * `order_unknown`, `order_not_in_review`, or `order_conflict` while another resolution is under way.
 */
export async function resolveOrder(
  ports: CarryOutPorts & HintPorts,
  key: SubjectKey,
  asked: Omit<Resolution, 'at'>,
): Promise<Answer<ResolveAnswer>> {
  for (let round = 0; round < tryLimit; round += 1) {
    const ready = await readyOrder(ports, key);
    if (ready === 'unknown') {
      return refuse('order_unknown');
    }
    if (ready === undefined) {
      continue;
    }
    const { record, order } = ready;
    const noted = noteResolution(order, asked, ports.clock.now());
    if (!noted.ok) {
      return refuse(noted.error);
    }
    const change = noted.value;
    if (change === undefined || (await commitChange(ports, record, change, 'request')) === 'done') {
      await sendRequestHint(ports, record);
      return { ok: true, value: { status: 'REVIEW' } };
    }
  }
  return refuse('store_unavailable');
}
