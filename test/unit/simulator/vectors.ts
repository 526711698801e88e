import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Vector = { readonly name: string } & Readonly<Record<string, unknown>>;

const FILE = join(import.meta.dirname, '../../fixtures/wechat/v3/wechatpay-v3.json');

const { vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: readonly Vector[] };

/** One known-answer entry by name. */
export const vector = <Shape>(name: string): Shape => {
  const found = vectors.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found as unknown as Shape;
};

export type RequestVector = {
  readonly mchid: string;
  readonly serial_no: string;
  readonly merchant_private_key_pem: string;
  readonly cases: readonly {
    readonly id: string;
    readonly method: string;
    readonly url_path: string;
    readonly timestamp: string;
    readonly nonce_str: string;
    readonly body: string;
    readonly message: string;
    readonly signature_base64: string;
  }[];
};

export type SignedVector = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly message: string;
  readonly wechatpay_public_key_pem: string;
  readonly platform_certificate_pem: string;
  readonly negative: Readonly<Record<string, string>>;
};
