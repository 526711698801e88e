import { type AnyNotice, hasArrived } from './notice-format.ts';
import type { NoticeMessage } from './notice-message.ts';
import { type NoticePlan, waitAfterTryMs } from './notice-schedule.ts';
import type { SignatureFlaw } from './signing.ts';
import type { Timers } from './timers.ts';
import { beijingTime } from './timers.ts';
import type { Transmission, Transmit } from './transmit.ts';

/** One send of a notice; `status` is the receiver's answer. */
export type Delivery = {
  readonly notice_id: string;
  /** Present when it is about a refund of the order. */
  readonly out_refund_no?: string;
  readonly kind: string;
  readonly attempt: number;
  readonly at: string;
  readonly status: number | null;
  readonly error?: string;
};

export type NoticeDesk = {
  /** Sends by the schedule until it is received; the first send is at once. */
  readonly start: (notice: AnyNotice, plan: NoticePlan) => void;
  /** Sends once, now, whatever was sent before; gives what came of it. */
  readonly sendOnce: (
    notice: AnyNotice,
    kind: string,
    message: NoticeMessage,
  ) => Promise<Transmission>;
  /** The sends about one order, oldest first; the last 100 are kept. */
  readonly deliveries: (mchid: string, outTradeNo: string) => readonly Delivery[];
  /** Drops what is owed and what is known about one order. */
  readonly forget: (mchid: string, outTradeNo: string) => void;
  /** Calls off everything still owed. */
  readonly stop: () => void;
};

export type NoticeDeskOptions = {
  readonly timers: Timers;
  readonly transmit: Transmit;
  /** Seals and signs one send of a notice, as of now. */
  readonly compose: (notice: AnyNotice, flaw: SignatureFlaw | undefined) => NoticeMessage;
  /** The wait from the start of try n (from 1) to the next one; that of payments when absent. */
  readonly waitAfterTryMs?: (tryNumber: number) => number | undefined;
};

/** Keeps the promises of document 4012791861: tries again by the schedule until the notice is received. */
export const createNoticeDesk = (options: NoticeDeskOptions): NoticeDesk => {
  const desk: Desk = { waitAfterTryMs, ...options, logs: new Map(), runs: new Map() };
  return {
    start: (notice, plan) => startNotice(desk, notice, plan),
    sendOnce: (notice, kind, message) => send(desk, notice, message, { kind, attempt: 1 }),
    deliveries: (mchid, outTradeNo) => desk.logs.get(orderKey({ mchid, outTradeNo })) ?? [],
    forget: (mchid, outTradeNo) => {
      const key = orderKey({ mchid, outTradeNo });
      for (const run of desk.runs.get(key) ?? []) endRun(desk, run);
      desk.logs.delete(key);
    },
    stop: () => {
      for (const open of desk.runs.values()) for (const run of open) endRun(desk, run);
    },
  };
};

/** Sends still to come about one notice. */
type Run = {
  readonly notice: AnyNotice;
  readonly mode: NoticePlan['mode'];
  readonly cancels: Set<() => void>;
  done: boolean;
};

type Desk = Required<NoticeDeskOptions> & {
  readonly logs: Map<string, Delivery[]>;
  readonly runs: Map<string, Set<Run>>;
};

const COPY_GAP_MS = 1_000;

const startNotice = (desk: Desk, notice: AnyNotice, plan: NoticePlan): void => {
  if (plan.mode === 'lost') {
    const how = { kind: 'true', attempt: 1, at: beijingTime(desk.timers.now()) };
    record(desk, notice, how, { status: null, error: 'lost on the way' });
    return;
  }
  const run = openRun(desk, notice, plan.mode);
  if (plan.mode === 'late') later(desk, run, plan.delayMs, () => attempt(desk, run, 1));
  else void attempt(desk, run, 1);
  if (plan.mode === 'tripled') {
    const copies = openRun(desk, notice, plan.mode);
    later(desk, copies, COPY_GAP_MS, () => attempt(desk, copies, undefined));
    later(desk, copies, 2 * COPY_GAP_MS, () => attempt(desk, copies, undefined));
  }
};

/** One send; a numbered try arms the next one, a copy does not. */
const attempt = async (desk: Desk, run: Run, tryNumber: number | undefined): Promise<void> => {
  const startedAtMs = desk.timers.now();
  const flaw = isProbe(run, tryNumber) ? 'probe' : undefined;
  const how = { kind: flaw ?? 'true', attempt: tryNumber ?? 1 };
  const outcome = await send(desk, run.notice, desk.compose(run.notice, flaw), how);
  if (run.done) return;
  if (tryNumber === undefined) {
    if (run.cancels.size === 0) endRun(desk, run);
    return;
  }
  const waitMs = desk.waitAfterTryMs(tryNumber);
  if (hasArrived(run.notice, outcome) || waitMs === undefined) {
    endRun(desk, run);
    return;
  }
  const nextInMs = Math.max(0, startedAtMs + waitMs - desk.timers.now());
  later(desk, run, nextInMs, () => attempt(desk, run, tryNumber + 1));
};

/** APIv2 knows no probes. */
const isProbe = ({ mode, notice }: Run, tryNumber: number | undefined): boolean =>
  mode === 'probed' && tryNumber === 1 && notice.v2 === undefined;

type SendLabel = { readonly kind: string; readonly attempt: number };

const send = async (
  desk: Desk,
  notice: AnyNotice,
  message: NoticeMessage,
  label: SendLabel,
): Promise<Transmission> => {
  const how = { ...label, at: beijingTime(desk.timers.now()) };
  const outcome = await desk.transmit(notice.url, message);
  record(desk, notice, how, outcome);
  return outcome;
};

const KEPT_DELIVERIES = 100;

const record = (
  desk: Desk,
  notice: AnyNotice,
  how: SendLabel & { readonly at: string },
  { status, error }: Transmission,
): void => {
  const { id: notice_id, outRefundNo } = notice;
  const about = outRefundNo === undefined ? {} : { out_refund_no: outRefundNo };
  const failure = error === undefined ? {} : { error };
  const delivery: Delivery = { notice_id, ...about, ...how, status, ...failure };
  const key = orderKey(notice);
  const log = desk.logs.get(key) ?? [];
  log.push(delivery);
  if (log.length > KEPT_DELIVERIES) log.shift();
  desk.logs.set(key, log);
};

const openRun = (desk: Desk, notice: AnyNotice, mode: NoticePlan['mode']): Run => {
  const run: Run = { notice, mode, cancels: new Set(), done: false };
  const key = orderKey(notice);
  desk.runs.set(key, (desk.runs.get(key) ?? new Set()).add(run));
  return run;
};

const endRun = (desk: Desk, run: Run): void => {
  run.done = true;
  for (const cancel of run.cancels) cancel();
  run.cancels.clear();
  const key = orderKey(run.notice);
  const open = desk.runs.get(key);
  open?.delete(run);
  if (open?.size === 0) desk.runs.delete(key);
};

const later = (desk: Desk, run: Run, waitMs: number, act: () => Promise<void>): void => {
  const cancel = desk.timers.after(waitMs, () => {
    run.cancels.delete(cancel);
    void act();
  });
  run.cancels.add(cancel);
};

const orderKey = (order: { readonly mchid: string; readonly outTradeNo: string }): string =>
  `${order.mchid} ${order.outTradeNo}`;
