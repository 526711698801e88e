import type { Stack } from '../stack.ts';
import type { FlakyShop } from './flaky-shop.ts';
import { functionDies, wakeStorm } from './hard-scenes.ts';
import { merchantHears } from './merchant-hears.ts';
import { paidLate, paidTwice, refundedInParts, resolvedByPerson } from './money-back.ts';
import { paidWhileClosing } from './odd-payments.ts';
import { lostNotice, nobodyPays, paidOnce, refusedNotices } from './plain-scenes.ts';
import type { Story } from './story.ts';

type Scene = (stack: Stack, story: Story, shop: FlakyShop) => Promise<void>;

/** Told in this order. */
export const scenes: readonly Scene[] = [
  paidOnce,
  refusedNotices,
  lostNotice,
  nobodyPays,
  functionDies,
  paidWhileClosing,
  wakeStorm,
  refundedInParts,
  paidLate,
  paidTwice,
  resolvedByPerson,
  merchantHears,
];
