import { createServer, type IncomingMessage, type Server } from 'node:http';
import { parseArgs } from 'node:util';
import {
  createWebhookVerifier,
  EventRefusedError,
  type WebhookVerifier,
} from '../../client/src/index.ts';
import { openShop, type Shop } from './shop.ts';

/** An event is some hundred bytes. */
const mostBodyBytes = 65_536;

/**
 * Takes events as webhooks: 204 once the shop has them, whether for the first time or again; 4xx to what is no
 * event of ours; 500 when the shop failed, so that the event is sent again.
 */
export function createWebhookServer(shop: Shop, verifier: WebhookVerifier): Server {
  return createServer({ requestTimeout: 10_000 }, async (request, response) => {
    const status = await statusFor(request, shop, verifier);
    // What is left of too large a body is not read.
    response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end();
  });
}

async function statusFor(
  request: IncomingMessage,
  shop: Shop,
  verifier: WebhookVerifier,
): Promise<number> {
  if (request.method !== 'POST') {
    return 405;
  }
  try {
    const body = await rawBody(request);
    if (body === undefined) {
      return 413;
    }
    await shop.handle(await verifier.verify(request.headersDistinct, body));
    return 204;
  } catch (error) {
    if (!(error instanceof EventRefusedError)) {
      console.error(error);
      return 500;
    }
    console.error(`refused: ${error.code}`);
    // Who signs with a key that we do not have hears it for every event, and raises an alarm.
    return error.code === 'malformed' || error.code === 'foreign_id' ? 400 : 401;
  }
}

/** The bytes as they came: JSON that was parsed and written again has another signature. */
async function rawBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > mostBodyBytes) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

if (import.meta.main) {
  const { port, database } = parseArgs({
    options: {
      port: { type: 'string', default: '8790' },
      database: { type: 'string', default: 'shop.db' },
    },
  }).values;
  const keys = (process.env['WEBHOOK_KEYS'] ?? '').split(' ').filter((key) => key !== '');
  const server = createWebhookServer(openShop(database), createWebhookVerifier({ keys }));
  server.listen(Number(port), '127.0.0.1', () => {
    console.log('The shop takes webhooks at', server.address());
  });
}
