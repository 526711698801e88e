import type { DevAccount } from '../../../local/dev-file.ts';
import {
  elementsOf,
  payment,
  refund,
  refundOuter,
  type SignAs,
  seal,
  signOf,
  type Values,
  xmlOf,
} from '../../unit/adapters/wechat/v2/support.ts';

/** What WeChat would tell this account by APIv2, were the order paid. */
function paidFields({ appid, mchid, signType }: DevAccount, out_trade_no: string): Values {
  const about = { appid, mch_id: mchid, out_trade_no, total_fee: '8800', cash_fee: '8790' };
  return { ...payment, ...about, sign_type: signType };
}

/** Signed as the account's secret says, unless told otherwise. */
function signedFor(account: DevAccount, fields: Values, as: SignAs = {}): Values {
  const { apiKey: key, signType } = account;
  return { ...fields, sign: signOf(fields, { key, signType, ...as }) };
}

/** The body of a true notice about a payment. */
export function paidXml(account: DevAccount, out_trade_no: string): string {
  return xmlOf(signedFor(account, paidFields(account, out_trade_no)));
}

/** The body of a notice about a refund: `inner` is sealed, `outer` stands in the open. */
export function refundXmlFor(
  { appid, mchid, apiKey }: DevAccount,
  inner: Values,
  outer: Values = {},
): string {
  const req_info = seal(xmlOf({ ...refund, ...inner }, 'root'), apiKey);
  return xmlOf({ ...refundOuter, appid, mch_id: mchid, req_info, ...outer });
}

type Answered = 'header' | 'body' | 'signature' | 'foreign' | 'sealed' | 'size';

/** A notice about an order that nobody may believe. */
export type BadNotice = {
  readonly what: string;
  readonly answered: Answered;
  readonly bodyFor: (account: DevAccount, out_trade_no: string) => string | Buffer;
  /** `text/xml` when absent. */
  readonly type?: string;
};

const bytes = 'application/octet-stream';
const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);
const laughs = `<!DOCTYPE xml [<!ENTITY l0 "lol">${levels.join('')}]>`;
const external = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
const parameter = '<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>';

/** The true notice with its elements put into another document. */
function around(
  what: string,
  document: (elements: string) => string | Buffer,
  more: { readonly answered?: Answered; readonly type?: string } = {},
): BadNotice {
  return {
    what,
    answered: 'body',
    ...more,
    bodyFor: (account, number) =>
      document(elementsOf(signedFor(account, paidFields(account, number)))),
  };
}

/** Other fields than the true notice has, signed anew. */
function told(what: string, change: Values, answered: Answered, as: SignAs = {}): BadNotice {
  return {
    what,
    answered,
    bodyFor: (account, number) =>
      xmlOf(signedFor(account, { ...paidFields(account, number), ...change }, as)),
  };
}

/** Another signature than the true notice has. */
function signed(what: string, sign: string | undefined, more: Values = {}): BadNotice {
  return {
    what,
    answered: 'signature',
    bodyFor: (account, number) =>
      xmlOf({ ...paidFields(account, number), ...more, ...(sign !== undefined && { sign }) }),
  };
}

function ofRefund(what: string, answered: Answered, inner: Values, outer: Values = {}): BadNotice {
  return {
    what,
    answered,
    bodyFor: (account, out_trade_no) => refundXmlFor(account, { out_trade_no, ...inner }, outer),
  };
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

export const badNotices: readonly BadNotice[] = [
  around('a billion laughs', (all) => `${laughs}<xml>${all}<x>&l9;</x></xml>`),
  around('a billion laughs that nobody asks for', (all) => `${laughs}<xml>${all}</xml>`),
  around('an external entity', (all) => `${external}<xml>${all}<x>&x;</x></xml>`),
  around('an external parameter entity', (all) => `${parameter}<xml>${all}</xml>`),
  around('a document type that is empty', (all) => `<!DOCTYPE xml><xml>${all}</xml>`),
  ...['text/xml', bytes].flatMap((type) => [
    around(`UTF-16 as ${type}`, (all) => utf16(`<xml>${all}</xml>`), { type }),
    // Not seen to be XML, and so answered like anything else.
    around(`UTF-16 with its mark as ${type}`, (all) => utf16(`\ufeff<xml>${all}</xml>`), {
      type,
      answered: 'header',
    }),
    around(
      `UTF-16, big end first, with its mark as ${type}`,
      (all) => utf16(`\ufeff<xml>${all}</xml>`).swap16(),
      { type, answered: 'header' },
    ),
  ]),
  around('UTF-16, big end first', (all) => utf16(`<xml>${all}</xml>`).swap16(), {
    type: bytes,
    answered: 'header',
  }),
  around(
    'UTF-16 in name only',
    (all) => `<?xml version="1.0" encoding="UTF-16"?><xml>${all}</xml>`,
  ),
  around('UTF-7', (all) => `+ADw-xml+AD4-${all}+ADw-/xml+AD4-`, { answered: 'header' }),
  around(
    'UTF-7 that says so',
    (all) => `<?xml version="1.0" encoding="UTF-7"?><xml>${all}<x>+ADwAIQ-DOCTYPE</x></xml>`,
  ),
  around('a byte order mark of UTF-8', (all) => `\ufeff<xml>${all}</xml>`, { answered: 'header' }),
  around('CDATA in CDATA', (all) => `<xml>${all}<x><![CDATA[<![CDATA[x]]>]]></x></xml>`),
  around('CDATA around everything', (all) => `<xml><![CDATA[${all}]]></xml>`),
  around('a second out_trade_no', (all) => `<xml>${all}<out_trade_no>OTHER-1</out_trade_no></xml>`),
  around('64 KB and one byte', (all) => `<xml>${all}</xml>`.padEnd(65_537), { answered: 'size' }),
  signed('without a sign', undefined),
  signed('with an empty sign', ''),
  signed('with the sign of nobody', '0'.repeat(64)),
  told('signed by another key', {}, 'signature', { key: '0'.repeat(32) }),
  told('whose sign_type is downgraded', { sign_type: 'MD5' }, 'signature', { signType: 'MD5' }),
  told('that is downgraded in silence', {}, 'signature', { signType: 'MD5' }),
  told('with return_code FAIL and a signed rest', { return_code: 'FAIL' }, 'body'),
  {
    ...signed('with return_code FAIL and a forged rest', '0'.repeat(64), { return_code: 'FAIL' }),
    answered: 'body',
  },
  told('of another appid', { appid: 'wx0000000000000000' }, 'foreign'),
  told('of another mch_id', { mch_id: '1900000000' }, 'foreign'),
  told('with a total_fee of 1e2', { total_fee: '1e2' }, 'body'),
  told('with a negative total_fee', { total_fee: '-8800' }, 'body'),
  ofRefund('about a refund of another appid', 'foreign', {}, { appid: 'wx0000000000000000' }),
  ofRefund('about a refund of another mch_id', 'foreign', {}, { mch_id: '1900000000' }),
  ofRefund('about a refund with return_code FAIL', 'body', {}, { return_code: 'FAIL' }),
  ofRefund('about a refund that does not open', 'sealed', {}, { req_info: 'AAAA' }),
  ofRefund('about a refund of 1e2', 'body', { refund_fee: '1e2' }),
  {
    what: 'about a refund with an external entity inside',
    answered: 'sealed',
    bodyFor: (account) => {
      const req_info = seal(`${external}${xmlOf(refund, 'root')}`, account.apiKey);
      return refundXmlFor(account, {}, { req_info });
    },
  },
];
