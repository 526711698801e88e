import {
  type ApiVersion,
  type ClientCertificate,
  type Credentials,
  signTypes,
  type V2Credentials,
  type V3Credentials,
} from '#core/account.ts';
import { type fieldsOf, isObject, isText, type JsonObject, oneOf } from '#core/values/json.ts';
import { withoutUndefined } from '#core/values/optional.ts';

type Fields = ReturnType<typeof fieldsOf>;

const keyBytes = 32;
const wechatpayKeyLimit = 16;

/**
 * Reads the credentials of an account's secret: those of its `api` must be there, and whoever names one
 * field of the other's must name them all. What is wrong is noted in `fields`.
 * - APIv3: `apiV3Key`, `merchantSerial`, `merchantPrivateKey`, `wechatpayKeys`.
 * - APIv2: `apiKey`, `signType`, and for TLS either `merchantP12`, or `merchantCertificate` with
 * `merchantPrivateKey`, which is the same one.
 */
export function readCredentials(
  fields: Fields,
  secret: JsonObject,
  api: ApiVersion | undefined,
): Credentials {
  const names = (...own: readonly string[]) => own.some((name) => Object.hasOwn(secret, name));
  const hasV3 = api === 'v3' || names('apiV3Key', 'merchantSerial', 'wechatpayKeys');
  const hasV2 = api === 'v2' || names('apiKey', 'signType', 'merchantCertificate', 'merchantP12');
  return withoutUndefined({
    v3: hasV3 ? readV3(fields) : undefined,
    v2: hasV2 ? readV2(fields, names('merchantP12')) : undefined,
  });
}

function readV3(fields: Fields): V3Credentials {
  return {
    apiV3Key: fields.required('apiV3Key', isApiV3Key),
    merchantSerial: fields.required('merchantSerial', isSerial),
    merchantPrivateKey: fields.required('merchantPrivateKey', isPem),
    wechatpayKeys: fields.required('wechatpayKeys', isKeyMap),
  };
}

function readV2(fields: Fields, isP12: boolean): V2Credentials {
  return {
    apiKey: fields.required('apiKey', isApiKey),
    signType: fields.required('signType', oneOf(signTypes)),
    certificate: readCertificate(fields, isP12),
  };
}

function readCertificate(fields: Fields, isP12: boolean): ClientCertificate {
  return isP12
    ? { p12: fields.required('merchantP12', isBase64) }
    : {
        certificate: fields.required('merchantCertificate', isPem),
        privateKey: fields.required('merchantPrivateKey', isPem),
      };
}

/** WeChat's page says 32 bytes; Node would take a 16-byte key for AES-128 without a word. */
function isApiV3Key(value: unknown): value is string {
  return isText(value) && Buffer.byteLength(value) === keyBytes;
}

/** The console takes 32 letters and digits. */
function isApiKey(value: unknown): value is string {
  return isText(value) && /^[\x21-\x7e]{32}$/.test(value);
}

function isSerial(value: unknown): value is string {
  return isText(value) && /^[0-9A-Fa-f]{16,64}$/.test(value);
}

function isPem(value: unknown): value is string {
  return isText(value) && value.startsWith('-----BEGIN ');
}

function isBase64(value: unknown): value is string {
  return isText(value) && /^[0-9A-Za-z+/]{64,}={0,2}$/.test(value);
}

function isKeyMap(value: unknown): value is V3Credentials['wechatpayKeys'] {
  return (
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.keys(value).length <= wechatpayKeyLimit &&
    Object.values(value).every(isPem)
  );
}
