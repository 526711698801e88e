/** Names of the environment variables that the stack sets and `config.ts` reads. */
export const envNames = {
  stage: 'STAGE',
  logLevel: 'LOG_LEVEL',
  tableName: 'TABLE_NAME',
  hintsQueueUrl: 'HINTS_QUEUE_URL',
  timersQueueUrl: 'TIMERS_QUEUE_URL',
  eventsQueueUrl: 'EVENTS_QUEUE_URL',
  /** Dead-letter queue of the queue that the function consumes. */
  parkingQueueUrl: 'PARKING_QUEUE_URL',
  /** Secrets are named `{prefix}/{account}`. */
  accountSecretPrefix: 'ACCOUNT_SECRET_PREFIX',
  wechatOrigin: 'WECHAT_ORIGIN',
  wechatBackupOrigin: 'WECHAT_BACKUP_ORIGIN',
  /** The callback of an account is `{notifyBaseUrl}/notify/{account}`. */
  notifyBaseUrl: 'NOTIFY_BASE_URL',
  jwksUrl: 'JWKS_URL',
  tokenIssuer: 'TOKEN_ISSUER',
  tokenAudience: 'TOKEN_AUDIENCE',
} as const;
