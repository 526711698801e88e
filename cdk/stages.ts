export type StageAccount = {
  readonly name: string;
  /** Owns the account; its secret must say the same. */
  readonly tenant: string;
  /** Where its events go: all `queue` accounts of a stage belong to one tenant, who reads `events.fifo`. */
  readonly events: 'queue' | 'webhook';
};

export type Stage = {
  /** Also part of every name: `wechatpay-{name}`. */
  readonly name: 'dev' | 'staging' | 'prod';
  /** Where it goes; absent: wherever the credentials of the deployment belong. */
  readonly env?: { readonly account: string; readonly region: string };
  /** An empty secret is made for each; the merchant fills it in. Others may be added by hand. */
  readonly accounts: readonly StageAccount[];
  /** Keeps table and secrets whatever happens to the stack, and guards both against deletion. */
  readonly keepsData: boolean;
  /** Lets the parameters name plain-HTTP origins on 127.0.0.1; refused for prod. */
  readonly allowsLoopback: boolean;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN';
  readonly logRetentionDays: 7 | 30 | 90;
  /** Requests of the public API per second, and how many may come at once. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Batches at the same time, each of up to ten messages. */
  readonly maxConcurrency: {
    readonly confirm: number;
    readonly watch: number;
    readonly deliver: number;
  };
};

export const stages: readonly Stage[] = [
  {
    name: 'dev',
    accounts: [
      { name: 'dev', tenant: 'dev', events: 'queue' },
      { name: 'v2', tenant: 'dev', events: 'queue' },
      { name: 'web', tenant: 'web', events: 'webhook' },
    ],
    keepsData: false,
    allowsLoopback: true,
    logLevel: 'DEBUG',
    logRetentionDays: 7,
    throttle: { ratePerSecond: 50, burst: 100 },
    maxConcurrency: { confirm: 5, watch: 5, deliver: 5 },
  },
  {
    name: 'staging',
    accounts: [{ name: 'main', tenant: 'main', events: 'queue' }],
    keepsData: true,
    allowsLoopback: false,
    logLevel: 'INFO',
    logRetentionDays: 30,
    throttle: { ratePerSecond: 100, burst: 200 },
    maxConcurrency: { confirm: 10, watch: 5, deliver: 10 },
  },
  {
    name: 'prod',
    accounts: [{ name: 'main', tenant: 'main', events: 'queue' }],
    keepsData: true,
    allowsLoopback: false,
    logLevel: 'INFO',
    logRetentionDays: 90,
    throttle: { ratePerSecond: 500, burst: 1000 },
    maxConcurrency: { confirm: 50, watch: 20, deliver: 50 },
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
  const wrongName = stage.accounts.find(({ name }) => !/^[a-z][a-z0-9-]{0,31}$/.test(name));
  if (wrongName !== undefined) {
    throw new Error(`Stage ${stage.name}: "${wrongName.name}" is not an account name`);
  }
  const wrongTenant = stage.accounts.find(({ tenant }) => !/^[0-9A-Za-z_.-]{1,64}$/.test(tenant));
  if (wrongTenant !== undefined) {
    throw new Error(`Stage ${stage.name}: "${wrongTenant.tenant}" is not a tenant`);
  }
  const readers = queueTenants(stage);
  if (readers.length > 1) {
    const list = readers.join(' and ');
    throw new Error(`Stage ${stage.name}: ${list} would read each other's events in events.fifo`);
  }
}

/** Who reads `events.fifo`; one at most where the stage is in order. */
export function queueTenants({ accounts }: Stage): readonly string[] {
  const tenants = accounts.filter(({ events }) => events === 'queue').map(({ tenant }) => tenant);
  return [...new Set(tenants)];
}
