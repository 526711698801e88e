import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createPayscoreGateway } from '#adapters/wechat/v3/payscore-gateway.ts';
import type { Account } from '#core/account.ts';
import { commandNames, type PayscoreCommand, type SendOutcome } from '#core/payscore/evidence.ts';
import { isAppid, isServiceId } from '#core/values/ids.ts';
import { deadOrigin, serve } from '../loopback.ts';
import {
  commandAnswers,
  commandOf,
  plan,
  planAnswer,
  serviceOrder,
  serviceOrderAnswer,
  signPlan,
  signPlanAnswer,
  signPlanMade,
} from './payscore-samples.ts';
import { accountOf, known, noon, signedHeaders } from './support.ts';

const account = accountOf();
const asked = {
  out_order_no: serviceOrder.number,
  service_id: known('00109000000000169034377913212082', isServiceId),
  appid: known('wxd678efh567hg6787', isAppid),
};

type Answer = { status: number; body?: string; headers?: Record<string, string> };

function optionsOf(origin: string) {
  return { origins: [origin], now: () => noon, userAgent: 'test/1' };
}

/** The four calls of the gateway, the last one with each command in turn. */
async function callsOf(origin: string, whose: Account = account) {
  const gateway = createPayscoreGateway(optionsOf(origin));
  const queries = await Promise.all([
    gateway.queryPlan(whose, plan.number),
    gateway.querySignPlan(whose, signPlan.number),
    gateway.queryServiceOrder(whose, asked),
  ]);
  const sends: SendOutcome[] = [];
  for (const name of commandNames) {
    sends.push(await gateway.send(whose, commandOf(name)));
  }
  return { queries, sends };
}

/** What the gateway says when every call is answered so. */
async function answered(context: TestContext, { status, body, headers }: Answer) {
  const origin = await serve(context, (_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  return await callsOf(origin);
}

async function sendTo(context: TestContext, answer: Answer, command: PayscoreCommand) {
  const origin = await serve(context, (_request, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return await createPayscoreGateway(optionsOf(origin)).send(account, command);
}

function signed(status: number, value: object): Answer {
  const body = JSON.stringify(value);
  return { status, body, headers: signedHeaders(body) };
}

suite('PayScore over a server that says what it is told', () => {
  test('is believed when WeChat signed a 200', async (context) => {
    const everything = { ...planAnswer, ...signPlanAnswer, ...serviceOrderAnswer, ...signPlanMade };
    const { queries, sends } = await answered(context, signed(200, everything));
    assert.deepEqual(
      queries.map((evidence) => evidence.type === 'state' && evidence.state),
      ['NORMAL', 'SIGNED', 'DONE'],
    );
    const { package: page } = signPlanMade;
    const accepted = commandNames.map((name) =>
      name === 'create-sign-plan' ? { type: 'accepted', package: page } : { type: 'accepted' },
    );
    assert.deepEqual(sends, accepted);
  });

  for (const name of commandNames) {
    test(`${name} goes out byte for byte, signed with its body`, async (context) => {
      const seen: string[] = [];
      const { answer } = commandAnswers[name];
      const text = JSON.stringify(answer);
      const origin = await serve(context, (request, response) => {
        request.setEncoding('utf8');
        let body = '';
        request.on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => {
          const { 'content-type': type, 'content-length': length } = request.headers;
          seen.push(`${request.method} ${type} ${length} ${body}`);
          response.writeHead(200, signedHeaders(text)).end(text);
        });
      });
      const gateway = createPayscoreGateway(optionsOf(origin));
      for (const body of ['{ "reason":"用户" }', '']) {
        const { type } = await gateway.send(account, commandOf(name, body));
        assert.equal(type, 'accepted');
      }
      assert.deepEqual(seen, [
        'POST application/json 21 { "reason":"用户" }',
        'POST application/json 0 ',
      ]);
    });
  }

  test('believes a signed 204 of a command, but for the one that must bring a package', async (context) => {
    const { queries, sends } = await answered(context, { status: 204, headers: signedHeaders('') });
    for (const evidence of queries) {
      assert.deepEqual(evidence, { type: 'unknown', code: 'HTTP_204' });
    }
    const malformed = { type: 'unknown', code: 'MALFORMED' };
    const expected = commandNames.map((name) =>
      name === 'create-sign-plan' ? malformed : { type: 'accepted' },
    );
    assert.deepEqual(sends, expected);
  });

  const whole = JSON.stringify({ ...planAnswer, ...signPlanAnswer, ...serviceOrderAnswer });
  const forgeries: readonly (readonly [string, Answer, string])[] = [
    ['is not signed', { status: 200, body: whole }, 'UNSIGNED'],
    ['is a 204 that is not signed', { status: 204 }, 'UNSIGNED'],
    [
      'has one changed byte',
      { status: 200, body: whole.replace('12000', '92000'), headers: signedHeaders(whole) },
      'BAD_SIGNATURE',
    ],
    ['has another status', { status: 202, body: whole, headers: signedHeaders(whole) }, 'HTTP_202'],
    ['names nothing', signed(200, {}), 'MALFORMED'],
    ['is a redirect', { status: 302, headers: { location: '/elsewhere' } }, 'HTTP_302'],
    [
      'is too much at once',
      { status: 429, body: '{"code":"FREQUENCY_LIMITED"}' },
      'FREQUENCY_LIMITED',
    ],
    ['is an error of WeChat', { status: 500, body: '{"code":"SYSTEM_ERROR"}' }, 'SYSTEM_ERROR'],
    ['is 404 with nothing', { status: 404 }, 'HTTP_404'],
    ['is the 404 of a proxy', { status: 404, body: '<html>404 Not Found</html>' }, 'HTTP_404'],
    ['is 404 without a code of WeChat', { status: 404, body: '{"code":"not found"}' }, 'HTTP_404'],
  ];
  for (const [name, answer, code] of forgeries) {
    test(`is open after an answer that ${name}`, async (context) => {
      const { queries, sends } = await answered(context, answer);
      for (const outcome of [...queries, ...sends]) {
        assert.deepEqual(outcome, { type: 'unknown', code });
      }
    });
  }

  test('is open after an answer about something else', async (context) => {
    const other = { ...planAnswer, merchant_plan_no: 'plan-1' };
    const outcome = await sendTo(context, signed(200, other), commandOf('stop-plan'));
    assert.deepEqual(outcome, { type: 'unknown', code: 'OTHER_PLAN' });
    const foreign = { ...serviceOrderAnswer, mchid: '1900007292' };
    assert.deepEqual(await sendTo(context, signed(200, foreign), commandOf('complete')), {
      type: 'unknown',
      code: 'OTHER_MERCHANT',
    });
  });

  for (const [status, code, query, send] of [
    [404, 'ORDER_NOT_EXIST', 'not-found', 'refused'],
    [400, 'INVALID_ORDER_STATE', 'unknown', 'refused'],
    [403, 'NO_AUTH', 'fault', 'fault'],
    [401, 'SIGN_ERROR', 'fault', 'fault'],
  ] as const) {
    test(`is ${query} to a query and ${send} to a command after ${status} ${code}`, async (context) => {
      const { queries, sends } = await answered(context, {
        status,
        body: JSON.stringify({ code }),
      });
      for (const evidence of queries) {
        assert.deepEqual(evidence, { type: query, code });
      }
      for (const outcome of sends) {
        assert.deepEqual(outcome, { type: send, code });
      }
    });
  }

  test('is open when nobody answers', async () => {
    const { queries, sends } = await callsOf(await deadOrigin());
    for (const outcome of [...queries, ...sends]) {
      assert.deepEqual(outcome, { type: 'unknown', code: 'NETWORK' });
    }
  });

  test("sends nothing and is a fault without a merchant's key", async (context) => {
    const origin = await serve(context, () => assert.fail('nothing may be sent'));
    const keyless = { ...account, api: 'v2', credentials: {} } as const;
    for (const broken of [accountOf({ merchantPrivateKey: 'PEM' }), keyless]) {
      const { queries, sends } = await callsOf(origin, broken);
      for (const outcome of [...queries, ...sends]) {
        assert.deepEqual(outcome, { type: 'fault', code: 'KEY_INVALID' });
      }
    }
  });
});
