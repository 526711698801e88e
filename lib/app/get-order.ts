import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { orderView } from '#core/subjects/order/describe.ts';
import { decodeOrder } from '#core/subjects/order/order.ts';
import type { AccountName } from '#core/values/ids.ts';
import type { JsonObject } from '#core/values/json.ts';
import { confirm, type LoopPorts } from './confirm.ts';

/**
 * An order as we know it; with `refresh` after the loop has looked at WeChat, and then `refreshed` tells
 * whether WeChat answered: if not, the order is shown as it stood. Refuses with `order_unknown`.
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
  if (!asked.refresh) {
    return show(before);
  }
  const hint = { type: 'hint', account, subject: key, reason: 'request' } as const;
  const ending = await confirm(ports, hint, { receiveCount: 1 });
  const refreshed = ending.type === 'done' && ending.unanswered !== true;
  return show((await ports.store.load(key)) ?? before, { refreshed });
}

function show(record: StoredRecord, more: JsonObject = {}): Answer<JsonObject> {
  const decoded = decodeOrder(record);
  return decoded.ok
    ? { ok: true, value: { ...orderView(record, decoded.value), ...more } }
    : refuse('record_undecodable');
}
