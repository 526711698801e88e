import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createWebhookVerifier } from '../../client/src/index.ts';
import { openShop } from '../../examples/shop/shop.ts';
import { createWebhookServer } from '../../examples/shop/webhook.ts';
import { closeServer, listenOnLoopback } from '../listen.ts';

/** The shop of `examples/shop`, as the endpoint of a webhook, which fails every other time. */
export type FlakyShop = {
  readonly webhook: { readonly url: string; readonly keys: readonly string[] };
  /** Requests that came, and how many of them failed on purpose. */
  readonly attempts: () => { readonly all: number; readonly failed: number };
  /** The orders that it sent a parcel for, as often as it did. */
  readonly parcels: () => readonly string[];
  readonly refunds: () => readonly string[];
  /** The ids that it handled. */
  readonly handled: () => readonly string[];
  /** From now on it works. */
  readonly recover: () => void;
  readonly stop: () => Promise<void>;
};

const key = `whsec_${Buffer.from('a key that is for demonstrations').toString('base64')}`;

/** In turn: it fails before the shop has the event, it works, it fails when the shop has it already, it works. */
export async function startFlakyShop(): Promise<FlakyShop> {
  const folder = await mkdtemp(join(tmpdir(), 'wechatpay-shop-'));
  const file = join(folder, 'shop.db');
  const shop = openShop(file);
  const books = new DatabaseSync(file, { readOnly: true });
  const inner = createWebhookServer(shop, createWebhookVerifier({ keys: [key] }));
  let [all, failed, isWell] = [0, 0, false];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    all += 1;
    const turn = isWell ? 1 : all % 4;
    if (turn === 0) {
      failed += 1;
      request.resume();
      response.writeHead(500).end();
      return;
    }
    if (turn === 2) {
      failed += 1;
      // The shop does its work, but nobody hears of it.
      response.writeHead = () => {
        request.socket.destroy();
        return response;
      };
    }
    inner.emit('request', request, response);
  });
  const origin = await listenOnLoopback(server);
  const column = (sql: string): readonly string[] =>
    books
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]));
  return {
    webhook: { url: `${origin}/events`, keys: [key] },
    attempts: () => ({ all, failed }),
    parcels: () => column('SELECT out_trade_no FROM shipments ORDER BY 1'),
    refunds: () => column("SELECT out_refund_no FROM refunds WHERE status = 'SUCCESS' ORDER BY 1"),
    handled: () => column('SELECT id FROM handled_events ORDER BY 1'),
    recover: () => {
      isWell = true;
    },
    stop: async () => {
      await closeServer(server);
      books.close();
      shop.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
