/**
 * What WeChat says when it did not get as far as a signed answer (`return_code` FAIL), as far as it says
 * that our account or our request is at fault, each with the code by which signed answers name it. How far
 * to trust it: `签名失败` and `参数格式校验错误` stand on the official pages as examples; the others are
 * hearsay, no part of the protocol, and more will come. They are unsigned, so one that fits says only that
 * somebody must repair something; any other text leaves the outcome open. The first that fits counts.
 */
const faults: readonly (readonly [code: string, text: RegExp])[] = [
  ['SIGNERROR', /签名(?:错误|失败|不正确)|sign ?error/i],
  ['APPID_MCHID_NOT_MATCH', /appid.{0,8}mch_?id.{0,4}不匹配|mch_?id.{0,8}appid.{0,4}不匹配/i],
  ['APPID_NOT_EXIST', /appid\s*不存在/i],
  ['MCHID_NOT_EXIST', /(?:mch_?id|商户号)\s*不存在/i],
  ['NOAUTH', /无.{0,6}(?:接口)?权限|没有.{0,6}权限/],
  ['CERTIFICATE', /证书/],
  ['XML_FORMAT_ERROR', /xml\s*(?:格式|解析)(?:错误|失败)/i],
  ['REQUIRE_POST_METHOD', /请?使用\s*post/i],
  ['POST_DATA_EMPTY', /post\s*数据为空/i],
  ['NOT_UTF8', /编码格式错误|utf-?8/i],
  ['LACK_PARAMS', /缺少.{0,12}参数/],
  ['PARAM_ERROR', /参数(?:格式校验)?错误|参数长度有误/],
];

/** The code of the fault that a `return_msg` names; undefined when it names none that is known. */
export function faultIn(return_msg: string | undefined): string | undefined {
  return faults.find(([, text]) => text.test(return_msg ?? ''))?.[0];
}
