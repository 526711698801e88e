import type { SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { orderView } from '#core/subjects/order/describe.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import type { AccountName } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { confirm, type LoopPorts } from './confirm.ts';

/**
 * An order as we know it; with `refresh` after the loop has looked at WeChat. When WeChat does not answer
 * the order is shown as it stands. Refuses with `order_unknown`.
 */
export async function getOrder(
  ports: LoopPorts,
  asked: { readonly account: AccountName; readonly key: SubjectKey; readonly refresh: boolean },
): Promise<Answer<JsonObject>> {
  const { account, key } = asked;
  const before = await ports.store.load(key);
  if (before === undefined) {
    return refuse('order_unknown');
  }
  if (asked.refresh) {
    const hint = { type: 'hint', account, subject: key, reason: 'request' } as const;
    await confirm(ports, hint, { receiveCount: 1 });
  }
  const record = asked.refresh ? await ports.store.load(key) : before;
  const decoded = record === undefined ? undefined : decodeOrder(record);
  return record === undefined || decoded?.ok !== true
    ? refuse('record_undecodable')
    : { ok: true, value: orderView(record, decoded.value) };
}
