import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { faultIn } from '#adapters/wechat/v2/return-messages.ts';

suite('a return_msg', () => {
  for (const [return_msg, code] of [
    ['签名失败', 'SIGNERROR'],
    ['签名错误，请检查后再试', 'SIGNERROR'],
    ['sign error', 'SIGNERROR'],
    ['Sign Error', 'SIGNERROR'],
    ['signerror', 'SIGNERROR'],
    ['签名不正确', 'SIGNERROR'],
    ['appid和mch_id不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['appidmchid不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['appid与商户号mch_id并不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['商户号mch_id与appid不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['mchidappid不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['mch_id与绑定的appid并不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['appid不存在', 'APPID_NOT_EXIST'],
    ['APPID 不存在', 'APPID_NOT_EXIST'],
    ['mch_id不存在', 'MCHID_NOT_EXIST'],
    ['商户号不存在', 'MCHID_NOT_EXIST'],
    ['mchid 不存在', 'MCHID_NOT_EXIST'],
    ['商户无此接口权限', 'NOAUTH'],
    ['没有该接口权限', 'NOAUTH'],
    ['无权限', 'NOAUTH'],
    ['没有权限', 'NOAUTH'],
    ['证书出错，请登录微信支付商家平台下载证书', 'CERTIFICATE'],
    ['XML格式错误', 'XML_FORMAT_ERROR'],
    ['xml解析失败', 'XML_FORMAT_ERROR'],
    ['xml 解析错误', 'XML_FORMAT_ERROR'],
    ['请使用post方法', 'REQUIRE_POST_METHOD'],
    ['使用 POST 方法', 'REQUIRE_POST_METHOD'],
    ['post数据为空', 'POST_DATA_EMPTY'],
    ['POST 数据为空', 'POST_DATA_EMPTY'],
    ['编码格式错误', 'NOT_UTF8'],
    ['请使用UTF-8编码', 'NOT_UTF8'],
    ['not utf8', 'NOT_UTF8'],
    ['缺少参数', 'LACK_PARAMS'],
    ['缺少必填参数nonce_str', 'LACK_PARAMS'],
    ['参数格式校验错误', 'PARAM_ERROR'],
    ['参数错误:输入的商户订单号有误', 'PARAM_ERROR'],
    ['mch_id参数长度有误', 'PARAM_ERROR'],
  ] as const) {
    test(`${return_msg} says ${code}`, () => {
      assert.equal(faultIn(return_msg), code);
    });
  }

  for (const return_msg of [
    undefined,
    '',
    'OK',
    'FAIL',
    '系统繁忙，请稍后再试',
    'SYSTEMERROR',
    '系统超时',
    '订单不存在',
    '订单已支付',
    '请求过于频繁',
    '签名',
    '签名正确',
    'signed',
    'appid',
    '参数',
    '不存在',
    '商户号',
    '权限',
    'xml',
    'post',
    'utf',
  ]) {
    test(`${return_msg ?? 'none'} says nothing`, () => {
      assert.equal(faultIn(return_msg), undefined);
    });
  }
});
