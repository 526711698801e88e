/** Names of the environment variables that the stack sets and `config.ts` reads. */
export const envNames = {
  stage: 'STAGE',
  logLevel: 'LOG_LEVEL',
  tableName: 'TABLE_NAME',
  hintsQueueUrl: 'HINTS_QUEUE_URL',
  timersQueueUrl: 'TIMERS_QUEUE_URL',
  eventsQueueUrl: 'EVENTS_QUEUE_URL',
  /** Whose events may lie in `events.fifo`. */
  eventsTenant: 'EVENTS_TENANT',
  webhooksQueueUrl: 'WEBHOOKS_QUEUE_URL',
  setAsideQueueUrl: 'SET_ASIDE_QUEUE_URL',
  setAsideParkingQueueUrl: 'SET_ASIDE_PARKING_QUEUE_URL',
  /** `yes` where webhooks may be plain HTTP on 127.0.0.1. */
  allowsLoopback: 'ALLOWS_LOOPBACK',
  /** Dead-letter queue of the queue that the function consumes. */
  parkingQueueUrl: 'PARKING_QUEUE_URL',
  /** Secrets are named `{prefix}/{account}`. */
  accountSecretPrefix: 'ACCOUNT_SECRET_PREFIX',
  wechatOrigin: 'WECHAT_ORIGIN',
  wechatBackupOrigin: 'WECHAT_BACKUP_ORIGIN',
  /** The callback of an account is `{notifyBaseUrl}/notify/{account}`. */
  notifyBaseUrl: 'NOTIFY_BASE_URL',
  /** The keys of the issuer of tokens: one of these two is set. */
  jwksUrl: 'JWKS_URL',
  jwks: 'JWKS',
  tokenIssuer: 'TOKEN_ISSUER',
  tokenAudience: 'TOKEN_AUDIENCE',
} as const;
