/** Bounds that the stack and the code must agree on. Policies in time are in `core/timing.ts`. */
export const limits = {
  functionTimeoutSeconds: 30,
  /** Six times the function's timeout, and a redelivery still inside FIFO's 5-minute window. */
  visibilityTimeoutSeconds: 180,
  /** A kill fails a whole batch and costs each of its messages a receive: be generous. */
  maxReceiveCount: 20,
  /** A delivery waits longer and is looked at more often: while its endpoint fails, or is down. */
  maxDeliveryReceiveCount: 200,
  maxSetAsideReceiveCount: 1_000,
  batchSize: 10,
  messageRetentionDays: 4,
  eventRetentionDays: 14,
  deadLetterRetentionDays: 14,
  dueShards: 16,
  dueIndexName: 'due',
  /** Rows that one run of the sweep leases in one shard. */
  sweepRowsPerShard: 100,
  /** The sweep begins a further batch of leases only with this much of its time left. */
  sweepNeedsMs: 12_000,
  /** A notice's ciphertext may be 1 MiB (4012791861). */
  noticeBodyBytes: 1_500_000,
  apiBodyBytes: 65_536,
  wechatConnectTimeoutMs: 2_000,
  /** Both domains together. */
  wechatTotalTimeoutMs: 8_000,
  /** A call to WeChat starts only with this much of the function's time left. */
  wechatCallNeedsMs: 9_000,
  /** All of one attempt at a webhook; it starts only with a second more of the function's time left. */
  deliveryTimeoutMs: 5_000,
  deliveryNeedsMs: 8_000,
  accountCacheMs: 300_000,
  unknownAccountCacheMs: 60_000,
  accountRefreshMs: 30_000,
} as const;
