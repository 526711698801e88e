import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseJsonObject } from './json.ts';

/** `.local/dev.json`: all that an outside program needs to use the running stack. */
export type DevFile = {
  /** Origin of the merchant's API and of the callbacks. */
  readonly api: string;
  /** The callback of the account. */
  readonly notifyUrl: string;
  /** Origin of the simulated WeChat Pay. */
  readonly simulator: string;
  /** Endpoints for AWS clients; any credentials will do. */
  readonly sqs: string;
  readonly dynamodb: string;
  readonly table: string;
  /** URLs. */
  readonly queues: {
    readonly hints: string;
    readonly timers: string;
    readonly events: string;
    readonly hintsDeadLetters: string;
    readonly timersDeadLetters: string;
    readonly eventsDeadLetters: string;
  };
  /** For the API: `Authorization: Bearer …`; 30 days. */
  readonly token: string;
  readonly account: DevAccount;
};

/** The account's credentials, and the simulator's own keys. PEM texts. */
export type DevAccount = {
  readonly name: string;
  readonly mchid: string;
  readonly appid: string;
  readonly apiV3Key: string;
  readonly merchantSerial: string;
  readonly merchantPrivateKey: string;
  readonly wechatpaySerial: string;
  readonly wechatpayPublicKey: string;
  /** With it one can make notices that verify. */
  readonly wechatpayPrivateKey: string;
};

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

async function isAnswering(devText: string): Promise<boolean> {
  const api = parseJsonObject(devText)?.['api'];
  if (typeof api !== 'string' || !URL.canParse(api)) {
    return false;
  }
  const answer = await fetch(api, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
  return answer !== undefined;
}
