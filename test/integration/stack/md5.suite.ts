import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../../local/emulators.ts';
import { refundsAtWechat } from '../../../local/looking.ts';
import { codeOrder, endOf } from './code-orders.ts';
import { type FastStack, tea } from './fast-stack.ts';
import { paidXml } from './xml-notices.ts';

/** The account of `running` once its secret says MD5; it stays so. */
export function runMd5(running: () => FastStack): void {
  describe('an account that signs by MD5', () => {
    before(async () => {
      const { stack } = running();
      const { gates, deployment, dev } = stack;
      const name = `/${dev.account.name}`;
      const SecretId = deployment.secretNames.find((secret) => secret.endsWith(name));
      const settings = clientSettings(gates.secretsManager.origin, 'operator');
      const client = new SecretsManagerClient(settings);
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
      const secret = { ...JSON.parse(SecretString), signType: 'MD5' };
      const changed = { SecretId, SecretString: JSON.stringify(secret) };
      await client.send(new PutSecretValueCommand(changed));
      client.destroy();
      // Or everybody would believe the old one for five minutes.
      for (const { name: functionName } of deployment.functions) {
        await stack.kill(functionName);
      }
    });

    it('places, hears of its payment, and gives it back', async () => {
      const { stack, pay, until, idsOf, idsAbout, pkOf, statusesOf } = running();
      const number = 'MD5-ORDER-1';
      const placed = await stack.putOrder(number, tea);
      assert.equal(placed.status, 201, placed.text);
      await pay(number);
      await until('it is announced', () => idsOf(number).length > 0);
      assert.deepEqual(idsOf(number), [`${pkOf(number)}/order.paid/1`]);
      // WeChat signs the notice as the placing was signed.
      assert.deepEqual([...new Set(await statusesOf(number))], [200]);
      const amount = { refund: 8800, currency: 'CNY' };
      const asked = await stack.putRefund('MD5-BACK-1', { out_trade_no: number, amount });
      assert.equal(asked.status, 201, asked.text);
      const pk = `refund#${stack.dev.account.mchid}#MD5-BACK-1`;
      await until('the refund is announced', () => idsAbout(pk).length > 0);
      assert.equal((await refundsAtWechat(stack, number)).length, 1);
    });

    it('refuses what is signed otherwise, stronger or not', async () => {
      const { dev } = running().stack;
      for (const [signType, status] of [
        ['HMAC-SHA256', 401],
        ['MD5', 200],
      ] as const) {
        const body = paidXml({ ...dev.account, signType }, 'MD5-ORDER-1');
        const headers = { 'content-type': 'text/xml' };
        const answer = await fetch(dev.notifyUrl, { method: 'POST', headers, body });
        assert.equal(answer.status, status, await answer.text());
      }
    });

    for (const payer of ['is charged at once', 'has to confirm'] as const) {
      it(`ends a code payment whose payer ${payer}`, async () => {
        const fast = running();
        const number = payer === 'has to confirm' ? 'MD5-CODE-2' : 'MD5-CODE-1';
        const placed = await fast.stack.putOrder(number, codeOrder(payer));
        assert.ok([201, 202].includes(placed.status), placed.text);
        await endOf(fast, number);
      });
    }
  });
}
