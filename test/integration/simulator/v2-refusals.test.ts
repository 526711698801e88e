import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createMerchant } from '../../../simulator/merchant.ts';
import { startSimulator } from '../../../simulator/server.ts';
import { documentOf, openTill, send, signedFields, type V2Options } from './v2-till.ts';

const till = await openTill();
after(() => till.simulator.close());
const { merchant } = till;

const UNIFIED = '/pay/unifiedorder';

/** Asserts a refusal that nobody signed, with nothing but its reason. */
const turnedAway = async (
  fields: Readonly<Record<string, string | undefined>>,
  message: RegExp,
  options: V2Options = {},
  path = UNIFIED,
) => {
  const answer = await till.v2(path, fields, options);
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.fields), ['return_code', 'return_msg']);
  assert.equal(answer.fields['return_code'], 'FAIL');
  assert.match(answer.fields['return_msg'] ?? '', message);
};

describe('calls that are turned away unsigned', () => {
  const sound = documentOf(signedFields(merchant, till.order('sound-0001')));
  const nothing = sound.replace('<xml>', '<xml><!-- -->');
  const bodies: Readonly<Record<string, readonly [string | Buffer, RegExp]>> = {
    'an empty body': ['', /^post数据为空$/],
    'bytes that are not UTF-8': [Buffer.from([0x3c, 0xff, 0x3e]), /^编码格式错误$/],
    JSON: ['{"appid":"wx"}', /^XML格式错误$/],
    'another root': [sound.replaceAll('xml>', 'root>'), /^XML格式错误$/],
    'an open end': [sound.slice(0, -1), /^XML格式错误$/],
    'something after the end': [`${sound}<xml/>`, /^XML格式错误$/],
    'a document type': [`<!DOCTYPE xml>${sound}`, /^XML格式错误$/],
    'a comment': [nothing, /^XML格式错误$/],
    'an attribute': [sound.replace('<body>', '<body lang="zh">'), /^XML格式错误$/],
    'a nested element': [sound.replace('<body>', '<body><b/>'), /^XML格式错误$/],
    'a field twice': [sound.replace('<xml>', '<xml><appid>wx</appid>'), /^XML格式错误$/],
    'an entity of its own': [sound.replace('<xml>', '<xml><a>&b;</a>'), /^XML格式错误$/],
  };
  for (const [what, [body, message]] of Object.entries(bodies)) {
    test(what, () => turnedAway({}, message, { body }));
  }

  const order = till.order('turned-away');
  const cases: Readonly<
    Record<string, readonly [Readonly<Record<string, string | undefined>>, RegExp, V2Options?]>
  > = {
    'no mch_id': [{ mch_id: undefined }, /缺少参数mch_id/],
    'an unknown mch_id': [{ mch_id: '1900000001' }, /^mch_id不存在$/],
    'no sign': [{ sign: '' }, /缺少参数sign/],
    'a sign of the wrong length': [{ sign: 'A'.repeat(31) }, /^签名错误$/],
    'a sign in lower case': [{ sign: 'a'.repeat(32) }, /^签名错误$/],
    'a sign by another key': [{}, /^签名错误$/, { apiKey: 'k'.repeat(32) }],
    'a sign type that is not known': [{ sign_type: 'RSA' }, /签名类型错误/],
    'HMAC said and MD5 done': [{ sign_type: 'HMAC-SHA256' }, /^签名错误$/],
    'no appid': [{ appid: undefined }, /^缺少参数appid$/],
    'an unknown appid': [{ appid: 'wx0000000000000000' }, /^appid不存在$/],
  };
  for (const [what, [change, message, options]] of Object.entries(cases)) {
    test(what, () => turnedAway({ ...order, ...change }, message, options));
  }

  test('a field changed, added or left out after signing', async () => {
    const signed = signedFields(merchant, order);
    const { body: _left, ...less } = signed;
    for (const fields of [{ ...signed, total_fee: '1' }, { ...signed, more: '1' }, less]) {
      await turnedAway({}, /^签名错误$/, { body: documentOf(fields) });
    }
  });

  test('an empty field is not part of what is signed', async () => {
    const fields = { ...signedFields(merchant, till.order('empty-0001')), attach: '' };
    till.succeeded(await till.v2(UNIFIED, {}, { body: documentOf(fields) }));
  });

  test('anything but POST', () => turnedAway(order, /^请使用post方法$/, { method: 'PUT' }));

  test('an unknown path is a bare 404', async () => {
    assert.deepEqual(await till.v2('/pay/unheardof', order), { status: 404, fields: {} });
  });

  test('nothing of it was kept', async () => {
    till.refused(await till.queryV2('turned-away'), 'ORDERNOTEXIST');
  });

  test("a merchant without an API key, and another one's appid", async () => {
    const { apiKey, ...keyless } = await createMerchant();
    const other = await createMerchant();
    const simulator = await startSimulator({ merchants: [merchant, keyless, other] });
    const over = { origin: simulator.origin };
    const keylessCall = documentOf(signedFields({ ...keyless, apiKey }, order));
    const unset = documentOf(signedFields({ ...keyless, apiKey: '' }, order));
    for (const body of [keylessCall, unset]) await turnedAway({}, /^签名错误$/, { body, over });
    await turnedAway({ ...order, appid: other.appid }, /^appid和mch_id不匹配$/, { over });
    const { fields } = await send(over, UNIFIED, documentOf(signedFields(other, order)));
    assert.equal(fields['result_code'], 'SUCCESS');
    await simulator.close();
  });

  test('an API key of another length is no option', async () => {
    for (const apiKey of ['', 'short', '键'.repeat(32)]) {
      await assert.rejects(startSimulator({ merchants: [{ ...merchant, apiKey }] }), {
        name: 'TypeError',
        message: /apiKey/,
      });
    }
  });
});

describe('fields that are refused, signed', () => {
  const refusals: Readonly<
    Record<string, readonly [Readonly<Record<string, string | undefined>>, string]>
  > = {
    'no nonce': [{ nonce_str: undefined }, 'LACK_PARAMS'],
    'a long nonce': [{ nonce_str: 'n'.repeat(33) }, 'PARAM_ERROR'],
    'no body': [{ body: undefined }, 'LACK_PARAMS'],
    'an empty body field': [{ body: '' }, 'LACK_PARAMS'],
    'a long body': [{ body: '茶'.repeat(128) }, 'PARAM_ERROR'],
    'an emoji': [{ body: '🍵' }, 'PARAM_ERROR'],
    'no number': [{ out_trade_no: undefined }, 'LACK_PARAMS'],
    'a short number': [{ out_trade_no: '12345' }, 'PARAM_ERROR'],
    'a long number': [{ out_trade_no: '1'.repeat(33) }, 'PARAM_ERROR'],
    'a number with a space': [{ out_trade_no: 'a number' }, 'PARAM_ERROR'],
    'an amount of nothing': [{ total_fee: '0' }, 'PARAM_ERROR'],
    'an amount in yuan': [{ total_fee: '1.00' }, 'PARAM_ERROR'],
    'a negative amount': [{ total_fee: '-1' }, 'PARAM_ERROR'],
    'an amount with an exponent': [{ total_fee: '1e2' }, 'PARAM_ERROR'],
    'another currency': [{ fee_type: 'USD' }, 'PARAM_ERROR'],
    'no address': [{ spbill_create_ip: undefined }, 'LACK_PARAMS'],
    'a name for an address': [{ spbill_create_ip: 'localhost' }, 'PARAM_ERROR'],
    'no notify_url': [{ notify_url: undefined }, 'LACK_PARAMS'],
    'a notify_url with a query': [{ notify_url: 'https://a.example.com/?a=1' }, 'PARAM_ERROR'],
    'a notify_url without TLS': [{ notify_url: 'http://a.example.com/' }, 'PARAM_ERROR'],
    'an unknown trade type': [{ trade_type: 'MICROPAY' }, 'PARAM_ERROR'],
    'JSAPI without openid': [{ trade_type: 'JSAPI' }, 'LACK_PARAMS'],
    'NATIVE without product_id': [{ product_id: undefined }, 'LACK_PARAMS'],
    'a time that is none': [{ time_expire: '20990231000000' }, 'PARAM_ERROR'],
    'a time with a zone': [{ time_expire: '2099-12-31T00:00:00+08:00' }, 'PARAM_ERROR'],
    'a start that is none': [{ time_start: '20261301000000' }, 'PARAM_ERROR'],
    'an unknown limit': [{ limit_pay: 'no_debit' }, 'PARAM_ERROR'],
    'profit sharing in lower case': [{ profit_sharing: 'y' }, 'PARAM_ERROR'],
  };
  for (const [what, [change, code]] of Object.entries(refusals)) {
    test(what, async () => {
      till.refused(await till.placeV2('refused-0001', change), code);
    });
  }

  test('the log tells each call with its code', async () => {
    await turnedAway({}, /^post数据为空$/, { body: '' });
    till.refused(await till.placeV2('refused-0001', { total_fee: '0' }), 'PARAM_ERROR');
    const { calls } = (await till.read('calls?limit=2')) as { calls: Record<string, unknown>[] };
    assert.deepEqual(
      calls.map(({ operation, mchid, status, code }) => [operation, mchid, status, code]),
      [
        ['v2-unifiedorder', null, 200, 'POST_DATA_EMPTY'],
        ['v2-unifiedorder', merchant.mchid, 200, 'PARAM_ERROR'],
      ],
    );
  });
});
