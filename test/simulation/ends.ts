import { minuteMs, secondMs } from '#core/values/time.ts';
import type { House } from './house.ts';
import type { Trade } from './trade.ts';

/** Marks what came about in a schedule, once it is at rest. */
export function markEnds(house: House): void {
  const { site, table } = house;
  for (const { key, status, data } of table.records()) {
    site.mark(`${key.kind} ${status}`);
    if (key.kind === 'refund' && status === 'SUCCESS') {
      site.mark(`given back: ${String(data['origin'])}`);
    }
  }
  const paid = [...house.wechat.trades()].filter(({ paidAt }) => paidAt !== undefined);
  for (const trade of paid) {
    markTill(house, trade);
    markTogether(house, trade, paid);
    markParts(house, trade);
  }
}

/** The payer of a code confirmed within a second of the reversal; and what became of it. */
function markTill({ site, table }: House, { account, number, isCode, paidAt }: Trade): void {
  const record = table.peek({ kind: 'order', mchid: account.mchid, number });
  if (!isCode || record === undefined || paidAt === undefined) {
    return;
  }
  site.mark(`code: paid, in the end ${record.status}`);
  const sinceMs = paidAt - Number(record.data['reversedAt'] ?? Number.NaN);
  if (Math.abs(sinceMs) < secondMs) {
    site.mark(`code: confirmed within a second ${sinceMs < 0 ? 'before' : 'after'} the reversal`);
  }
}

/** Two orders of one `reference`, paid at the same instant. */
function markTogether({ site, table }: House, trade: Trade, paid: readonly Trade[]): void {
  const referenceOf = ({ account, number }: Trade): unknown =>
    table.peek({ kind: 'order', mchid: account.mchid, number })?.data['reference'];
  const reference = referenceOf(trade);
  const isTogether = paid.some(
    (other) =>
      other !== trade &&
      reference !== undefined &&
      referenceOf(other) === reference &&
      Math.abs((other.paidAt ?? 0) - (trade.paidAt ?? 0)) < secondMs,
  );
  if (isTogether) {
    site.mark('both paid at once');
  }
}

/** Two refunds of one order that the merchant asked for, and that WeChat took as they must come. */
function markParts({ site, wechat }: House, trade: Trade): void {
  const parts = wechat.refunds
    .refundsOf(trade)
    .filter(({ request, state }) => request.out_refund_no.startsWith('R-') && state === 'SUCCESS')
    .map(({ acceptedAt }) => acceptedAt);
  if (parts.length > 1 && Math.max(...parts) - Math.min(...parts) >= minuteMs) {
    site.mark('two parts, a minute apart');
  }
}
