import { type KeyObject, randomBytes, sign, verify } from 'node:crypto';

/** A private key and the serial under which its public half is known. */
export type SigningKey = { readonly serial: string; readonly privateKey: KeyObject };

/** What a merchant signs: five lines, each ended by LF (document 4012365334). `target` is the path and query as on the wire. */
type SignedRequest = {
  readonly method: string;
  readonly target: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: Uint8Array;
};

export const requestMessage = (request: SignedRequest): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${request.method}\n${request.target}\n${request.timestamp}\n${request.nonce}\n`,
      'utf8',
    ),
    request.body,
    Buffer.from('\n'),
  ]);

/** What WeChat Pay signs, in answers and notices: three lines, each ended by LF (document 4013053420). */
export const answerMessage = (timestamp: string, nonce: string, body: string): Buffer =>
  Buffer.from(`${timestamp}\n${nonce}\n${body}\n`, 'utf8');

/** RSA PKCS#1 v1.5 with SHA-256, standard Base64. */
export const signMessage = (message: Uint8Array, privateKey: KeyObject): string =>
  sign('sha256', message, privateKey).toString('base64');

const STANDARD_BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** True only for a standard Base64 signature of exactly this message by this key. */
export const isSignedBy = (message: Uint8Array, signature: string, publicKey: KeyObject): boolean =>
  STANDARD_BASE64.test(signature) &&
  signature.length % 4 === 0 &&
  verify('sha256', message, publicKey, Buffer.from(signature, 'base64'));

/** How a signature is spoilt on purpose; `probe` is WeChat's own test of its receivers (document 4013071196). */
export type SignatureFlaw = 'bad-signature' | 'probe';

type SignatureOptions = {
  readonly body: string;
  readonly key: SigningKey;
  readonly nowMs: number;
  readonly flaw?: SignatureFlaw | undefined;
};

/** The `Wechatpay-*` headers of one answer or notice, with a fresh nonce. */
export const signatureHeaders = (options: SignatureOptions): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(options.nowMs / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signed = options.flaw === 'bad-signature' ? `${options.body} ` : options.body;
  const signature = signMessage(answerMessage(timestamp, nonce, signed), options.key.privateKey);
  return {
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': options.key.serial,
    'Wechatpay-Signature': options.flaw === 'probe' ? asProbe(signature) : signature,
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    'Wechatpay-Timestamp': timestamp,
  };
};

const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';

const asProbe = (signature: string): string =>
  `${PROBE_PREFIX}${signature.slice(PROBE_PREFIX.length)}`;
