/** A file that breaks one rule of the house, and the file that it must not know. */
export type Violation = {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** How `from` imports `to`, where it is not by its relative path. */
  readonly specifier?: string;
};

/** One violation for each rule of `.dependency-cruiser.mjs`, some with several. */
export const violations: readonly Violation[] = [
  { rule: 'no-circular', from: 'lib/core/about.ts', to: 'lib/core/round.ts' },
  { rule: 'core-imports-only-core', from: 'lib/core/up.ts', to: 'lib/app/leaf.ts' },
  {
    rule: 'core-imports-only-core',
    from: 'lib/core/aliased.ts',
    to: 'lib/adapters/sqs/leaf.ts',
    specifier: '#adapters/sqs/leaf.ts',
  },
  { rule: 'core-imports-only-core', from: 'lib/core/disk.ts', to: 'fs', specifier: 'node:fs' },
  {
    rule: 'core-imports-only-core',
    from: 'lib/core/typed.ts',
    to: 'node_modules/zod/index.js',
    specifier: 'zod',
  },
  { rule: 'app-imports-only-core', from: 'lib/app/down.ts', to: 'lib/adapters/sqs/leaf.ts' },
  { rule: 'app-imports-only-core', from: 'lib/app/config.ts', to: 'lib/config/leaf.ts' },
  {
    rule: 'adapters-not-to-app-or-config',
    from: 'lib/adapters/sqs/job.ts',
    to: 'lib/app/leaf.ts',
  },
  {
    rule: 'adapters-not-to-app-or-config',
    from: 'lib/adapters/sqs/settings.ts',
    to: 'lib/config/leaf.ts',
  },
  {
    rule: 'adapters-do-not-know-each-other',
    from: 'lib/adapters/sqs/table.ts',
    to: 'lib/adapters/dynamodb/leaf.ts',
  },
  {
    rule: 'wechat-versions-apart',
    from: 'lib/adapters/wechat/v3/old.ts',
    to: 'lib/adapters/wechat/v2/leaf.ts',
  },
  {
    rule: 'functions-do-not-know-each-other',
    from: 'functions/api/handler.ts',
    to: 'functions/notify/leaf.ts',
  },
  {
    rule: 'lib-not-to-functions-or-cdk',
    from: 'lib/adapters/sqs/infra.ts',
    to: 'cdk/leaf.ts',
  },
  { rule: 'cdk-imports-only-env-names', from: 'cdk/logic.ts', to: 'lib/core/leaf.ts' },
  { rule: 'cdk-imports-only-env-names', from: 'cdk/function.ts', to: 'functions/notify/leaf.ts' },
  {
    rule: 'runtime-not-to-cdk-lib',
    from: 'functions/notify/stack.ts',
    to: 'node_modules/aws-cdk-lib/index.js',
    specifier: 'aws-cdk-lib',
  },
  {
    rule: 'aws-sdk-only-in-adapters',
    from: 'lib/config/client.ts',
    to: 'node_modules/@aws-sdk/client-sqs/index.js',
    specifier: '@aws-sdk/client-sqs',
  },
  { rule: 'simulator-stands-alone', from: 'simulator/shared.ts', to: 'lib/core/leaf.ts' },
  {
    rule: 'nothing-deployed-knows-the-laptop',
    from: 'functions/notify/local.ts',
    to: 'simulator/leaf.ts',
  },
  { rule: 'client-stands-alone', from: 'client/src/shared.ts', to: 'lib/core/leaf.ts' },
  { rule: 'client-stands-alone', from: 'client/src/disk.ts', to: 'fs', specifier: 'node:fs' },
  {
    rule: 'client-stands-alone',
    from: 'client/src/checked.ts',
    to: 'node_modules/zod/index.js',
    specifier: 'zod',
  },
  {
    rule: 'examples-know-what-a-merchant-knows',
    from: 'examples/shop/inside.ts',
    to: 'client/src/leaf.ts',
  },
  {
    rule: 'examples-know-what-a-merchant-knows',
    from: 'examples/shop/house.ts',
    to: 'lib/core/leaf.ts',
  },
  {
    rule: 'nothing-deployed-knows-the-laptop',
    from: 'functions/api/shop.ts',
    to: 'examples/shop/leaf.ts',
  },
  {
    rule: 'nothing-deployed-knows-the-laptop',
    from: 'lib/core/merchant.ts',
    to: 'client/src/leaf.ts',
  },
  { rule: 'not-to-test', from: 'local/tested.ts', to: 'test/leaf.ts' },
  {
    rule: 'not-to-dev-dep',
    from: 'functions/notify/dev.ts',
    to: 'node_modules/fast-check/index.js',
    specifier: 'fast-check',
  },
  {
    rule: 'not-to-unresolvable',
    from: 'local/nowhere.ts',
    to: './not-there.ts',
    specifier: './not-there.ts',
  },
];

/** What closes the circle; dependency-cruiser tells each circle once. */
export const circle = { from: 'lib/core/round.ts', to: 'lib/core/about.ts' } as const;

/** A file that nobody knows and that knows nobody. */
export const orphan = 'lib/app/alone.ts';

/** Imports that the house allows: no rule may find them. */
export const allowed: readonly Omit<Violation, 'rule'>[] = [
  { from: 'lib/app/good.ts', to: 'lib/core/leaf.ts', specifier: '#core/leaf.ts' },
  { from: 'lib/adapters/sqs/good.ts', to: 'lib/core/leaf.ts' },
  {
    from: 'lib/adapters/sqs/client.ts',
    to: 'node_modules/@aws-sdk/client-sqs/index.js',
    specifier: '@aws-sdk/client-sqs',
  },
  {
    from: 'lib/adapters/wechat/v3/good.ts',
    to: 'lib/adapters/wechat/transport.ts',
  },
  { from: 'functions/notify/handler.ts', to: 'lib/app/leaf.ts' },
  { from: 'examples/shop/good.ts', to: 'client/src/index.ts' },
  { from: 'examples/shop/disk.ts', to: 'fs', specifier: 'node:fs' },
  {
    from: 'examples/shop/queue.ts',
    to: 'node_modules/@aws-sdk/client-sqs/index.js',
    specifier: '@aws-sdk/client-sqs',
  },
  { from: 'cdk/good.ts', to: 'lib/config/env-names.ts' },
  { from: 'test/good.ts', to: 'lib/core/leaf.ts' },
];
