/** A list price without free tier, in US dollars. */
export type Price = {
  readonly usd: number;
  /** What one buys for it: so many requests, units, bytes … */
  readonly per: number;
  /** The page that is in charge of the price. */
  readonly page: string;
  /** The month in which the price was last read, there or where others quote it. */
  readonly readIn: string;
  /** Whether AWS itself said so: its page or its price list. Others quote the rest alike. */
  readonly isConfirmed: boolean;
};

const million = 1_000_000;

/** us-east-1, Lambda on ARM. Prices of the China regions are in CNY and could not be read. */
export const region = 'us-east-1';

export const prices = {
  httpApiRequest: {
    usd: 1,
    per: million,
    page: 'https://aws.amazon.com/api-gateway/pricing/',
    readIn: '2026-09',
    isConfirmed: true,
  },
  lambdaRequest: {
    usd: 0.2,
    per: million,
    page: 'https://aws.amazon.com/lambda/pricing/',
    readIn: '2026-06',
    isConfirmed: true,
  },
  lambdaGigabyteSecond: {
    usd: 13.3334,
    per: million,
    page: 'https://aws.amazon.com/lambda/pricing/',
    readIn: '2026-06',
    isConfirmed: true,
  },
  sqsStandardRequest: {
    usd: 0.4,
    per: million,
    page: 'https://aws.amazon.com/sqs/pricing/',
    readIn: '2026-09',
    isConfirmed: false,
  },
  sqsFifoRequest: {
    usd: 0.5,
    per: million,
    page: 'https://aws.amazon.com/sqs/pricing/',
    readIn: '2026-06',
    isConfirmed: false,
  },
  writeUnit: {
    usd: 0.625,
    per: million,
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    readIn: '2026-10',
    isConfirmed: true,
  },
  readUnit: {
    usd: 0.125,
    per: million,
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    readIn: '2026-10',
    isConfirmed: true,
  },
  logByte: {
    usd: 0.5,
    per: 1_000_000_000,
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    readIn: '2026-06',
    isConfirmed: false,
  },
  /** What EventBridge Scheduler takes; whether a rule's schedule costs anything could not be read. */
  scheduledEvent: {
    usd: 1,
    per: million,
    page: 'https://aws.amazon.com/eventbridge/pricing/',
    readIn: '2026-03',
    isConfirmed: false,
  },
  secretMonth: {
    usd: 0.4,
    per: 1,
    page: 'https://aws.amazon.com/secrets-manager/pricing/',
    readIn: '2026-06',
    isConfirmed: false,
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;

/** What nobody could measure here: stated, for a function that is warm. */
export const stated = {
  /** As `cdk/constructs/service-function.ts` configures it. */
  memoryMegabytes: 256,
  invocationMs: 10,
  wechatCallMs: 150,
  awsCallMs: 8,
} as const;
