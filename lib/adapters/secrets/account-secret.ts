import {
  type Account,
  apiVersions,
  duplicatePolicies,
  latePolicies,
  type PayscoreService,
  type Webhook,
} from '#core/account.ts';
import { AppError } from '#core/errors.ts';
import { type AccountName, type Appid, isAppid, isMchid, isServiceId } from '#core/values/ids.ts';
import { fieldsOf, isCount, isObject, isText, oneOf, parseObject } from '#core/values/json.ts';
import { withoutUndefined } from '#core/values/optional.ts';
import { isWebhookUrl, readWebhookKey, type WebhookRules } from '#core/values/webhook.ts';
import { readCredentials } from './account-credentials.ts';

const webhookKeyLimit = 4;

/**
 * Reads the JSON of an account's secret: `mchid`, `appids`, `tenant`, `api`, `latePolicy`, `duplicatePolicy`,
 * `services` (of PayScore), its credentials and, where its events go to a webhook, `webhook` with a `url` and 1 to 4 `keys`. Ends in `account_invalid`, which names the field and never its value.
 */
export function decodeAccount(name: AccountName, secret: string, rules: WebhookRules): Account {
  const parsed = parseObject(secret);
  const fields = fieldsOf(parsed.ok ? parsed.value : undefined);
  const api = fields.required('api', oneOf(apiVersions));
  const account = {
    name,
    mchid: fields.required('mchid', isMchid),
    appids: fields.required('appids', isAppids),
    tenant: fields.required('tenant', isTenant),
    api,
    latePolicy: fields.optional('latePolicy', oneOf(latePolicies)) ?? 'refund',
    duplicatePolicy: fields.optional('duplicatePolicy', oneOf(duplicatePolicies)) ?? 'refund',
    webhook: fields.optional('webhook', (value) => isWebhook(value, rules)),
    services: fields.optional('services', isServices),
    credentials: readCredentials(fields, parsed.ok ? parsed.value : {}, api),
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

const mostServices = 10;

/** PayScore services: each with the limits that were agreed with WeChat, none named twice. */
function isServices(value: unknown): value is readonly PayscoreService[] {
  return (
    Array.isArray(value) &&
    value.length <= mostServices &&
    value.every(isService) &&
    new Set(value.map(({ id }) => id)).size === value.length
  );
}

function isService(value: unknown): value is PayscoreService {
  const fields = fieldsOf(value);
  fields.required('id', isServiceId);
  fields.required('maxDays', isCount);
  fields.required('maxDeductions', isCount);
  return fields.result(() => true).ok && isObject(value) && Object.keys(value).length === 3;
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
