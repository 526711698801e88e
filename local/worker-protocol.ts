import type { ClockSetting } from './clock.ts';

/** What a worker is started with. */
export type WorkerSettings = {
  readonly file: string;
  readonly exportName: string;
  readonly clock: ClockSetting;
  /** Certificate authorities that it trusts beside the usual ones, in PEM. */
  readonly authorities: readonly string[];
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  readonly logStream: string;
};

/** Runner → worker: one invocation; the next is sent when this one was answered. */
export type WorkerCall = {
  readonly requestId: string;
  /** JSON text, as Lambda hands it over. */
  readonly event: string;
  readonly timeoutMs: number;
};

/** Worker → runner: `ready` once, then one answer a call. */
export type WorkerAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly payload: string }
  | { readonly type: 'failed'; readonly errorType: string; readonly errorMessage: string };
