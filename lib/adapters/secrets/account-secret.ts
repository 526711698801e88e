import {
  type Account,
  type Credentials,
  duplicatePolicies,
  latePolicies,
  type Webhook,
} from '#core/account.ts';
import { AppError } from '#core/errors.ts';
import { type AccountName, type Appid, isAppid, isMchid } from '#core/values/ids.ts';
import { fieldsOf, isObject, isText, oneOf, parseObject } from '#core/values/json.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import { isWebhookUrl, readWebhookKey, type WebhookRules } from '#core/values/webhook.ts';

const apiV3KeyBytes = 32;
const wechatpayKeyLimit = 16;
const webhookKeyLimit = 4;

/**
 * Reads the JSON of an account's secret: `mchid`, `appids`, `tenant`, `api`, `latePolicy`, `duplicatePolicy`,
 * `apiV3Key`, `merchantSerial`, `merchantPrivateKey`, `wechatpayKeys` and, where its events go to a webhook, `webhook`
 * with a `url` and 1 to 4 `keys`. Ends in `account_invalid`, which names the field and never its value.
 */
export function decodeAccount(name: AccountName, secret: string, rules: WebhookRules): Account {
  const parsed = parseObject(secret);
  const fields = fieldsOf(parsed.ok ? parsed.value : undefined);
  const account = {
    name,
    mchid: fields.required('mchid', isMchid),
    appids: fields.required('appids', isAppids),
    tenant: fields.required('tenant', isTenant),
    api: fields.required('api', oneOf(['v3'])),
    latePolicy: fields.optional('latePolicy', oneOf(latePolicies)) ?? 'refund',
    duplicatePolicy: fields.optional('duplicatePolicy', oneOf(duplicatePolicies)) ?? 'refund',
    webhook: fields.optional('webhook', (value) => isWebhook(value, rules)),
    credentials: {
      apiV3Key: fields.required('apiV3Key', isApiV3Key),
      merchantSerial: fields.required('merchantSerial', isSerial),
      merchantPrivateKey: fields.required('merchantPrivateKey', isPem),
      wechatpayKeys: fields.required('wechatpayKeys', isKeyMap),
    },
  };
  const read = fields.result(() => withoutUndefined(account));
  if (!read.ok) {
    throw new AppError(
      'account_invalid',
      `The secret of account ${name} is wrong at ${read.error}.`,
    );
  }
  return read.value;
}

function isAppids(value: unknown): value is readonly [Appid, ...(readonly Appid[])] {
  return Array.isArray(value) && value.length > 0 && value.length <= 50 && value.every(isAppid);
}

function isTenant(value: unknown): value is string {
  return isText(value) && /^[0-9A-Za-z_.-]{1,64}$/.test(value);
}

/** WeChat's page says 32 bytes; Node would take a 16-byte key for AES-128 without a word. */
function isApiV3Key(value: unknown): value is string {
  return isText(value) && Buffer.byteLength(value) === apiV3KeyBytes;
}

function isSerial(value: unknown): value is string {
  return isText(value) && /^[0-9A-Fa-f]{16,64}$/.test(value);
}

function isPem(value: unknown): value is string {
  return isText(value) && value.startsWith('-----BEGIN ');
}

function isKeyMap(value: unknown): value is Credentials['wechatpayKeys'] {
  return (
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.keys(value).length <= wechatpayKeyLimit &&
    Object.values(value).every(isPem)
  );
}

/** A field that is not known is refused: a misspelt setting must not pass for one that holds. */
function isWebhook(value: unknown, rules: WebhookRules): value is Webhook {
  return (
    isObject(value) &&
    Object.keys(value).length === 2 &&
    isWebhookUrl(value['url'], rules) &&
    URL.canParse(value['url']) &&
    isWebhookKeys(value['keys'])
  );
}

/** One secret twice is refused under two prefixes too: receivers know that of `whsec_`, none that of `whsk_`. */
function isWebhookKeys(value: unknown): value is Webhook['keys'] {
  if (!Array.isArray(value) || value.length === 0 || value.length > webhookKeyLimit) {
    return false;
  }
  const keys = value.map(readWebhookKey);
  const secrets = keys.map((key) => (key.ok ? key.value.base64 : ''));
  return keys.every((key) => key.ok) && new Set(secrets).size === secrets.length;
}
