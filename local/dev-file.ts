import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ClockSetting } from './clock.ts';
import type { TokenSigner } from './issuer.ts';
import { objectOf, parseJsonObject, textOf } from './json.ts';

/** `.local/dev.json`: all that an outside program needs to use the running stack. */
export type DevFile = {
  /** Origin of the merchant's API and of the callbacks. */
  readonly api: string;
  /** The callback of the account. */
  readonly notifyUrl: string;
  /** Origin of the simulated WeChat Pay. */
  readonly simulator: string;
  /** The same over TLS: what the functions call, and the only way in for what asks for a certificate. */
  readonly simulatorTls: { readonly origin: string; readonly certificateAuthority: string };
  /** Endpoints for AWS clients; any credentials will do. */
  readonly sqs: string;
  readonly dynamodb: string;
  readonly table: string;
  /** URLs. */
  readonly queues: {
    readonly hints: string;
    readonly timers: string;
    readonly events: string;
    readonly webhooks: string;
    readonly setAside: string;
    readonly hintsDeadLetters: string;
    readonly timersDeadLetters: string;
    readonly eventsDeadLetters: string;
    readonly webhooksDeadLetters: string;
    readonly setAsideDeadLetters: string;
  };
  /** For the API: `Authorization: Bearer …`; 30 days. */
  readonly token: string;
  readonly account: DevAccount;
  /** `account` again, its neighbour on APIv2, and the one of tenant web if it is set up. */
  readonly accounts: {
    readonly dev: DevAccount;
    readonly v2: DevAccount;
    readonly web?: DevAccount;
  };
  /** Of account web, with the keys that sign its deliveries. */
  readonly webhook?: Webhook;
  /** For the API, one of each tenant. */
  readonly tokens: { readonly dev: string; readonly web: string };
  /** What made them, and can make others: `npm run token`. */
  readonly issuer: TokenSigner & { readonly jwksUrl: string };
  /** How time runs in the stack. */
  readonly clock: ClockSetting;
};

/** The account's credentials, and the simulator's own keys. PEM texts. */
export type DevAccount = {
  readonly name: string;
  /** Which API places its orders. */
  readonly api: 'v3' | 'v2';
  readonly mchid: string;
  readonly appid: string;
  readonly apiV3Key: string;
  /** Of APIv2, and the way in which it signs. */
  readonly apiKey: string;
  readonly signType: 'MD5' | 'HMAC-SHA256';
  readonly merchantCertificate: string;
  readonly merchantSerial: string;
  readonly merchantPrivateKey: string;
  /** PayScore services that are open for it. */
  readonly services: readonly {
    readonly id: string;
    readonly maxDays: number;
    readonly maxDeductions: number;
  }[];
  readonly wechatpaySerial: string;
  readonly wechatpayPublicKey: string;
  /** With it one can make notices that verify. */
  readonly wechatpayPrivateKey: string;
};

/** Where the events of an account are sent, and what signs them (Standard Webhooks: `whsec_…`, `whsk_…`). */
export type Webhook = { readonly url: string; readonly keys: readonly string[] };

export type WrittenDevFile = {
  /** Whether the file named another stack that still answers. */
  readonly replaced: boolean;
  /** Takes the file away if it is still the same, or gives it back to the stack it named before. */
  readonly remove: () => Promise<void>;
};

/** Only its owner may read it. */
export async function writeDevFile(file: string, dev: DevFile): Promise<WrittenDevFile> {
  const text = `${JSON.stringify(dev, null, 2)}\n`;
  const before = await readFile(file, 'utf8').catch(() => '');
  const write = async (content: string): Promise<void> => {
    await rm(file, { force: true });
    await writeFile(file, content, { mode: 0o600 });
  };
  await mkdir(dirname(file), { recursive: true });
  const replaced = await isAnswering(before);
  await write(text);
  return {
    replaced,
    remove: async () => {
      if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
        return;
      }
      await ((await isAnswering(before)) ? write(before) : rm(file, { force: true }));
    },
  };
}

/** What the file of a running stack says about tokens and time. Rejects when no stack is running. */
export async function readRunningStack(file: string): Promise<Pick<DevFile, 'issuer' | 'clock'>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new Error(`No stack is running: there is no ${file}. Start one with npm start.`);
  }
  if (!(await isAnswering(text))) {
    throw new Error(`The stack that ${file} names does not answer. Start one with npm start.`);
  }
  const dev = objectOf(parseJsonObject(text), file);
  const issuer = objectOf(dev['issuer'], `issuer in ${file}`);
  const clock = objectOf(dev['clock'], `clock in ${file}`);
  return {
    issuer: {
      issuer: textOf(issuer['issuer'], 'issuer'),
      audience: textOf(issuer['audience'], 'audience'),
      kid: textOf(issuer['kid'], 'kid'),
      privateKey: textOf(issuer['privateKey'], 'privateKey'),
      jwksUrl: textOf(issuer['jwksUrl'], 'jwksUrl'),
    },
    clock: { origin: Number(clock['origin']), factor: Number(clock['factor']) },
  };
}

async function isAnswering(devText: string): Promise<boolean> {
  const api = parseJsonObject(devText)?.['api'];
  if (typeof api !== 'string' || !URL.canParse(api)) {
    return false;
  }
  const answer = await fetch(api, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
  return answer !== undefined;
}
