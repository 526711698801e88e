import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '..', '..', '..');
const tscPath = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
);

/** Runs a program of Node in `cwd`, as if nobody had started this one with npm; answers what it wrote. */
function run(cwd: string, ...values: readonly string[]): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, values, {
    cwd,
    env: { ...env, npm_config_cache: join(cwd, '.npm'), npm_config_update_notifier: 'false' },
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${values.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

/** The npm that runs the tests, else the one that came with this machine's Node. */
function npm(cwd: string, ...values: readonly string[]): string {
  const path = process.env['npm_execpath'];
  assert.ok(path !== undefined, 'Run the tests by npm.');
  return run(cwd, path, ...values);
}

const program = `
import {
  createClient,
  createMemoryEventStore,
  createOnceHandler,
  createWebhookVerifier,
  EventRefusedError,
  readEvent,
  WechatpayError,
} from 'wechatpay-serverless-client';

const client = createClient({
  baseUrl: 'https://pay.example.com',
  account: 'shop',
  token: 'token',
  fetch: async () => Response.json({ out_trade_no: 'A-1001', status: 'CLOSED' }),
});
const { status } = await client.closeOrder('A-1001');
const broken = createClient({
  baseUrl: 'https://pay.example.com',
  account: 'shop',
  token: 'token',
  retries: 0,
  fetch: () => Promise.reject(new TypeError('fetch failed')),
});
const error = await broken.getOrder('A-1001').catch((thrown) => thrown);
const key = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const webhook = {
  'webhook-id': 'x',
  'webhook-timestamp': '1795233621',
  'webhook-signature': 'v1a,' + btoa('x'.repeat(64)),
};
const refused = await createWebhookVerifier({ keys: [key], now: () => 1795233621000 })
  .verify(webhook, '{}')
  .catch((thrown) => thrown);
const subject = 'order#1900000001#A-1001';
const event = readEvent(JSON.stringify({
  specversion: '1.0', id: subject + '/order.frozen/1', source: '/accounts/shop', type: 'order.frozen',
  subject, time: '2026-11-21T04:00:21.042Z', datacontenttype: 'application/json',
  sequence: '0000000002', data: {},
}));
const handle = createOnceHandler({
  store: createMemoryEventStore(), older: 'drop', handle: () => undefined,
});
console.log(JSON.stringify([
  status,
  error instanceof WechatpayError && error.code,
  refused instanceof EventRefusedError && refused.code,
  event.type,
  await handle(event),
  await handle(event),
]));
`;

/** What the types allow, and what they do not. */
const typed = `
import {
  type Client,
  type JsapiPayment,
  type MerchantEvent,
  readEvent,
  type WechatpayError,
} from 'wechatpay-serverless-client';

export async function place(client: Client): Promise<string | undefined> {
  const terms = { description: 'Tea', amount: { total: 8800, currency: 'CNY' } } as const;
  const native = await client.putOrder('A-1001', { ...terms, trade_type: 'NATIVE' });
  const jsapi = await client.putOrder('A-1002', {
    ...terms,
    trade_type: 'JSAPI',
    payer: { openid: 'o' },
  });
  const pay: JsapiPayment | undefined = jsapi.pay;
  // @ts-expect-error A NATIVE order is not paid with a signed set.
  native.pay;
  // @ts-expect-error A JSAPI order has no code.
  jsapi.code_url;
  // @ts-expect-error A JSAPI order names its payer.
  await client.putOrder('A-1003', { ...terms, trade_type: 'JSAPI' });
  // @ts-expect-error An H5 order says where its payer is.
  await client.putOrder('A-1004', { ...terms, trade_type: 'H5' });
  const charged = await client.putOrder('A-1008', {
    ...terms,
    trade_type: 'MICROPAY',
    auth_code: '134567890123456789',
  });
  const shown = charged.waits ? await client.waitForOrder('A-1008') : charged;
  // @ts-expect-error A code payment has no link.
  charged.code_url;
  // @ts-expect-error Only a code payment can wait.
  native.waits;
  // @ts-expect-error A code payment names the code.
  await client.putOrder('A-1009', { ...terms, trade_type: 'MICROPAY' });
  // @ts-expect-error A code payment has no time of its own.
  await client.putOrder('A-1010', { ...terms, trade_type: 'MICROPAY', auth_code: '1', time_expire: '' });
  // @ts-expect-error There is no such way to pay.
  await client.putOrder('A-1005', { ...terms, trade_type: 'MWEB' });
  // @ts-expect-error Money is a number of fen.
  await client.putOrder('A-1006', { ...terms, trade_type: 'APP', amount: { total: '1', currency: 'CNY' } });
  // @ts-expect-error A person decides one of three things.
  await client.resolveOrder('A-1007', { action: 'ignore', by: 'li', why: 'so' });
  const amount = { refund: 1, currency: 'CNY' } as const;
  await client.putRefund('R-1001', { out_order_no: 'lesson-1', amount });
  // @ts-expect-error A refund is of something.
  await client.putRefund('R-1002', { amount });
  // @ts-expect-error A refund is of one thing.
  await client.putRefund('R-1003', { out_trade_no: 'A-1001', out_order_no: 'lesson-1', amount });
  const { launch } = await client.getSignPlan('sign-1');
  // @ts-expect-error It can be signed no more.
  launch.app;
  // @ts-expect-error A service order has a beginning.
  await client.putServiceOrder('lesson-1', { merchant_sign_plan_no: 'sign-1', service_introduction: 'x', time_range: {} });
  return pay?.paySign ?? native.code_url ?? shown.status;
}

export function tell(event: MerchantEvent): string {
  switch (event.type) {
    case 'order.paid':
      return event.data.accepted_by ?? event.data.out_trade_no;
    case 'order.closed':
    case 'order.review':
      return event.data.reason;
    case 'refund.refused':
      // @ts-expect-error WeChat never knew it.
      return event.data.refund_id;
    case 'refund.succeeded':
      return event.data.refund_id;
    case 'service-order.refused':
      return event.data.last_command.reason;
    case 'service-order.paid':
      // @ts-expect-error There may have been none.
      return event.data.last_command.name;
    case 'unknown':
      return event.unknown_type;
    // @ts-expect-error There is no such type.
    case 'order.payed':
      return '';
    default:
      // @ts-expect-error Not every event has a reason.
      return event.data.reason;
  }
}

export function explain(error: WechatpayError): number | undefined {
  // @ts-expect-error There is no such code.
  if (error.code === 'order_conflcit') {
    return 0;
  }
  return error.code === 'order_conflict' || error.code === 'timeout' ? error.status : undefined;
}

// @ts-expect-error An event is not changed afterwards.
readEvent('').type = 'order.paid';
`;

/** Enough of it for the example of the README. */
const pgTypes = `declare module 'pg' {
  type Result = { rowCount: number | null };
  export class PoolClient {
    query(sql: string, values?: readonly unknown[]): Promise<Result>;
    release(): void;
  }
  export class Pool {
    connect(): Promise<PoolClient>;
  }
}
`;

describe('the packed client', () => {
  let folder: string;
  let project: string;
  const inProject = (name: string): string => join(project, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'client-package-'));
    project = join(folder, 'project');
    const made = join(folder, 'package');
    await mkdir(made);
    await mkdir(project);
    for (const name of ['package.json', 'README.md']) {
      await cp(join(root, 'client', name), join(made, name));
    }
    const config = join(root, 'client', 'tsconfig.build.json');
    run(root, tscPath, '-p', config, '--outDir', join(made, 'dist'));
    npm(made, 'pack', '--pack-destination', project);
    const manifest = { name: 'project', private: true, type: 'module' };
    await writeFile(inProject('package.json'), JSON.stringify(manifest));
    const tarball = './wechatpay-serverless-client-0.1.0.tgz';
    npm(project, 'install', tarball, '--offline', '--no-audit', '--no-fund');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('holds its code, its types and its page, and needs nothing else', async () => {
    const installed = inProject('node_modules');
    const packages = await readdir(installed);
    assert.deepEqual(
      packages.filter((name) => !name.startsWith('.')),
      ['wechatpay-serverless-client'],
    );
    const files = await readdir(join(installed, 'wechatpay-serverless-client'), {
      recursive: true,
    });
    const sources = await readdir(join(root, 'client', 'src'));
    const built = sources.flatMap((name) => {
      const stem = join('dist', name.replace(/[.]ts$/, ''));
      return [`${stem}.js`, `${stem}.d.ts`];
    });
    assert.deepEqual(files.sort(), ['README.md', 'dist', 'package.json', ...built].sort());
  });

  it('imports nothing but itself', async () => {
    const dist = inProject('node_modules/wechatpay-serverless-client/dist');
    for (const name of await readdir(dist)) {
      const text = await readFile(join(dist, name), 'utf8');
      const imported = [...text.matchAll(/(?:from|import)\s*\(?['"]([^'"]+)['"]/g)];
      assert.deepEqual(
        imported
          .map(([, path = '']) => path)
          .filter((path) => !/^[.]\/[a-z-]+[.](js|ts)$/.test(path)),
        [],
        name,
      );
      assert.doesNotMatch(text, /\b(?:process|Buffer|require|__dirname)\b[.(]/, name);
    }
  });

  it('runs', async () => {
    await writeFile(inProject('program.js'), program);
    assert.deepEqual(JSON.parse(run(project, 'program.js')), [
      'CLOSED',
      'network',
      'no_match',
      'unknown',
      'handled',
      'repeated',
    ]);
  });

  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    it(`is typed, and so are the examples of its page (${moduleResolution})`, async () => {
      const page = await readFile(join(root, 'client', 'README.md'), 'utf8');
      const examples = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text);
      assert.equal(examples.length, 6);
      await writeFile(inProject('typed.ts'), typed);
      await writeFile(inProject('pg.d.ts'), pgTypes);
      for (const [index, text] of examples.entries()) {
        await writeFile(inProject(`example-${index}.ts`), text);
      }
      const compilerOptions = {
        ...{ target: 'es2022', lib: ['es2022', 'dom'], types: [], module, moduleResolution },
        ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
      };
      const config = { compilerOptions, include: ['*.ts'] };
      await writeFile(inProject('tsconfig.json'), JSON.stringify(config));
      run(project, tscPath, '-p', 'tsconfig.json');
    });
  }
});
