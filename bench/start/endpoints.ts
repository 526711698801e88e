import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { toItem } from '#adapters/dynamodb/item.ts';
import { limits } from '#config/limits.ts';
import type { StoredRecord } from '#core/record.ts';
import { readBody } from '../../local/http-body.ts';
import { closeServer, listenOnLoopback } from '../../local/listen.ts';
import { signatureHeaders } from '../../simulator/signing.ts';
import type { Shop } from '../shop.ts';

/** AWS and WeChat Pay on one loopback port, as fast as they can be: for one order that was just paid. */
export type Endpoints = {
  readonly origin: string;
  /** What was called since the last look, in order. */
  readonly takeCalls: () => readonly string[];
  readonly stop: () => Promise<void>;
};

type Told = {
  readonly shop: Shop;
  readonly record: StoredRecord;
  /** What WeChat answers to a query. */
  readonly transaction: unknown;
};

type Answer = { readonly body: string; readonly headers?: Readonly<Record<string, string>> };

const bodyLimitBytes = 1024 * 1024;

export async function startEndpoints(told: Told): Promise<Endpoints> {
  let calls: string[] = [];
  const answers = answersOf(told);
  const server = createServer((request, response) => {
    readBody(request, bodyLimitBytes)
      .then((body = Buffer.alloc(0)) => {
        const action = actionOf(request);
        calls.push(action);
        const { body: answer, headers } = answers(action, body);
        response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0', ...headers });
        response.end(answer);
      })
      .catch(() => response.destroy());
  });
  const origin = await listenOnLoopback(server);
  return {
    origin,
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    stop: () => closeServer(server),
  };
}

function answersOf({ shop, record, transaction }: Told): (action: string, body: Buffer) => Answer {
  const item = JSON.stringify({ Item: toItem(record, limits.dueShards) });
  const secret = JSON.stringify({ Name: 'main', SecretString: shop.secret });
  const state = JSON.stringify(transaction);
  return (action, body) => {
    switch (action) {
      case 'GetSecretValue':
        return { body: secret };
      case 'GetItem':
        return { body: item };
      case 'UpdateItem':
        return { body: '{}' };
      case 'SendMessage': {
        const sent: unknown = JSON.parse(body.toString()).MessageBody;
        const MD5OfMessageBody = createHash('md5').update(String(sent)).digest('hex');
        return { body: JSON.stringify({ MessageId: 'm-1', MD5OfMessageBody }) };
      }
      case 'query': {
        const key = shop.wechat.platform.signing;
        const signature = signatureHeaders({ body: state, key, nowMs: Date.now() });
        return { body: state, headers: { 'Content-Type': 'application/json', ...signature } };
      }
      default:
        throw new Error(`Nobody answers ${action} here.`);
    }
  };
}

function actionOf({ headers, method, url = '' }: IncomingMessage): string {
  const [target] = [headers['x-amz-target'] ?? []].flat();
  const isQuery = method === 'GET' && url.startsWith('/v3/pay/transactions/');
  return target?.split('.').at(-1) ?? (isQuery ? 'query' : `${method} ${url}`);
}
