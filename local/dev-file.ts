import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

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

/** Only its owner may read it. Answers the function that takes it away, if it is still the same. */
export async function writeDevFile(file: string, dev: DevFile): Promise<() => Promise<void>> {
  const text = `${JSON.stringify(dev, null, 2)}\n`;
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  await writeFile(file, text, { mode: 0o600 });
  return async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === text) {
      await rm(file, { force: true });
    }
  };
}
