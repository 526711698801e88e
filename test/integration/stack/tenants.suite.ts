import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { writeDevFile } from '../../../local/dev-file.ts';
import { everyScope } from '../../../local/issuer.ts';
import { isObject, type JsonObject } from '../../../local/json.ts';
import { eventsAbout, settle } from '../../../local/looking.ts';
import type { Stack, startStack } from '../../../local/stack.ts';
import { type ApiRequest, operationsOn, type Seen, watchCallsOfApi } from './api-asking.ts';
import { type Claims, startTwoTenants, type Tenant, type TwoTenants } from './two-tenants.ts';
import { untouched } from './untouched.ts';

const tokenTool = resolve(import.meta.dirname, '..', '..', '..', 'tools', 'token.ts');
const tea = (total: number): JsonObject => ({
  trade_type: 'NATIVE',
  description: 'Tea',
  amount: { total, currency: 'CNY' },
});

/** Byte for byte what is answered about an account that nobody made, but for the id of the request. */
const noSuchAccount =
  '{"type":"urn:wechatpay-serverless:problem:account_unknown","title":"There is no such account.",' +
  '"status":404,"code":"account_unknown","instance":""}';

/** Two tenants who must not learn of each other, on the stack that `start` starts. */
export function runTenantsSuite(start: typeof startStack): void {
  describe('the tenants of the running stack', () => {
    let tenants: TwoTenants;
    let stack: Stack;
    let callsOfApi: () => readonly string[];

    before(async () => {
      tenants = await startTwoTenants(start);
      stack = tenants.stack;
      callsOfApi = watchCallsOfApi(stack);
      const plan = await stack.control('refunds', { status: 'SUCCESS', delay_s: 0 });
      assert.equal(plan.status, 200, plan.text);
    });
    after(() => tenants?.stop());

    async function pay({ client, account }: Tenant, out_trade_no: string, order: JsonObject) {
      const placed = await client.putOrder(out_trade_no, order);
      assert.equal(placed.status, 201, placed.text);
      const { mchid } = account;
      const paid = await client.control('pay', { out_trade_no, mchid });
      assert.equal(paid.status, 200, paid.text);
      await tenants.until(`${out_trade_no} of ${mchid} is paid`, async () => {
        return (await client.getOrder(out_trade_no)).body['status'] === 'PAID';
      });
    }

    async function giveBack({ client }: Tenant, number: string, out_trade_no: string, fen: number) {
      const amount = { refund: fen, currency: 'CNY' };
      const asked = await client.putRefund(number, { out_trade_no, amount });
      assert.equal(asked.status, 201, asked.text);
      await tenants.until(`${number} succeeded`, async () => {
        return (await client.getRefund(number)).body['status'] === 'SUCCESS';
      });
    }

    it('pay the same calls at first sight of an account, whether it exists or not', async () => {
      const token = await tenants.tokenOf({ tenant: 'web', scope: everyScope });
      for (const account of ['dev', 'nobody']) {
        callsOfApi();
        const look = { method: 'GET', path: 'orders/TENANT-0001' };
        assert.equal((await tenants.asking(token, account, look)).text, noSuchAccount);
        assert.deepEqual(callsOfApi(), ['GetSecretValue'], account);
      }
    });

    it('have orders of their own under one number and one reference', async () => {
      const { dev, web } = tenants;
      const reference = 'cart-1';
      await pay(dev, 'SAME-0001', { ...tea(8800), reference });
      await pay(web, 'SAME-0001', { ...tea(4200), reference });
      const subject = `order#${dev.account.mchid}#SAME-0001`;
      const events = () =>
        eventsAbout(stack, 'SAME-0001')().filter((one) => one.subject === subject);
      await tenants.until('it is announced', () => events().length > 0);
      for (const [tenant, { client, account }, total] of [
        ['dev', dev, 8800],
        ['web', web, 4200],
      ] as const) {
        const record = await tenants.until('nothing is owed', async () => {
          const item = await stack.item(`order#${account.mchid}#SAME-0001`);
          return item?.['outbox'] === undefined && item;
        });
        assert.deepEqual(record['eventCounts'], { 'order.paid': 1 });
        assert.deepEqual([record['status'], record['account']], ['PAID', tenant]);
        const { amount, refunds } = (await client.getOrder('SAME-0001')).body;
        assert.deepEqual([amount, refunds], [{ total, currency: 'CNY' }, undefined]);
        const claim = await stack.item(`claim#${tenant}#${reference}`);
        assert.equal(claim?.['owner'], `${tenant}#${account.mchid}#SAME-0001`);
      }
      assert.deepEqual([...new Set(events().map(({ type }) => type))], ['order.paid']);
    });

    it('have refunds of their own under one number', async () => {
      const { dev, web } = tenants;
      await giveBack(dev, 'R-SAME-01', 'SAME-0001', 100);
      await giveBack(web, 'R-SAME-01', 'SAME-0001', 200);
      for (const [{ client }, fen] of [
        [dev, 100],
        [web, 200],
      ] as const) {
        const { amount } = (await client.getRefund('R-SAME-01')).body;
        assert.equal(isObject(amount) && amount['refund'], fen);
      }
    });

    describe('whose account is not the caller’s', () => {
      before(async () => {
        for (const [tenant, mark] of [
          [tenants.dev, 'DEV'],
          [tenants.web, 'WEB'],
        ] as const) {
          await pay(tenant, `ONLY-${mark}-1`, tea(8800));
          await giveBack(tenant, `R-ONLY-${mark}`, `ONLY-${mark}-1`, 1);
        }
        // What is settled asks WeChat nothing any more, so that every call counts for the caller.
        await settle(stack);
      });

      const all = { scope: everyScope };
      const strangers: readonly (readonly [string, 'dev' | 'web', Claims])[] = [
        ['show web nothing of dev', 'dev', { tenant: 'web', ...all }],
        ['show dev nothing of web', 'web', { tenant: 'dev', ...all }],
        ['show nothing to a tenant in other letters', 'dev', { tenant: 'Dev', ...all }],
        [
          'show nothing to a token that lists a foreign account',
          'dev',
          { tenant: 'web', accounts: ['web', 'dev'], ...all },
        ],
        [
          'show nothing to a token that leaves the account out',
          'dev',
          { tenant: 'dev', accounts: ['web', 'devil', 'de'], ...all },
        ],
        ['show nothing to a token for no account', 'dev', { tenant: 'dev', accounts: [], ...all }],
      ];
      for (const [what, account, claims] of strangers) {
        it(what, async () => {
          const token = await tenants.tokenOf(claims);
          const mark = account.toUpperCase();
          const misshapen: readonly ApiRequest[] = [
            { method: 'GET', path: 'orders/a' },
            { method: 'PUT', path: `orders/ONLY-${mark}-1`, body: '{"amount":' },
            { method: 'PUT', path: `refunds/back-ONLY-${mark}-1`, body: 'x'.repeat(70_000) },
          ];
          const there = operationsOn(`ONLY-${mark}-1`, `R-ONLY-${mark}`);
          const notThere = operationsOn('NEVER-PLACED', 'R-NEVER');
          const requests = [...there, ...notThere].map(([, request]) => request);
          callsOfApi();
          for (const request of [...requests, ...misshapen]) {
            const [foreign, nobodys] = await untouched(stack, async () => [
              await tenants.asking(token, account, request),
              await tenants.asking(token, 'nobody', request),
            ]);
            const where = `${request.method} ${request.path}`;
            assert.deepEqual(foreign, nobodys, where);
            assert.deepEqual([foreign?.status, foreign?.text], [404, noSuchAccount], where);
          }
          const others = callsOfApi().filter((action) => action !== 'GetSecretValue');
          assert.deepEqual(others, []);
        });
      }

      it('are not even looked up for a token without the scope', async () => {
        for (const [scope, request] of operationsOn('ONLY-DEV-1', 'R-ONLY-DEV')) {
          const others = everyScope.split(' ').filter((one) => one !== scope);
          const token = await tenants.tokenOf({ tenant: 'dev', scope: others.join(' ') });
          callsOfApi();
          const answers = await untouched(stack, async () => [
            await tenants.asking(token, 'dev', request),
            await tenants.asking(token, 'web', request),
            await tenants.asking(token, 'never-asked-for', request),
          ]);
          assert.deepEqual(answers[1], answers[0]);
          assert.deepEqual(answers[2], answers[0]);
          assert.equal(answers[0]?.status, 403);
          assert.match(answers[0]?.text ?? '', /"code":"scope_missing"/);
          assert.deepEqual(callsOfApi(), [], `${request.method} ${request.path}`);
        }
      });

      it('are not reached by any path past the account', async () => {
        const token = await tenants.tokenOf({ tenant: 'web', scope: everyScope });
        const { mchid } = tenants.dev.account;
        const seen = (account: string, number: string): Promise<Seen> =>
          untouched(stack, () =>
            tenants.asking(token, account, { method: 'GET', path: `orders/${number}` }),
          );
        callsOfApi();
        for (const account of [mchid, 'DEV', 'dev%20', 'dev%00', 'web,dev', '-']) {
          const answer = await seen(account, 'ONLY-DEV-1');
          assert.deepEqual([answer.status, answer.text], [404, noSuchAccount], account);
        }
        assert.deepEqual(callsOfApi(), []);
        for (const [number, status] of [
          [`${mchid}#ONLY-DEV-1`, 400],
          [`A-0001#order#${mchid}#ONLY-DEV-1`, 400],
          ['ONLY-DEV-1', 404],
        ] as const) {
          const answer = await seen('web', encodeURIComponent(number));
          assert.equal(answer.status, status, answer.text);
        }
        const around = encodeURIComponent('../../dev/orders/ONLY-DEV-1');
        const { status } = await fetch(`${stack.dev.api}/v1/web/orders/${around}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        assert.equal(status, 404);
      });

      it('lend neither an order nor an appid to a request about one’s own', async () => {
        const { client } = tenants.web;
        const amount = { refund: 1, currency: 'CNY' };
        const refunding = await untouched(stack, () =>
          client.putRefund('R-CROSS-01', { out_trade_no: 'ONLY-DEV-1', amount }),
        );
        assert.deepEqual([refunding.status, refunding.body['code']], [404, 'order_unknown']);
        const { appid } = tenants.dev.account;
        const placing = await untouched(stack, () =>
          client.putOrder('CROSS-0001', { ...tea(1), appid }),
        );
        assert.deepEqual([placing.status, placing.body['code']], [400, 'request_invalid']);
      });
    });

    it('get the token that they ask npm run token for', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'wechatpay-token-'));
      const file = join(folder, 'dev.json');
      await writeDevFile(file, stack.dev);
      const wish = ['--tenant', 'web', '--scope', 'orders:read refunds:read', '--accounts', 'web'];
      const args = [tokenTool, '--file', file, '--lifetime', '3600', ...wish];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      await rm(folder, { recursive: true });
      assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const token = stdout.trim();
      tenants.tokens.add(token);
      const statuses: number[] = [];
      for (const [, request] of operationsOn('SAME-0001', 'R-SAME-01')) {
        statuses.push((await tenants.asking(token, 'web', request)).status);
      }
      assert.deepEqual(statuses, [200, 200, 403, 403, 403, 200, 200, 403]);
      const look = { method: 'GET', path: 'orders/SAME-0001' };
      assert.equal((await tenants.asking(token, 'dev', look)).text, noSuchAccount);
    });

    it('leave no token in the log, neither a good one nor a bad one', async () => {
      const lifetimeSeconds = -1;
      const expired = await tenants.tokenOf({ tenant: 'dev', scope: everyScope, lifetimeSeconds });
      const [head, , signature] = expired.split('.');
      const [, claims] = stack.dev.token.split('.');
      const patched = `${head}.${claims}.${signature}`;
      for (const token of [expired, patched]) {
        const look = { method: 'GET', path: 'orders/SAME-0001' };
        const answer = await untouched(stack, () => tenants.asking(token, 'dev', look));
        assert.deepEqual([answer.status, answer.headers['www-authenticate']], [401, 'Bearer']);
      }
      const used = [...tenants.tokens, stack.dev.tokens.dev, stack.dev.tokens.web, patched];
      const parts = used.flatMap((token) => token.split('.').slice(1));
      const log = tenants.log();
      assert.match(log, /"message":"request failed"/);
      assert.deepEqual(
        parts.filter((part) => log.includes(part)),
        [],
      );
    });
  });
}
