import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Context } from 'aws-lambda';
import { createNoticeEndpoint, type NoticeJobs } from '#adapters/lambda/notice-http.ts';
import { AppError } from '#core/errors.ts';
import { noticeProblems, type RawNotice } from '#core/notices.ts';
import { fail, ok } from '#core/result.ts';
import { eventOfRequest } from '../../../../local/http-event.ts';
import { createTelemetry } from '../../../support/telemetry.ts';

const bodyLimitBytes = { json: 1_500_000, xml: 65_536 };

const accepting: NoticeJobs['receive'] = () => Promise.resolve(ok(undefined));
const uncalled: NoticeJobs['receive'] = () => assert.fail('the callback was received');

const unused = (): never => assert.fail('nobody asks for this');
const context: Context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'notify',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:notify',
  memoryLimitInMB: '512',
  awsRequestId: 'request-1',
  logGroupName: '/aws/lambda/notify',
  logStreamName: '1',
  getRemainingTimeInMillis: () => 30_000,
  done: unused,
  fail: unused,
  succeed: unused,
};

type Posted = { readonly type?: string; readonly account?: string };

/** Posts a callback: as text unless its type says otherwise. */
async function post(
  receive: NoticeJobs['receive'],
  body: string | Buffer,
  { type = 'text/xml', account = 'shop' }: Posted = {},
) {
  const telemetry = createTelemetry();
  let flushes = 0;
  const flush = (): void => {
    flushes += 1;
  };
  const endpoint = createNoticeEndpoint({
    receive,
    bodyLimitBytes,
    telemetry: { ...telemetry, flush },
  });
  const event = eventOfRequest(
    {
      method: 'POST',
      target: `/notify/${account}`,
      headers: { 'content-type': [type], 'Wechatpay-Nonce': ['one', 'two'] },
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
      nowMs: 1_795_233_600_000,
    },
    {
      route: { routeKey: 'POST /notify/{account}', functionName: 'notify' },
      pathParameters: { account },
    },
  );
  const answer = await endpoint(event, context);
  assert.equal(flushes, 1, 'the metrics are written');
  return { answer, telemetry };
}

function failXml(reason: string): string {
  return (
    '<xml><return_code><![CDATA[FAIL]]></return_code>' +
    `<return_msg><![CDATA[${reason}]]></return_msg></xml>`
  );
}

const headersOfXml = { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' };
const headersOfJson = { 'content-type': 'application/json', 'cache-control': 'no-store' };

const xml = '<xml><return_code>SUCCESS</return_code></xml>';
const json = '{"id":"EV-1"}';

suite('a callback whose hint is durable', () => {
  test('is answered with 200 and SUCCESS when it is XML', async () => {
    const { answer } = await post(accepting, xml);
    assert.deepEqual(answer, {
      statusCode: 200,
      headers: headersOfXml,
      body:
        '<xml><return_code><![CDATA[SUCCESS]]></return_code>' +
        '<return_msg><![CDATA[OK]]></return_msg></xml>',
    });
  });

  test('is answered with 204 and nothing when it is JSON', async () => {
    const { answer } = await post(accepting, json, { type: 'application/json' });
    assert.deepEqual(answer, { statusCode: 204 });
  });

  test('is told apart by its first character, not by its type', async () => {
    const bodies = [
      [xml, 200],
      [` \r\n\t${xml}`, 200],
      [`<?xml version="1.0"?>${xml}`, 200],
      ['<', 200],
      [json, 204],
      [` ${json}`, 204],
      [`x${xml}`, 204],
      [`\ufeff${xml}`, 204],
      ['', 204],
      [' ', 204],
    ] as const;
    for (const [body, status] of bodies) {
      for (const type of ['text/xml', 'application/json', 'application/octet-stream', '']) {
        const { answer } = await post(accepting, body, { type });
        assert.equal(answer.statusCode, status, `${body} as ${type}`);
      }
    }
  });

  test('was received as its bytes, for its account, header names in lower case', async () => {
    const received: (readonly [string, RawNotice])[] = [];
    const keep: NoticeJobs['receive'] = (name, raw) => {
      received.push([name, raw]);
      return accepting(name, raw);
    };
    const bytes = Buffer.from([0x3c, 0xff, 0x00, 0x3e]);
    await post(keep, bytes, { type: 'application/octet-stream' });
    await post(keep, '<支付>');
    assert.deepEqual(
      received.map(([name, { body }]) => [name, Buffer.from(body).toString('hex')]),
      [
        ['shop', '3cff003e'],
        ['shop', Buffer.from('<支付>').toString('hex')],
      ],
    );
    assert.equal(received[0]?.[1].headers['wechatpay-nonce'], 'one,two');
  });
});

const refusals = {
  header_missing: [400, 'signature header missing'],
  header_doubled: [400, 'signature header repeated'],
  clock: [401, 'timestamp too far off'],
  unknown_serial: [401, 'unknown serial'],
  signature: [401, 'signature does not match'],
  probe: [401, 'signature does not match'],
  body: [400, 'body is not a notification'],
  ciphertext: [400, 'resource does not open'],
  mchid: [403, 'foreign mchid'],
  account_unknown: [404, 'unknown account'],
} as const;

suite('a callback that is refused', () => {
  for (const reason of [...noticeProblems, 'account_unknown'] as const) {
    test(`for ${reason} hears FAIL and why in its own format, and never 2xx`, async () => {
      const [status, message] = refusals[reason];
      const refusing: NoticeJobs['receive'] = () => Promise.resolve(fail(reason));
      assert.deepEqual((await post(refusing, xml)).answer, {
        statusCode: status,
        headers: headersOfXml,
        body: failXml(message),
      });
      assert.deepEqual((await post(refusing, json)).answer, {
        statusCode: status,
        headers: headersOfJson,
        body: JSON.stringify({ code: 'FAIL', message }),
      });
    });
  }

  test('for an account that has no name is not received', async () => {
    for (const account of ['', 'SHOP', 'a b', '%', '../shop', 'x'.repeat(33)]) {
      const { answer, telemetry } = await post(uncalled, xml, { account });
      assert.deepEqual([answer.statusCode, answer.body], [404, failXml('unknown account')]);
      assert.equal((await post(uncalled, json, { account })).answer.statusCode, 404);
      assert.equal(telemetry.countOf('notice_refused', 'account_unknown'), 1);
    }
  });

  test('for its size is not received: 64 KB of XML, 1.5 MB of anything else', async () => {
    const sizes = [
      ['<'.padEnd(65_536), 200],
      ['<'.padEnd(65_537), 413],
      ['<'.padEnd(1_500_000), 413],
      ['{'.padEnd(65_537), 204],
      ['{'.padEnd(1_500_000), 204],
      ['{'.padEnd(1_500_001), 413],
      ['{'.padEnd(6_000_000), 413],
    ] as const;
    for (const [body, status] of sizes) {
      for (const type of ['text/xml', 'application/octet-stream']) {
        const { answer, telemetry } = await post(status === 413 ? uncalled : accepting, body, {
          type,
        });
        assert.equal(answer.statusCode, status, `${body[0]} ${body.length} ${type}`);
        assert.equal(telemetry.countOf('notice_refused', 'too_large'), status === 413 ? 1 : 0);
      }
    }
    const { answer } = await post(uncalled, '<'.padEnd(65_537));
    assert.deepEqual([answer.headers, answer.body], [headersOfXml, failXml('body too large')]);
  });
});

suite('a callback that we fail to take', () => {
  const errors = [
    ['queue_unavailable', new AppError('queue_unavailable', 'secret text')],
    ['secret_unavailable', new AppError('secret_unavailable', 'secret text')],
    ['internal', new Error('secret text')],
  ] as const;
  for (const [code, error] of errors) {
    test(`hears FAIL with 500 and nothing of the error, ${code}`, async () => {
      const failing: NoticeJobs['receive'] = () => Promise.reject(error);
      const { answer, telemetry } = await post(failing, xml);
      assert.deepEqual(answer, {
        statusCode: 500,
        headers: headersOfXml,
        body: failXml('try again later'),
      });
      assert.deepEqual(
        telemetry.lines.map(({ level, fields }) => [level, fields]),
        [['error', { code }]],
      );
      const { answer: inJson } = await post(failing, json);
      assert.deepEqual(inJson, {
        statusCode: 500,
        headers: headersOfJson,
        body: '{"code":"FAIL","message":"try again later"}',
      });
    });
  }

  test('hears it as well when nothing was awaited yet', async () => {
    const failing: NoticeJobs['receive'] = () => {
      throw new TypeError('secret text');
    };
    assert.equal((await post(failing, xml)).answer.body, failXml('try again later'));
  });
});
