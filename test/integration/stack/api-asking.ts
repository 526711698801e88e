import assert from 'node:assert/strict';
import type { Stack } from '../../../local/stack.ts';

export type ApiRequest = { readonly method: string; readonly path: string; readonly body?: string };

/** All that the caller can see of an answer but its date and the id of the request. */
export type Seen = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** Asks `/v1/{account}/{path}`; an answer with a problem must name its request, which is then taken out. */
export async function ask(
  api: string,
  token: string,
  account: string,
  { method, path, body }: ApiRequest,
): Promise<Seen> {
  const response = await fetch(`${api}/v1/${account}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
  const { date: _date, ...headers } = Object.fromEntries(response.headers);
  const text = await response.text();
  const instance = /"instance":"urn:request:[0-9a-f-]{36}"/;
  assert.equal(instance.test(text), response.status >= 400, text);
  const { 'content-length': length, ...others } = headers;
  assert.equal(Number(length ?? text.length), Buffer.byteLength(text));
  return {
    status: response.status,
    headers: others,
    text: text.replace(instance, '"instance":""'),
  };
}

/** Every operation of the API, each with its scope: on one order and one refund, which may exist or not. */
export function operationsOn(
  out_trade_no: string,
  out_refund_no: string,
): readonly (readonly [scope: string, ApiRequest])[] {
  const [order, refund] = [`orders/${out_trade_no}`, `refunds/${out_refund_no}`];
  const amount = { total: 8800, currency: 'CNY' };
  const placing = JSON.stringify({ trade_type: 'NATIVE', description: 'Tea', amount });
  const refunding = JSON.stringify({ out_trade_no, amount: { refund: 1, currency: 'CNY' } });
  const resolving = JSON.stringify({ action: 'refund', by: 'li', why: 'because' });
  return [
    ['orders:read', { method: 'GET', path: order }],
    ['orders:read', { method: 'GET', path: `${order}?refresh=true` }],
    ['orders:write', { method: 'PUT', path: order, body: placing }],
    ['orders:write', { method: 'POST', path: `${order}/close` }],
    ['orders:resolve', { method: 'POST', path: `${order}/resolve`, body: resolving }],
    ['refunds:read', { method: 'GET', path: refund }],
    ['refunds:read', { method: 'GET', path: `${refund}?refresh=true` }],
    ['refunds:write', { method: 'PUT', path: refund, body: refunding }],
  ];
}

/** Remembers the AWS calls of the function `api`; answers those since it was last asked. */
export function watchCallsOfApi({ gates }: Stack): () => readonly string[] {
  const calls: string[] = [];
  for (const gate of Object.values(gates)) {
    gate.addRule(({ caller, action }) => {
      if (caller === 'api') {
        calls.push(action);
      }
      return undefined;
    });
  }
  return () => calls.splice(0);
}
