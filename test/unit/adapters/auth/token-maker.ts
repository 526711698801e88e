import { createHmac, type KeyObject, sign as signBytes } from 'node:crypto';

/** Makes tokens with nothing but Node, so that a test can make what no library would. */

export type Signer = (input: string) => Buffer;

export const es256 =
  (key: KeyObject): Signer =>
  (input) =>
    signBytes('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });

export const rs256 =
  (key: KeyObject): Signer =>
  (input) =>
    signBytes('sha256', Buffer.from(input), key);

export const ps256 =
  (key: KeyObject): Signer =>
  (input) =>
    signBytes('sha256', Buffer.from(input), { key, padding: 6, saltLength: 32 });

export const edDsa =
  (key: KeyObject): Signer =>
  (input) =>
    signBytes(null, Buffer.from(input), key);

export const hs256 =
  (secret: string | Buffer): Signer =>
  (input) =>
    createHmac('sha256', secret).update(input).digest();

export const unsigned: Signer = () => Buffer.alloc(0);

/** `header.claims.signature`; a text stands for itself, so that it need not be JSON. */
export function tokenOf(header: object | string, claims: object | string, sign: Signer): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${sign(input).toString('base64url')}`;
}

function encoded(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
