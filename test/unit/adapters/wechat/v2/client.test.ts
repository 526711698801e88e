import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { HttpRequest } from '#adapters/wechat/attempt.ts';
import { createClient } from '#adapters/wechat/v2/client.ts';
import type { Transport, TransportAnswer } from '#adapters/wechat/v2/transport.ts';
import type { Account } from '#core/account.ts';
import { accountOf, answerOf, fieldsOf, secondAppid, signOf, xmlOf } from './account-support.ts';

const query = { target: '/pay/orderquery', fields: { out_trade_no: 'order_000001' } };
const refund = { target: '/secapi/pay/refund', fields: { out_refund_no: 'refund_1' } };

function response(body: Uint8Array | string, status = 200): TransportAnswer {
  return { type: 'response', status, headers: {}, body: Buffer.from(body) };
}

function clientThat(answer: TransportAnswer) {
  const sent: HttpRequest[] = [];
  const transport: Transport = {
    send: (request, secureContext) => {
      assert.equal(secureContext, undefined);
      sent.push(request);
      return Promise.resolve(answer);
    },
  };
  return { client: createClient({ transport, userAgent: 'test/1' }), sent };
}

async function callWith(answer: TransportAnswer, account: Account = accountOf()) {
  return await clientThat(answer).client.call(account, query);
}

async function sentBy(account: Account, call: typeof query & { readonly appid?: never }) {
  const { client, sent } = clientThat(response('', 500));
  await client.call(account, call);
  const [request] = sent;
  assert.ok(request !== undefined && sent.length === 1);
  return request;
}

suite('a request', () => {
  test('is posted as XML, signed for the merchant', async () => {
    const request = await sentBy(accountOf(), query);
    assert.equal(request.method, 'POST');
    assert.equal(request.target, '/pay/orderquery');
    assert.deepEqual(request.headers, {
      'content-type': 'text/xml; charset=utf-8',
      'user-agent': 'test/1',
    });
    const { nonce_str = '', sign, ...fields } = fieldsOf(request.body ?? '');
    assert.deepEqual(fields, {
      appid: 'wxd678efh567hg6787',
      mch_id: '1900007291',
      out_trade_no: 'order_000001',
    });
    assert.match(nonce_str, /^[0-9A-F]{32}$/);
    assert.equal(sign, signOf({ ...fields, nonce_str }));
  });

  test('names the way it is signed where that is not MD5, and signs the name', async () => {
    const request = await sentBy(accountOf({ signType: 'HMAC-SHA256' }), query);
    const { sign = '', ...fields } = fieldsOf(request.body ?? '');
    assert.equal(fields['sign_type'], 'HMAC-SHA256');
    assert.equal(sign, signOf(fields, 'HMAC-SHA256'));
    assert.equal(sign.length, 64);
  });

  test('is for another appid where it says so', async () => {
    const { client, sent } = clientThat(response('', 500));
    await client.call(accountOf(), { ...query, appid: secondAppid });
    assert.equal(fieldsOf(sent[0]?.body ?? '')['appid'], 'wx2421b1c4370ec43b');
  });

  test('leaves out what has no value, and white space around one', async () => {
    const fields = { body: ' a <b> & c ', attach: undefined, detail: '', goods_tag: ' \t' };
    const { client, sent } = clientThat(response('', 500));
    await client.call(accountOf(), { ...query, fields });
    const { nonce_str: _, ...message } = fieldsOf(sent[0]?.body ?? '');
    assert.deepEqual(Object.keys(message).sort(), ['appid', 'body', 'mch_id', 'sign']);
    assert.equal(message['body'], 'a <b> & c');
    assert.equal(fieldsOf(sent[0]?.body ?? '')['sign'], signOf(fieldsOf(sent[0]?.body ?? '')));
  });

  test('has a nonce of its own each time', async () => {
    const [one, other] = [await sentBy(accountOf(), query), await sentBy(accountOf(), query)];
    assert.notEqual(fieldsOf(one.body ?? '')['nonce_str'], fieldsOf(other.body ?? '')['nonce_str']);
  });

  test('is not sent without credentials of APIv2', async () => {
    const { client, sent } = clientThat(response(''));
    const answer = await client.call({ ...accountOf(), credentials: {} }, query);
    assert.deepEqual(answer, { type: 'unsent', code: 'KEY_INVALID' });
    assert.equal(sent.length, 0);
  });

  test('below /secapi/ is not sent without a certificate that can be read', async () => {
    for (const certificate of [
      { certificate: 'no PEM', privateKey: 'no PEM' },
      { p12: 'bm8gUEtDUyMxMg==' },
    ]) {
      const { client, sent } = clientThat(response(''));
      const answer = await client.call(accountOf({ certificate }), refund);
      assert.deepEqual(answer, { type: 'unsent', code: 'KEY_INVALID' });
      assert.equal(sent.length, 0);
    }
  });

  test('needs a name that can stand in a header', () => {
    const transport = { send: () => Promise.reject(new Error('not reached')) };
    for (const userAgent of ['', 'a\r\nb', '名']) {
      assert.throws(() => createClient({ transport, userAgent }), {
        name: 'TypeError',
        message: /user agent/,
      });
    }
  });
});

suite('an answer', () => {
  test('with result SUCCESS brings its fields', async () => {
    const answer = await callWith(response(answerOf({ trade_state: 'NOTPAY' })));
    assert.ok(answer.type === 'success');
    assert.equal(answer.fields.get('trade_state'), 'NOTPAY');
  });

  test('with result FAIL brings its code', async () => {
    const fail = { result_code: 'FAIL', err_code: 'ORDERNOTEXIST', recall: 'Y' };
    const answer = await callWith(response(answerOf(fail)));
    assert.ok(answer.type === 'failure');
    assert.equal(answer.code, 'ORDERNOTEXIST');
    assert.equal(answer.fields.get('recall'), 'Y');
  });

  test('may be for any appid of the account', async () => {
    const answer = await callWith(response(answerOf({ appid: secondAppid })));
    assert.equal(answer.type, 'success');
  });

  test('is verified in the way of the account', async () => {
    const account = accountOf({ signType: 'HMAC-SHA256' });
    const strong = await callWith(response(answerOf({}, 'HMAC-SHA256')), account);
    assert.equal(strong.type, 'success');
    const badly = { type: 'unknown', code: 'BAD_SIGNATURE' };
    assert.deepEqual(await callWith(response(answerOf({})), account), badly);
    assert.deepEqual(await callWith(response(answerOf({ sign_type: 'MD5' })), account), badly);
    assert.deepEqual(await callWith(response(answerOf({}, 'HMAC-SHA256'))), badly);
  });
});

suite('an answer that proves nothing is unknown', () => {
  const cases = {
    TIMEOUT: { type: 'failure', failure: 'timeout' },
    NETWORK: { type: 'failure', failure: 'network' },
    TOO_LARGE: { type: 'failure', failure: 'too-large' },
    HTTP_500: response(answerOf({}), 500),
    HTTP_404: response(answerOf({}), 404),
    HTTP_302: response('', 302),
    HTTP_201: response(answerOf({}), 201),
  } as const;
  for (const [code, answer] of Object.entries(cases)) {
    test(`with the code ${code}`, async () => {
      assert.deepEqual(await callWith(answer), { type: 'unknown', code });
    });
  }

  const unknown = (code: string) => ({ type: 'unknown', code });

  test('when it is no XML of WeChat', async () => {
    for (const body of [
      '',
      '{}',
      '<html></html>',
      '<xml></xml>',
      '<!DOCTYPE x><xml></xml>',
      xmlOf({ return_code: 'OK' }),
      xmlOf({ return_code: '' }),
      xmlOf({ result_code: 'SUCCESS' }),
    ]) {
      assert.deepEqual(await callWith(response(body)), unknown('MALFORMED'));
    }
  });

  test('when a signed one has no result, or a FAIL without a code', async () => {
    for (const odd of [
      { result_code: '' },
      { result_code: 'success' },
      { result_code: 'FAIL' },
      { result_code: 'FAIL', err_code: '' },
      { result_code: 'FAIL', err_code: 'order not exist' },
      { result_code: 'FAIL', err_code: 'ORDERNOTEXIST\n' },
      { result_code: 'FAIL', err_code: 'A'.repeat(49) },
    ]) {
      assert.deepEqual(await callWith(response(answerOf(odd))), unknown('MALFORMED'));
    }
  });

  test('when it is not signed, or changed after it was', async () => {
    const bare = { return_code: 'SUCCESS', result_code: 'SUCCESS' };
    assert.deepEqual(await callWith(response(xmlOf(bare))), unknown('UNSIGNED'));
    assert.deepEqual(await callWith(response(xmlOf({ ...bare, sign: '' }))), unknown('UNSIGNED'));
    const text = answerOf({ trade_state: 'NOTPAY' }).toString();
    const forged = text.replace('NOTPAY', 'SUCCESS');
    assert.deepEqual(await callWith(response(forged)), unknown('BAD_SIGNATURE'));
    const added = text.replace('</xml>', '<recall>N</recall></xml>');
    assert.deepEqual(await callWith(response(added)), unknown('BAD_SIGNATURE'));
  });

  test('when it is signed for another merchant or appid', async () => {
    for (const odd of [
      { mch_id: '1900009999' },
      { mch_id: '' },
      { appid: 'wx0000000000000000' },
      { appid: '' },
    ]) {
      assert.deepEqual(await callWith(response(answerOf(odd))), unknown('OTHER_MERCHANT'));
    }
  });

  test('when WeChat did not get as far as a result, and no fault is named', async () => {
    for (const return_msg of ['系统繁忙', '', '订单不存在']) {
      const body = xmlOf({ return_code: 'FAIL', return_msg });
      assert.deepEqual(await callWith(response(body)), unknown('RETURN_FAIL'));
    }
  });

  test('and nothing else in it is believed, signed or not', async () => {
    const fields = { return_code: 'FAIL', err_code: 'ORDERNOTEXIST', result_code: 'FAIL' };
    assert.deepEqual(await callWith(response(answerOf(fields))), unknown('RETURN_FAIL'));
  });
});

suite('an unsigned answer that names a fault of ours', () => {
  test('is a fault', async () => {
    const body = xmlOf({ return_code: 'FAIL', return_msg: '签名错误' });
    assert.deepEqual(await callWith(response(body)), { type: 'fault', code: 'SIGNERROR' });
  });

  test('is none with another status or return_code', async () => {
    const body = xmlOf({ return_code: 'FAIL', return_msg: '签名错误' });
    assert.deepEqual(await callWith(response(body, 500)), { type: 'unknown', code: 'HTTP_500' });
    const success = response(answerOf({ return_msg: '签名错误' }));
    assert.equal((await callWith(success)).type, 'success');
  });
});
