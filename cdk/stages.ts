export type Stage = {
  /** Also part of every name: `wechatpay-{name}`. */
  readonly name: 'dev' | 'staging' | 'prod';
  /** Where it goes; absent: wherever the credentials of the deployment belong. */
  readonly env?: { readonly account: string; readonly region: string };
  /** An empty secret is made for each; the merchant fills it in. Others may be added by hand. */
  readonly accounts: readonly string[];
  /** Keeps table and secrets whatever happens to the stack, and guards both against deletion. */
  readonly keepsData: boolean;
  /** Lets the parameters name plain-HTTP origins on 127.0.0.1; refused for prod. */
  readonly allowsLoopback: boolean;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN';
  readonly logRetentionDays: 7 | 30 | 90;
  /** Requests of the public API per second, and how many may come at once. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Batches at the same time, each of up to ten messages. */
  readonly maxConcurrency: { readonly confirm: number; readonly watch: number };
};

export const stages: readonly Stage[] = [
  {
    name: 'dev',
    accounts: ['dev'],
    keepsData: false,
    allowsLoopback: true,
    logLevel: 'DEBUG',
    logRetentionDays: 7,
    throttle: { ratePerSecond: 50, burst: 100 },
    maxConcurrency: { confirm: 5, watch: 5 },
  },
  {
    name: 'staging',
    accounts: ['main'],
    keepsData: true,
    allowsLoopback: false,
    logLevel: 'INFO',
    logRetentionDays: 30,
    throttle: { ratePerSecond: 100, burst: 200 },
    maxConcurrency: { confirm: 10, watch: 5 },
  },
  {
    name: 'prod',
    accounts: ['main'],
    keepsData: true,
    allowsLoopback: false,
    logLevel: 'INFO',
    logRetentionDays: 90,
    throttle: { ratePerSecond: 500, burst: 1000 },
    maxConcurrency: { confirm: 50, watch: 20 },
  },
];

/** Throws when a stage asks for what it must not have. */
export function checkStage(stage: Stage): void {
  if (stage.name === 'prod' && stage.allowsLoopback) {
    throw new Error('Stage prod: allowsLoopback is for laptops');
  }
  if (stage.name === 'prod' && !stage.keepsData) {
    throw new Error('Stage prod: keepsData must be set');
  }
  const wrong = stage.accounts.find((name) => !/^[a-z][a-z0-9-]{0,31}$/.test(name));
  if (wrong !== undefined) {
    throw new Error(`Stage ${stage.name}: "${wrong}" is not an account name`);
  }
}
