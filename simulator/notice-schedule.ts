/**
 * The waits between tries of a notice in seconds, the same in APIv2 and APIv3 (document 4012791861): 86,640 s in all.
 * The first send is at once, so a notice that is never received is sent 16 times: once and 15 times again.
 */
export const NOTICE_WAITS_S: readonly number[] = [
  15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

/** The wait from the start of try n (from 1) to the start of the next one; undefined after the last. */
export const waitAfterTryMs = (tryNumber: number): number | undefined => {
  const waitS = NOTICE_WAITS_S[tryNumber - 1];
  return waitS === undefined ? undefined : waitS * 1_000;
};

/** Only these two end the tries of a notice of APIv3 (document 4012791861). */
export const isReceived = (status: number | null): boolean => status === 200 || status === 204;

/** What happens to a notice on its way: `lost` never arrives, `tripled` is sent three times a second apart, `probed` carries a false signature in its first try (document 4013071196), which APIv2 never does. */
export type NoticePlan =
  | { readonly mode: 'normal' | 'lost' | 'tripled' | 'probed' }
  | { readonly mode: 'late'; readonly delayMs: number };

export const PLAN_MODES: readonly NoticePlan['mode'][] = [
  'normal',
  'lost',
  'tripled',
  'probed',
  'late',
];
