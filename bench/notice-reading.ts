import { createNoticeReader } from '#adapters/wechat/notice-reader.ts';
import type { Account } from '#core/account.ts';
import type { Instant } from '#core/values/time.ts';
import type { ShopNotice } from './shop.ts';

/** The reader as `notify` has it; ends in an error when it refuses the notice. */
export function ourReader(account: Account, notice: ShopNotice, now: Instant): () => unknown {
  const reader = createNoticeReader();
  return () => {
    const read = reader.read(account, notice, now);
    if (!read.ok) {
      throw new Error(`Our reader refused: ${read.error}.`);
    }
    return read.value.resource;
  };
}

/** Each way must find the order in the notice, else there is nothing to compare. */
export async function mustFind(
  outTradeNo: string,
  readers: Readonly<Record<string, () => unknown>>,
): Promise<void> {
  for (const [name, read] of Object.entries(readers)) {
    const found: unknown = await read();
    if (Object(found).out_trade_no !== outTradeNo) {
      throw new Error(`${name} did not read the notice.`);
    }
  }
}
