import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DevAccount } from '../../../local/dev-file.ts';
import { eventsAbout, refundsAtWechat } from '../../../local/looking.ts';
import type { Stack, startStack } from '../../../local/stack.ts';
import { until as untilSoon } from '../../../local/stack-client.ts';
import { deadWebhook } from './all-paths.ts';
import { isSentTo } from './calls.ts';
import { makeNotice, paidResource } from './notice-maker.ts';
import { untouched } from './untouched.ts';
import { type BadNotice, badNotices, paidXml, refundXmlFor } from './xml-notices.ts';

const tea = { trade_type: 'NATIVE', description: 'Tea', amount: { total: 8800, currency: 'CNY' } };
const patienceMs = 60_000;

const failed = (reason: string): string =>
  `<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[${reason}]]></return_msg></xml>`;
const succeeded =
  '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>';

/** Status and text; what does not begin as XML does is answered in JSON. */
const answers: Readonly<Record<BadNotice['answered'], readonly [number, string]>> = {
  header: [400, '{"code":"FAIL","message":"signature header missing"}'],
  body: [400, failed('body is not a notification')],
  signature: [401, failed('signature does not match')],
  foreign: [403, failed('foreign mchid')],
  sealed: [400, failed('resource does not open')],
  size: [413, failed('body too large')],
};

/** Which callbacks of APIv2 the stack that `start` starts takes, and which it refuses. */
export function runV2NoticesSuite(start: typeof startStack): void {
  describe('a callback of APIv2 at the running stack', () => {
    let stack: Stack;
    const output: string[] = [];

    before(async () => {
      stack = await start({
        webhook: deadWebhook,
        // Nobody but a callback makes anybody look: neither a sweep, nor a wake.
        schedules: false,
        onOutput: (_name, text) => output.push(text),
      });
      stack.gates.sqs.addRule((call) =>
        isSentTo(call, stack.dev.queues.timers)
          ? { status: 400, code: 'AccessDeniedException' }
          : undefined,
      );
      const plan = await stack.control('refunds', { status: 'SUCCESS', delay_s: 0 });
      assert.equal(plan.status, 200, plan.text);
    });
    after(() => stack.stop());

    const until: typeof untilSoon = (what, check) => untilSoon(what, check, patienceMs);
    const hintsSent = (): number => stack.gates.sqs.counts().get('notify SendMessage') ?? 0;
    const pkOf = ({ mchid }: DevAccount, number: string): string => `order#${mchid}#${number}`;

    async function post(account: string, body: string | Buffer, type = 'text/xml') {
      const url = `${stack.dev.api}/notify/${account}`;
      const headers = { 'content-type': type };
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: new Uint8Array(Buffer.from(body)),
      });
      return [response.status, await response.text()] as const;
    }

    /** Placed and paid, and nobody here was told: whoever looks finds it. */
    async function payInSilence(shop: Stack, number: string): Promise<void> {
      const placed = await shop.putOrder(number, tea);
      assert.equal(placed.status, 201, placed.text);
      const paid = await shop.control('pay', { out_trade_no: number, notice: 'lost' });
      assert.equal(paid.status, 200, paid.text);
    }

    async function becomesPaid({ dev: { account } }: Stack, number: string): Promise<void> {
      const record = await until(`${number} is PAID`, async () => {
        const seen = await stack.item(pkOf(account, number));
        return seen?.['status'] === 'PAID' && seen['outbox'] === undefined && seen;
      });
      assert.deepEqual([record['eventCounts'], record['paidFen']], [{ 'order.paid': 1 }, 8800]);
      const events = eventsAbout(stack, number);
      await until(`the event of ${number}`, () => events().length > 0);
      assert.deepEqual(
        [...new Set(events().map(({ id }) => id))],
        [`${pkOf(account, number)}/order.paid/1`],
      );
    }

    async function refused(
      shop: Stack,
      number: string,
      { answered, bodyFor, type }: BadNotice,
    ): Promise<void> {
      const { account } = shop.dev;
      const [sent, stood] = [hintsSent(), await stack.item(pkOf(account, number))];
      const body = bodyFor(account, number);
      const answer = await untouched(shop, () => post(account.name, body, type));
      assert.deepEqual(answer, answers[answered]);
      assert.equal(hintsSent(), sent, 'nothing is queued');
      assert.deepEqual(await stack.item(pkOf(account, number)), stood, 'nothing changed');
    }

    for (const name of ['v2', 'dev'] as const) {
      describe(`at /notify/${name}`, () => {
        const number = `HEARD-${name}`;

        before(() => payInSilence(stack.as(name), number));

        for (const bad of badNotices) {
          it(`is refused: ${bad.what}`, () => refused(stack.as(name), number, bad));
        }

        it('is answered FAIL with 500 while the queue refuses, so that WeChat sends again', async () => {
          const { account } = stack.as(name).dev;
          const stood = await stack.item(pkOf(account, number));
          const heal = stack.gates.sqs.addRule(({ caller }) =>
            caller === 'notify' ? { status: 400, code: 'AccessDeniedException' } : undefined,
          );
          const answer = await post(name, paidXml(account, number));
          heal();
          assert.deepEqual(answer, [500, failed('try again later')]);
          assert.deepEqual(await stack.item(pkOf(account, number)), stood);
        });
      });
    }

    it('is refused by an account without credentials for it', async () => {
      const web = stack.dev.accounts.web ?? assert.fail('account web is not set up');
      const sent = hintsSent();
      const bodies = [
        paidXml(web, 'WEB-000001'),
        refundXmlFor(web, { out_trade_no: 'WEB-000001' }),
      ];
      for (const body of bodies) {
        assert.deepEqual(await post('web', body), [401, failed('unknown serial')]);
      }
      assert.equal(hintsSent(), sent);
    });

    it('is refused for an account that does not exist', async () => {
      const sent = hintsSent();
      const answer = await post('nobody', paidXml(stack.dev.account, 'HEARD-dev'));
      assert.deepEqual(answer, [404, failed('unknown account')]);
      assert.equal(hintsSent(), sent);
    });

    it('is refused when it is of APIv3 and the account has APIv2 alone', async () => {
      const { dev } = stack.as('v2');
      const sent = hintsSent();
      const { headers, body } = makeNotice(dev, { resource: paidResource(dev, 'HEARD-v2') });
      const response = await fetch(dev.notifyUrl, { method: 'POST', headers, body });
      assert.equal(response.status, 401);
      assert.equal(await response.text(), '{"code":"FAIL","message":"unknown serial"}');
      assert.equal(hintsSent(), sent);
    });

    // Only now does anybody look, so that nobody else's calls lay among the ones that were refused.
    for (const name of ['v2', 'dev'] as const) {
      describe(`at /notify/${name}, well made,`, () => {
        const number = `HEARD-${name}`;

        it('is believed when it is true and WeChat confirms it, however often it comes', async () => {
          const shop = stack.as(name);
          const bodies = Array.from({ length: 3 }, () => paidXml(shop.dev.account, number));
          for (const answer of await Promise.all(bodies.map((body) => post(name, body)))) {
            assert.deepEqual(answer, [200, succeeded]);
          }
          await becomesPaid(shop, number);
        });

        it('is acknowledged and not believed when it is untrue', async () => {
          const shop = stack.as(name);
          const unpaid = `UNTRUE-${name}`;
          await shop.putOrder(unpaid, tea);
          const sent = hintsSent();
          assert.deepEqual(await post(name, paidXml(shop.dev.account, unpaid)), [200, succeeded]);
          assert.equal(hintsSent(), sent + 1);
          await until('WeChat is asked', async () => {
            const { text } = await stack.control('calls?limit=100');
            const asked = new RegExp(`${unpaid}[^}]*query-by|v2-orderquery[^}]*${unpaid}`);
            return asked.test(text);
          });
          assert.equal((await shop.getOrder(unpaid)).body['status'], 'AWAITING');
        });

        it('makes a refund of the console known, in the words of our own query', async () => {
          const shop = stack.as(name);
          const [paid, back] = [`BACK-${name}`, `CONSOLE-${name}`];
          await payInSilence(shop, paid);
          assert.deepEqual(await post(name, paidXml(shop.dev.account, paid)), [200, succeeded]);
          await becomesPaid(shop, paid);
          const wish = { out_trade_no: paid, amount: 800, out_refund_no: back };
          assert.equal((await stack.control('console-refund', wish)).status, 200);

          // Nobody signs it, so whatever it says of the amount is not worth a fen.
          const notice = refundXmlFor(shop.dev.account, {
            out_trade_no: paid,
            out_refund_no: back,
            refund_fee: '8800',
            total_fee: '8800',
          });
          const sent = hintsSent();
          assert.deepEqual(await post(name, notice), [200, succeeded]);
          assert.equal(hintsSent(), sent + 1, 'a hint, and no more');
          const shown = await until('it is known', async () => {
            const { body } = await shop.getOrder(paid);
            return Array.isArray(body['refunds']) && body['refunds'].length > 0 && body;
          });
          assert.equal(shown['status'], 'PAID');
          assert.deepEqual(shown['refunds'], [
            { out_refund_no: back, amount: { refund: 800, currency: 'CNY' }, status: 'SUCCESS' },
          ]);
          const { mchid } = shop.dev.account;
          const events = eventsAbout(stack, back);
          await until('the event', () => events().length > 0);
          assert.deepEqual(
            events().map(({ id }) => id),
            [`refund#${mchid}#${back}/refund.succeeded/1`],
          );
        });

        it('changes nothing when it is about a refund that WeChat does not know', async () => {
          const shop = stack.as(name);
          const { account } = shop.dev;
          const [paid, back] = [`BACK-${name}`, `NOBODYS-${name}`];
          const stood = await stack.item(pkOf(account, paid));
          const notice = refundXmlFor(account, { out_trade_no: paid, out_refund_no: back });
          assert.deepEqual(await post(name, notice), [200, succeeded]);
          await until('WeChat is asked', async () => {
            const { text } = await stack.control('calls?limit=100');
            return text.includes(back);
          });
          assert.equal(await stack.item(`refund#${account.mchid}#${back}`), undefined);
          assert.deepEqual(await stack.item(pkOf(account, paid)), stood);
          assert.equal((await refundsAtWechat(stack, paid)).length, 1);
        });
      });
    }

    it('leaves no key, payer or sealed text in the log', () => {
      const log = output.join('\n');
      assert.ok(log.includes('HEARD-v2') && log.includes('notice_refused'));
      for (const { apiKey } of [stack.as('dev').dev.account, stack.as('v2').dev.account]) {
        assert.equal(log.includes(apiKey), false);
      }
      for (const secret of ['oUpF8uMEb4qRXf22hE3X68TekukE', 'req_info', 'etc/passwd', '<xml>']) {
        assert.equal(log.includes(secret), false, secret);
      }
    });
  });
}
