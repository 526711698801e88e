import { ok } from '#core/result.ts';
import { noticeEventData } from '#core/subjects/notice/notice.ts';
import type { SubjectKind } from './subject-kind.ts';

/** Notices that we do not handle: kept and announced once; there is nothing to look at. */
export const noticeKind: SubjectKind = {
  open: (record) => {
    const data = noticeEventData(record);
    if (!data.ok) {
      return data;
    }
    return ok({
      settled: true,
      rests: true,
      nextLook: (now) => now,
      looksFor: () => false,
      consider: () => Promise.resolve({ decision: { type: 'quiet' }, answer: 'none' }),
      eventData: () => data.value,
    });
  },
  adopt: () => Promise.resolve(undefined),
};
