import { type Account, duplicatePolicies, latePolicies } from '#core/account.ts';
import { isAccountName, isMchid } from '#core/values/ids.ts';
import { account as shop, valid } from '../support/order-builder.ts';
import type { Choices } from './choices.ts';

/** Two mchids of one tenant, each with its own policies; most orders belong to the first. */
export type TwoAccounts = readonly [Account, Account];

const annex: Account = {
  ...shop,
  name: valid('annex', isAccountName),
  mchid: valid('1900000002', isMchid),
};

export function drawAccounts(choices: Choices): TwoAccounts {
  return [drawPolicies(shop, choices), drawPolicies(annex, choices)];
}

function drawPolicies(account: Account, choices: Choices): Account {
  return {
    ...account,
    latePolicy: choices.pick(latePolicies),
    duplicatePolicy: choices.pick(duplicatePolicies),
  };
}

/** Where WeChat calls back for an account. */
export function notifyUrlOf({ name }: Account): string {
  return `https://pay.example.com/notify/${name}`;
}
