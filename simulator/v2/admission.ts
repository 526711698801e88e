import { isUtf8 } from 'node:buffer';
import type { MerchantAccount } from '../merchant-account.ts';
import type { V2Operation } from '../routes.ts';
import type { ApiCall } from '../wire.ts';
import { type V2Refusal, v2Refuse } from './call.ts';
import { type SignType, verifyFields } from './signing.ts';
import type { Fields } from './xml.ts';

type Admission =
  | {
      readonly ok: true;
      readonly account: MerchantAccount;
      readonly appid: string;
      readonly signType: SignType;
      /** Those that are not empty. */
      readonly fields: Fields;
    }
  | { readonly ok: false; readonly refusal: V2Refusal };

type Knock = ApiCall & {
  readonly operation: V2Operation;
  /** What was read from the body; undefined when it is no document of APIv2. */
  readonly fields: Fields | undefined;
};

type Accounts = ReadonlyMap<string, MerchantAccount>;

/** Lets a call in or says why not; nothing of such a refusal is signed. */
export const admit = (knock: Knock, accounts: Accounts): Admission => {
  if (knock.fields === undefined || knock.method !== 'POST') return v2Refuse(...unreadable(knock));
  const mchid = knock.fields.get('mch_id') ?? '';
  if (mchid === '') return v2Refuse('LACK_PARAMS', '缺少参数mch_id');
  const account = accounts.get(mchid);
  if (account === undefined) return v2Refuse('MCHID_NOT_EXIST', 'mch_id不存在');
  if (NEED_CERTIFICATE.includes(knock.operation) && !showsItsCertificate(knock, account)) {
    return v2Refuse('CERT_ERROR', '证书出错，请登录微信支付商家平台下载证书');
  }
  if (account.apiKey === '') return v2Refuse('SIGNERROR', '签名错误');
  const verdict = verifyFields(knock.fields, account.apiKey);
  if (!verdict.ok) return v2Refuse('SIGNERROR', SIGN_ISSUES[verdict.because]);
  const fields = new Map([...knock.fields].filter(([, value]) => value !== ''));
  const appid = fields.get('appid');
  if (appid === undefined) return v2Refuse('LACK_PARAMS', '缺少参数appid');
  if (account.appids.includes(appid)) {
    return { ok: true, account, appid, signType: verdict.signType, fields };
  }
  return [...accounts.values()].some(({ appids }) => appids.includes(appid))
    ? v2Refuse('APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配')
    : v2Refuse('APPID_NOT_EXIST', 'appid不存在');
};

const unreadable = ({ method, body }: ApiCall): readonly [code: string, message: string] => {
  if (method !== 'POST') return ['REQUIRE_POST_METHOD', '请使用post方法'];
  if (body.length === 0) return ['POST_DATA_EMPTY', 'post数据为空'];
  if (!isUtf8(body)) return ['NOT_UTF8', '编码格式错误'];
  return ['XML_FORMAT_ERROR', 'XML格式错误'];
};

const NEED_CERTIFICATE: readonly V2Operation[] = ['v2-reverse', 'v2-refund'];

const showsItsCertificate = ({ clientCertificate }: ApiCall, account: MerchantAccount): boolean =>
  clientCertificate !== undefined &&
  account.merchantCertificate?.equals(clientCertificate) === true;

const SIGN_ISSUES = {
  'no-sign': '缺少参数sign',
  'sign-type': '签名类型错误',
  wrong: '签名错误',
} as const;
