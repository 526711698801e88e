import { type SubjectKey, subjectId } from '#core/record.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import type { Functions } from './functions.ts';
import type { NoticeDesk } from './notices.ts';
import type { Site } from './site.ts';
import type { Wechat } from './wechat.ts';

/** What everybody who touches an order has at hand. */
export type OrderActors = {
  readonly site: Site;
  readonly functions: () => Functions;
  readonly wechat: Wechat;
  readonly desk: NoticeDesk;
  /** A merchant begins to place this order. */
  readonly onPut: (key: SubjectKey) => void;
  readonly onLink: (key: SubjectKey, link: string) => void;
  /** The client was told that this refund is there. */
  readonly onRefundAnswered: (key: SubjectKey, request: NewRefund) => void;
  /** What is to happen once an order is paid at WeChat, or its link was handed out. */
  readonly oncePaid: Once;
  readonly onceLinked: Once;
  /** A payer's code is being charged. */
  readonly onceCharged: Once;
  readonly nextRequestId: () => string;
};

/** What waits for something that happens to a subject. */
export type Once = {
  wait(key: SubjectKey, run: () => void): void;
  happens(key: SubjectKey): void;
};

export function createOnce(): Once {
  const waiting = new Map<string, readonly (() => void)[]>();
  return {
    wait: (key, run) => {
      const id = subjectId(key);
      waiting.set(id, [...(waiting.get(id) ?? []), run]);
    },
    happens: (key) => {
      const id = subjectId(key);
      const runs = waiting.get(id) ?? [];
      waiting.delete(id);
      for (const run of runs) {
        run();
      }
    },
  };
}
