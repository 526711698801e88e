import type { Stack } from '../stack.ts';
import { lastSecond, nobodyConfirms, paidAtTill } from './at-the-till.ts';
import type { FlakyShop } from './flaky-shop.ts';
import { functionDies, wakeStorm } from './hard-scenes.ts';
import { lessonsServed, planStoppedMidway } from './lessons.ts';
import { merchantHears } from './merchant-hears.ts';
import { paidLate, paidTwice, refundedInParts, resolvedByPerson } from './money-back.ts';
import { paidWhileClosing } from './odd-payments.ts';
import { lostNotice, nobodyPays, paidOnce, refusedNotices } from './plain-scenes.ts';
import type { Story } from './story.ts';

type Scene = (stack: Stack, story: Story, shop: FlakyShop) => Promise<void>;

export type Chapter = {
  readonly title: string;
  /** Whose orders they are. */
  readonly account: 'dev' | 'v2';
  readonly numberHead: string;
  readonly scenes: readonly Scene[];
};

const everyMerchant: readonly Scene[] = [
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
];

/** Told in this order. */
export const chapters: readonly Chapter[] = [
  {
    title: 'A merchant on APIv3',
    account: 'dev',
    numberHead: 'DEMO',
    scenes: [...everyMerchant, merchantHears],
  },
  {
    title: 'At the till: the merchant scans the code of the payer',
    account: 'dev',
    numberHead: 'TILL',
    scenes: [paidAtTill, lastSecond, nobodyConfirms],
  },
  {
    title: 'PayScore: sign once, serve many, charge each',
    account: 'dev',
    numberHead: 'PLAN',
    scenes: [lessonsServed, planStoppedMidway],
  },
  {
    title: 'The same for a merchant on APIv2',
    account: 'v2',
    numberHead: 'V2',
    scenes: [...everyMerchant, paidAtTill, lastSecond, nobodyConfirms],
  },
];
