import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { DevAccount } from '../../../local/dev-file.ts';
import { closeServer, listenOnLoopback } from '../../../local/listen.ts';
import type { Stack, startStack } from '../../../local/stack.ts';
import {
  createStackClient,
  type StackClient,
  until as untilSoon,
} from '../../../local/stack-client.ts';
import { type ApiRequest, ask, type Seen } from './api-asking.ts';

export type Claims = Parameters<Stack['token']>[0];

/** Somebody with an account of their own. */
export type Tenant = { readonly client: StackClient; readonly account: DevAccount };

/** A running stack on which two tenants are set up; events of `web` may go to a server that takes all. */
export type TwoTenants = {
  readonly stack: Stack;
  readonly dev: Tenant;
  readonly web: Tenant;
  /** A token that `tokens` remembers. */
  readonly tokenOf: (claims: Claims) => Promise<string>;
  readonly tokens: Set<string>;
  readonly asking: (token: string, account: string, request: ApiRequest) => Promise<Seen>;
  /** All that the functions wrote. */
  readonly log: () => string;
  readonly until: typeof untilSoon;
  readonly stop: () => Promise<void>;
};

const patienceMs = 60_000;
const signingKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export async function startTwoTenants(start: typeof startStack): Promise<TwoTenants> {
  const webhook = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
  });
  const output: string[] = [];
  const tokens = new Set<string>();
  const url = `${await listenOnLoopback(webhook)}/events`;
  const stack = await start({
    webhook: { url, keys: [signingKey] },
    schedules: false,
    onOutput: (_name, text) => output.push(text),
  });
  const { accounts, tokens: usual } = stack.dev;
  const ofWeb = accounts.web ?? assert.fail('account web is not set up');
  const client = createStackClient({ ...stack.dev, account: ofWeb, token: usual.web });
  return {
    stack,
    dev: { client: { ...stack, stop: () => undefined }, account: accounts.dev },
    web: { client, account: ofWeb },
    tokenOf: async (claims) => {
      const token = await stack.token(claims);
      tokens.add(token);
      return token;
    },
    tokens,
    asking: (token, account, request) => ask(stack.dev.api, token, account, request),
    log: () => output.join(''),
    until: (what, check) => untilSoon(what, check, patienceMs),
    stop: async () => {
      client.stop();
      await stack.stop();
      await closeServer(webhook);
    },
  };
}
