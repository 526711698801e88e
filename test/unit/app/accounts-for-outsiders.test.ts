import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsForOutsiders } from '#app/accounts-for-outsiders.ts';
import { AppError, type ErrorCode } from '#core/errors.ts';
import { account } from '../../support/order-builder.ts';
import { createTelemetry } from '../../support/telemetry.ts';

function failing(code: ErrorCode) {
  const get = () => Promise.reject(new AppError(code, 'As the test planned.'));
  return accountsForOutsiders({ get, refresh: get }, createTelemetry());
}

test('an account that can be read is the same to everybody', async () => {
  const get = () => Promise.resolve(account);
  const accounts = accountsForOutsiders({ get, refresh: get }, createTelemetry());
  assert.equal(await accounts.get(account.name), account);
  assert.equal(await accounts.refresh(account.name), account);
});

test('an account whose secret is wrong is as one that does not exist', async () => {
  const accounts = failing('account_invalid');
  assert.equal(await accounts.get(account.name), undefined);
  assert.equal(await accounts.refresh(account.name), undefined);
});

test('a secret that cannot be read now is no account that does not exist', async () => {
  const accounts = failing('secret_unavailable');
  await assert.rejects(() => accounts.get(account.name), { code: 'secret_unavailable' });
  await assert.rejects(() => accounts.refresh(account.name), { code: 'secret_unavailable' });
});
