import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { until } from '../../../local/stack-client.ts';
import { eventText } from '../../unit/client/events.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'examples', 'shop', 'webhook.ts');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const pair = generateKeyPairSync('ed25519');
const { x = '' } = pair.publicKey.export({ format: 'jwk' });
const publicKey = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;

type Running = { readonly url: string; readonly child: ChildProcess };

describe('webhook.ts as its page starts it', () => {
  async function folderFor(context: TestContext): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-'));
    context.after(() => rm(folder, { recursive: true }));
    return folder;
  }

  function start(context: TestContext, database: string, keys: string) {
    const child = spawn(process.execPath, [script, '--port', '0', '--database', database], {
      env: { ...process.env, WEBHOOK_KEYS: keys },
    });
    context.after(() => child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    return { child, output: () => output };
  }

  async function open(context: TestContext, database: string): Promise<Running> {
    const { child, output } = start(context, database, `${secret} ${publicKey}`);
    const port = await until('it listens', () => /port: (\d+)/.exec(output())?.[1], 60_000);
    assert.doesNotMatch(output(), /Warning/);
    return { child, url: `http://127.0.0.1:${port}/` };
  }

  /** Signed just now; `by` the secret or the key pair. */
  async function deliver(url: string, by: 'secret' | 'pair', number: string): Promise<number> {
    const body = eventText('order.paid', { number });
    const id = `order#1900000001#${number}/order_paid/1`;
    const now = new Date();
    const seconds = Math.floor(now.getTime() / 1_000);
    const content = Buffer.from(`${id}.${seconds}.${body}`);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature':
        by === 'secret'
          ? new Webhook(secret).sign(id, now, body)
          : `v1a,${sign(null, content, pair.privateKey).toString('base64')}`,
    };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  }

  it('ships once, also after it was killed and started again', async (context) => {
    const database = join(await folderFor(context), 'shop.db');
    const first = await open(context, database);
    assert.equal(await deliver(first.url, 'secret', 'A-1001'), 204);
    assert.equal(await deliver(first.url, 'pair', 'A-1002'), 204);
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    const second = await open(context, database);
    assert.equal(await deliver(second.url, 'pair', 'A-1001'), 204);
    assert.equal(await deliver(second.url, 'secret', 'A-1002'), 204);
    const books = new DatabaseSync(database, { readOnly: true });
    context.after(() => books.close());
    const parcels = books.prepare('SELECT out_trade_no FROM shipments ORDER BY 1').all();
    assert.deepEqual(
      parcels.map((row) => row['out_trade_no']),
      ['A-1001', 'A-1002'],
    );
  });

  for (const keys of ['', ' ', 'whsec_', secret.slice(6)]) {
    it(`does not start with the keys ${JSON.stringify(keys)}`, async (context) => {
      const database = join(await folderFor(context), 'shop.db');
      const { child, output } = start(context, database, keys);
      const [code] = await once(child, 'close');
      assert.equal(code, 1);
      assert.match(output(), /TypeError/);
    });
  }
});
