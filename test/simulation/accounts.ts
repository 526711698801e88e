import {
  type Account,
  duplicatePolicies,
  latePolicies,
  type V2Credentials,
} from '#core/account.ts';
import { isAccountName, isMchid, isServiceId } from '#core/values/ids.ts';
import { account as shop, valid } from '../support/order-builder.ts';
import type { Choices } from './choices.ts';

/** Two mchids of one tenant, each with its own API and policies; most orders belong to the first. */
export type TwoAccounts = readonly [Account, Account];

/** Whoever takes code payments has them, whatever places its links. */
const v2: V2Credentials = {
  apiKey: '0123456789abcdef0123456789abcdef',
  signType: 'HMAC-SHA256',
  certificate: { p12: '(not used by core and app)' },
};

/** What WeChat opened for PayScore, for both of them. */
const services = [{ id: valid('500001', isServiceId), maxDays: 300, maxDeductions: 10 }] as const;

const annex: Account = {
  ...shop,
  name: valid('annex', isAccountName),
  mchid: valid('1900000002', isMchid),
};

export function drawAccounts(choices: Choices): TwoAccounts {
  return [drawAccount(shop, choices), drawAccount(annex, choices)];
}

function drawAccount(account: Account, choices: Choices): Account {
  return {
    ...account,
    services,
    api: choices.draw(4) === 3 ? 'v2' : 'v3',
    credentials: { ...account.credentials, v2 },
    latePolicy: choices.pick(latePolicies),
    duplicatePolicy: choices.pick(duplicatePolicies),
  };
}

/** Where WeChat calls back for an account. */
export function notifyUrlOf({ name }: Account): string {
  return `https://pay.example.com/notify/${name}`;
}
