import type { NoticeReader } from '#core/ports.ts';
import { createNoticeReader as createV2Reader } from './v2/notice-reader.ts';
import { createNoticeReader as createV3Reader } from './v3/notice-reader.ts';

const blanks: ReadonlySet<number | undefined> = new Set(Buffer.from(' \t\r\n'));
const lessThan = 0x3c;

/**
 * Reads callbacks of both kinds, APIv2's XML and APIv3's JSON, told apart by their first byte: a merchant
 * that moves to APIv3 hears of its older orders as before, and refunds made in the merchant console may be
 * told as APIv2 does it. An account without the credentials of a kind refuses it with `unknown_serial`,
 * so that they are looked for once more in its secret.
 */
export function createNoticeReader(): NoticeReader {
  const v2 = createV2Reader();
  const v3 = createV3Reader();
  return {
    read: (account, raw, now) => (isXml(raw.body) ? v2 : v3).read(account, raw, now),
  };
}

function isXml(body: Uint8Array): boolean {
  let at = 0;
  while (blanks.has(body[at])) {
    at += 1;
  }
  return body[at] === lessThan;
}
