import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Stack, startStack } from '../../../local/stack.ts';
import { until } from '../../../local/stack-client.ts';
import { makeNotice, paidResource, type SignedNotice, signBody } from './notice-maker.ts';

const order = {
  trade_type: 'NATIVE',
  description: 'Tea',
  amount: { total: 8800, currency: 'CNY' },
};

/** Which callbacks the stack that `start` starts takes, and which it refuses. */
export function runNoticesSuite(start: typeof startStack): void {
  describe('a callback at the running stack', () => {
    let stack: Stack;
    let collector: ReturnType<Stack['collectEvents']>;
    const output: string[] = [];

    before(async () => {
      stack = await start({ onOutput: (name, text) => output.push(`${name} ${text}`) });
      collector = stack.collectEvents();
    });
    after(() => stack.stop());

    async function post(
      notice: SignedNotice | { readonly headers: Record<string, string>; readonly body: string },
      url = stack.dev.notifyUrl,
    ): Promise<{ readonly status: number; readonly text: string }> {
      const response = await fetch(url, { method: 'POST', ...notice });
      return { status: response.status, text: await response.text() };
    }

    const mchid = (): string => stack.dev.account.mchid;
    const eventsAbout = (pk: string): readonly string[] =>
      collector.events().flatMap(({ id, subject }) => (subject === pk ? [id] : []));
    const hintsSent = (): number => stack.gates.sqs.counts().get('notify SendMessage') ?? 0;

    async function refused(notice: SignedNotice, status: number, url?: string): Promise<void> {
      const sent = hintsSent();
      const counted = output.filter((line) => line.includes('notice_refused')).length;
      const answer = await post(notice, url);
      assert.equal(answer.status, status, answer.text);
      const body: unknown = JSON.parse(answer.text);
      assert.deepEqual(Object.keys(Object(body)).sort(), ['code', 'message']);
      assert.match(answer.text, /"code":"FAIL"/);
      assert.doesNotMatch(answer.text, /at |Error|node:/);
      assert.equal(hintsSent(), sent, 'nothing is enqueued');
      await until('a metric', () => {
        const now = output.filter((line) => /notice_refused|notice_probe/.test(line)).length;
        return now > counted;
      });
    }

    it('that an outside program signed is believed when WeChat confirms it', async () => {
      await stack.putOrder('TRUE-0001', order);
      await stack.control('pay', { out_trade_no: 'TRUE-0001', notice: 'lost' });
      const notice = makeNotice(stack.dev, { resource: paidResource(stack.dev, 'TRUE-0001') });
      assert.equal((await post(notice)).status, 204);
      const events = (): readonly string[] => eventsAbout(`order#${mchid()}#TRUE-0001`);
      await until('the event', () => events().length > 0);
      assert.deepEqual(events(), [`order#${mchid()}#TRUE-0001/order.paid/1`]);
      assert.equal((await stack.getOrder('TRUE-0001')).body['status'], 'PAID');
    });

    it('of a kind that nobody handles is acknowledged, kept and announced once', async () => {
      const parts = { resource: { mchid: mchid() }, eventType: 'COUPON.USE' };
      for (let time = 0; time < 3; time += 1) {
        assert.equal((await post(makeNotice(stack.dev, { ...parts, id: 'EV-7' }))).status, 204);
      }
      const pk = `notice#${mchid()}#EV-7`;
      await until('the event', () => eventsAbout(pk).length > 0);
      await until('the queue is empty', async () => {
        const { hints } = await stack.depths();
        return hints !== undefined && hints.visible + hints.inFlight === 0;
      });
      assert.deepEqual(eventsAbout(pk), [`${pk}/notice.unhandled/1`]);
      assert.equal((await stack.item(pk))?.['event_type'], 'COUPON.USE');
    });

    it('that is well signed but untrue is acknowledged and not believed', async () => {
      await stack.putOrder('UNTRUE-001', order);
      const notice = makeNotice(stack.dev, { resource: paidResource(stack.dev, 'UNTRUE-001') });
      assert.equal((await post(notice)).status, 204);
      const queried = async (): Promise<boolean> => {
        const { text } = await stack.control('calls?limit=100');
        return /UNTRUE-001[^}]*query-by-out-trade-no/.test(text);
      };
      await until('WeChat is asked', queried);
      assert.equal((await stack.getOrder('UNTRUE-001')).body['status'], 'AWAITING');
    });

    for (const name of ['timestamp', 'nonce', 'serial', 'signature']) {
      it(`without its Wechatpay-${name} is refused`, async () => {
        const { headers, body } = signBody(stack.dev, '{}');
        const { [`wechatpay-${name}`]: _, ...rest } = headers;
        await refused({ headers: rest, body }, 400);
      });
    }

    it('with a doubled signature header is refused', async () => {
      const { headers, body } = signBody(stack.dev, '{}');
      const doubled = `${headers['wechatpay-signature']},${headers['wechatpay-signature']}`;
      await refused({ headers: { ...headers, 'wechatpay-signature': doubled }, body }, 400);
    });

    it('with an unknown serial is refused, after one fresh look at the account', async () => {
      await refused(signBody(stack.dev, '{}', { serial: 'PUB_KEY_ID_0000000000000000' }), 401);
    });

    for (const [what, signature] of [
      ['is no base64', '!!!!'],
      ['is empty base64', '===='],
      ['is of another key', Buffer.alloc(256, 7).toString('base64')],
      ['is a probe', `WECHATPAY/SIGNTEST/${Buffer.alloc(240, 7).toString('base64')}`],
    ] as const) {
      it(`whose signature ${what} is refused`, async () => {
        const { headers, body } = signBody(stack.dev, '{}');
        await refused({ headers: { ...headers, 'wechatpay-signature': signature }, body }, 401);
      });
    }

    for (const offsetSeconds of [-301, 301, -86_400]) {
      it(`signed ${offsetSeconds} s off is refused`, async () => {
        const timestamp = Math.floor(Date.now() / 1000) + offsetSeconds;
        await refused(signBody(stack.dev, '{}', { timestamp }), 401);
      });
    }

    it('with one byte changed is refused', async () => {
      const notice = makeNotice(stack.dev, { resource: paidResource(stack.dev, 'TAMPER-001') });
      await refused({ ...notice, body: notice.body.replace('支付', '支付 ') }, 401);
    });

    for (const body of ['[]', '"text"', '{', '', 'null', '{"id":"EV-1"}']) {
      it(`whose signed body is ${JSON.stringify(body)} is refused`, async () => {
        await refused(signBody(stack.dev, body), 400);
      });
    }

    it('whose ciphertext does not open is refused', async () => {
      const resource = paidResource(stack.dev, 'SEALED-001');
      await refused(makeNotice(stack.dev, { resource, apiV3Key: 'x'.repeat(32) }), 400);
    });

    it('about another merchant is refused', async () => {
      const resource = { ...paidResource(stack.dev, 'FOREIGN-01'), mchid: '1999999999' };
      await refused(makeNotice(stack.dev, { resource }), 403);
    });

    it('for an account that does not exist is refused', async () => {
      const url = stack.dev.notifyUrl.replace(/dev$/, 'nobody');
      await refused(makeNotice(stack.dev, {}), 404, url);
    });

    it('larger than 1.5 MB is refused', async () => {
      await refused(signBody(stack.dev, 'x'.repeat(1_500_001)), 413);
    });

    it('is answered 500 while the queue refuses, so that WeChat sends again', async () => {
      const heal = stack.gates.sqs.addRule(({ caller, action }) =>
        caller === 'notify' && action === 'SendMessage'
          ? { status: 400, code: 'AccessDeniedException' }
          : undefined,
      );
      const notice = makeNotice(stack.dev, { resource: paidResource(stack.dev, 'TRUE-0001') });
      const answer = await post(notice);
      heal();
      assert.deepEqual(
        [answer.status, answer.text],
        [500, '{"code":"FAIL","message":"try again later"}'],
      );
      assert.equal((await post(notice)).status, 204);
    });

    it('keeps no key, body or payer in the log', () => {
      const log = output.join('\n');
      for (const secret of [stack.dev.account.apiV3Key, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'BEGIN']) {
        assert.equal(log.includes(secret), false);
      }
    });
  });
}
