import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Client } from '../../../client/src/index.ts';
import { clientSettings } from '../../../local/emulators.ts';
import { listOf } from '../../../local/json.ts';
import type { Stack } from '../../../local/stack.ts';

/** The running stack, and how its merchant and its payer come to it. */
type Till = {
  readonly stack: Stack;
  readonly client: Client;
  readonly clientWith: (token: string, account?: string) => Client;
  readonly pay: (number: string) => Promise<void>;
  /** What the functions have logged so far. */
  readonly logged: () => string;
};

/** Codes scanned by a client of account dev; `till` is there once the tests begin. */
export function codePayments(till: () => Till): void {
  describe('a code payment', () => {
    const charged = {
      trade_type: 'MICROPAY',
      description: 'Tea, 250 g',
      amount: { total: 8800, currency: 'CNY' },
      auth_code: '134567890123456701',
      scene_info: { payer_client_ip: '203.0.113.9', device_id: 'till-3' },
    } as const;

    it('is paid at once, and charged once', async () => {
      const { client, stack } = till();
      const before = await chargesAtWechat(stack);
      const placed = await client.putOrder('CLIENT-CODE-1', charged);
      const again = await client.putOrder('CLIENT-CODE-1', charged);
      for (const order of [placed, again]) {
        assert.deepEqual(order, {
          out_trade_no: 'CLIENT-CODE-1',
          status: 'PAID',
          trade_type: 'MICROPAY',
          waits: false,
        });
      }
      assert.equal((await chargesAtWechat(stack)) - before, 1);
      const shown = await client.waitForOrder('CLIENT-CODE-1');
      assert.deepEqual(
        [shown.status, shown.trade_type, shown.paid_total],
        ['PAID', 'MICROPAY', 8800],
      );
    });

    it('waits while a password is asked for', async () => {
      const { client, pay } = till();
      const dear = { total: 200_000, currency: 'CNY' } as const;
      const order = { ...charged, amount: dear, auth_code: '134567890123456702' };
      const placed = await client.putOrder('CLIENT-CODE-2', order);
      assert.deepEqual([placed.status, placed.waits], ['CREATED', true]);
      assert.equal((await client.putOrder('CLIENT-CODE-2', order)).waits, true);
      const another = { ...order, auth_code: '134567890123456703' };
      await assert.rejects(client.putOrder('CLIENT-CODE-2', another), { code: 'order_conflict' });
      const impatient = await client.waitForOrder('CLIENT-CODE-2', { timeoutMs: 1 });
      assert.equal(impatient.status, 'CREATED');
      await pay('CLIENT-CODE-2');
      const shown = await client.waitForOrder('CLIENT-CODE-2');
      assert.deepEqual([shown.status, shown.paid_total], ['PAID', 200_000]);
    });

    it('may be scanned again when WeChat refused the code', async () => {
      const { client, stack } = till();
      await stack.control('micropay', { outcome: 'AUTHCODEEXPIRE', times: 1 });
      const order = { ...charged, auth_code: '134567890123456704' };
      await assert.rejects(client.putOrder('CLIENT-CODE-3', order), {
        code: 'wechat_refused',
        wechatCode: 'AUTHCODEEXPIRE',
        retryable: false,
      });
      assert.equal((await client.getOrder('CLIENT-CODE-3')).status, 'REFUSED');
      const fresh = { ...charged, auth_code: '134567890123456705' };
      assert.equal((await client.putOrder('CLIENT-CODE-3', fresh)).status, 'PAID');
    });

    it('is neither kept nor logged with its code', async () => {
      const { stack, logged } = till();
      const { dynamodb, table } = stack.dev;
      const client = new DynamoDBClient(clientSettings(dynamodb, 'operator'));
      const { Items: items = [] } = await client.send(new ScanCommand({ TableName: table }));
      client.destroy();
      for (const kept of [JSON.stringify(items), logged()]) {
        assert.ok(kept.includes('CLIENT-CODE-3'));
        assert.ok(!kept.includes('1345678901234567'));
      }
    });

    it('is refused to an account without credentials for it', async () => {
      const { clientWith, stack } = till();
      const { tokens } = stack.dev;
      await assert.rejects(clientWith(tokens.web, 'web').putOrder('CLIENT-CODE-4', charged), {
        code: 'request_invalid',
        errors: [{ pointer: '/trade_type', detail: 'needs credentials for APIv2' }],
      });
    });
  });
}

async function chargesAtWechat(stack: Stack): Promise<number> {
  const { body } = await stack.control('calls?limit=10000');
  return listOf(body['calls'], 'calls').filter(
    (call) => Object(call)['operation'] === 'v2-micropay',
  ).length;
}
