import { randomBytes } from 'node:crypto';
import type { NoticeMessage } from '../notice-message.ts';
import { alteredV2Notice, type V2Content, type V2Notice } from './notice.ts';
import { composeV2Notice, postXml, sealedIn, signed, type V2NoticeSeal } from './notice-message.ts';
import { type Fields, writeXml } from './xml.ts';

/**
 * `true` and `untrue` as in APIv3. Well signed and well sealed, but about somebody else: `foreign-mchid`, `foreign-appid`; with an
 * amount that only a lax reader takes for a number: `amount-1e2`, `negative-amount`; with a document type: `doctype`, whose entity
 * grows to gigabytes, `external-entity`, which reads a file.
 * Signature (payments): `forged` by another key, `unsigned` without the field, `empty-sign`, `downgraded` to MD5.
 * `tampered` is changed by one byte afterwards, `return-fail` a failure with content that nobody vouches for, `wrong-api-key`
 * (refunds) sealed with another key.
 */
export const V2_KINDS = [
  'true',
  'untrue',
  'forged',
  'tampered',
  'foreign-mchid',
  'foreign-appid',
  'unsigned',
  'empty-sign',
  'downgraded',
  'return-fail',
  'doctype',
  'external-entity',
  'amount-1e2',
  'negative-amount',
  'wrong-api-key',
] as const;

type V2Kind = (typeof V2_KINDS)[number];

const OF_SIGNATURES: readonly string[] = ['forged', 'unsigned', 'empty-sign', 'downgraded'];

/** Why there is no notice of this kind; undefined when there is. */
export const missingV2Kind = (kind: string, { v2 }: V2Notice): string | undefined => {
  if (!isV2Kind(kind)) return 'only APIv3 has it';
  if (v2.about === 'refund') {
    return OF_SIGNATURES.includes(kind) ? 'a refund notice of APIv2 has no signature' : undefined;
  }
  if (kind === 'wrong-api-key') return 'a payment notice of APIv2 has nothing sealed; see forged';
  const isLowest = kind === 'downgraded' && v2.signType === 'MD5';
  return isLowest ? 'the order is signed by MD5 as it is' : undefined;
};

const isV2Kind = (kind: string): kind is V2Kind => V2_KINDS.some((known) => known === kind);

/** The notice with what a kind changes in its content, before anything is signed or sealed. */
export const oddV2Notice = (kind: string, notice: V2Notice): V2Notice => {
  if (kind === 'true') return notice;
  const { v2 } = notice;
  switch (kind) {
    case 'foreign-mchid':
      return alteredV2Notice(notice, withOuter(v2, { mch_id: '1900000001' }));
    case 'foreign-appid':
      return alteredV2Notice(notice, withOuter(v2, { appid: 'wx0000000000000001' }));
    case 'amount-1e2':
      return alteredV2Notice(
        notice,
        withAmount(v2, (fen) => `${Number(fen) / 100}e2`),
      );
    case 'negative-amount':
      return alteredV2Notice(
        notice,
        withAmount(v2, (fen) => `-${fen}`),
      );
    case 'return-fail':
      return alteredV2Notice(notice, withOuter(v2, { return_code: 'FAIL', return_msg: '失败' }));
    default:
      return alteredV2Notice(notice, v2);
  }
};

const withOuter = (v2: V2Content, change: Readonly<Record<string, string>>): V2Content => ({
  ...v2,
  fields: new Map([...v2.fields, ...Object.entries(change)]),
});

/** Another text for what was paid or refunded. */
const withAmount = (v2: V2Content, write: (fen: string) => string): V2Content =>
  v2.about === 'payment'
    ? { ...v2, fields: rewritten(v2.fields, 'total_fee', write) }
    : { ...v2, sealed: rewritten(v2.sealed, 'refund_fee', write) };

const rewritten = (fields: Fields, name: string, write: (value: string) => string): Fields =>
  new Map([...fields, [name, write(fields.get(name) ?? '')]]);

/** Makes one send of a notice that `oddV2Notice` gave. */
export const composeOddV2Notice = (
  kind: string,
  notice: V2Notice,
  seal: V2NoticeSeal,
): NoticeMessage =>
  notice.v2.about === 'payment'
    ? oddPayment(kind, notice, notice.v2, seal)
    : oddRefund(kind, notice, notice.v2, seal);

type Told<About> = Extract<V2Content, { readonly about: About }>;

const oddPayment = (
  kind: string,
  notice: V2Notice,
  { fields, signType }: Told<'payment'>,
  seal: V2NoticeSeal,
): NoticeMessage => {
  switch (kind) {
    case 'forged':
    case 'return-fail':
      return composeV2Notice(notice, { ...seal, apiKey: strangerKey() });
    case 'unsigned':
      return postXml(writeXml(without(signed(fields, signType, seal), 'sign')));
    case 'empty-sign':
      return postXml(writeXml(rewritten(signed(fields, signType, seal), 'sign', () => '')));
    case 'downgraded':
      return postXml(writeXml(signed(fields, 'MD5', { ...seal, signTypeNaming: 'always' })));
    case 'tampered':
      return postXml(writeXml(rewritten(signed(fields, signType, seal), 'total_fee', otherDigit)));
    case 'doctype':
    case 'external-entity': {
      const entity = ENTITIES[kind];
      // Signed as it is written: the sign of a reader that leaves the reference alone would be right.
      const whole = signed(new Map([...fields, ['detail', entity.reference]]), signType, seal);
      return postXml(declared(writeXml(without(whole, 'detail')), 'xml', entity));
    }
    default:
      return composeV2Notice(notice, seal);
  }
};

const oddRefund = (
  kind: string,
  notice: V2Notice,
  { fields, sealed }: Told<'refund'>,
  seal: V2NoticeSeal,
): NoticeMessage => {
  const plaintext = writeXml(sealed, 'root');
  switch (kind) {
    case 'wrong-api-key':
    case 'return-fail':
      return composeV2Notice(notice, { ...seal, apiKey: strangerKey() });
    case 'tampered': {
      const whole = sealedIn(fields, plaintext, seal.apiKey);
      return postXml(writeXml(rewritten(whole, 'req_info', otherLetter)));
    }
    case 'doctype':
    case 'external-entity': {
      const inner = declared(plaintext, 'root', ENTITIES[kind]);
      return postXml(writeXml(sealedIn(fields, inner, seal.apiKey)));
    }
    default:
      return composeV2Notice(notice, seal);
  }
};

const strangerKey = (): string => randomBytes(16).toString('hex');

const without = (fields: Fields, name: string): Fields =>
  new Map([...fields].filter(([known]) => known !== name));

const otherDigit = (amount: string): string =>
  `${amount.startsWith('9') ? '8' : '9'}${amount.slice(1)}`;

const otherLetter = (base64: string): string =>
  `${base64.startsWith('A') ? 'B' : 'A'}${base64.slice(1)}`;

type Entity = { readonly declarations: string; readonly reference: string };

/** Each entity is ten of the one before: 3 GB in all. */
const laughs = Array.from({ length: 9 }, (_, index) => {
  const before = index === 0 ? '&lol;' : `&lol${index};`;
  return `<!ENTITY lol${index + 1} "${before.repeat(10)}">`;
});

const ENTITIES: Readonly<Record<'doctype' | 'external-entity', Entity>> = {
  doctype: {
    declarations: ['<!ENTITY lol "lol">', ...laughs].join('\n'),
    reference: '&lol9;',
  },
  'external-entity': {
    declarations: '<!ENTITY xxe SYSTEM "file:///etc/passwd">',
    reference: '&xxe;',
  },
};

/** The document under a document type, with one more field that refers to its entity. */
const declared = (document: string, root: string, entity: Entity): string => {
  const end = `</${root}>`;
  const detail = `<detail>${entity.reference}</detail>`;
  const type = `<!DOCTYPE ${root} [${entity.declarations}]>`;
  return `${type}\n${document.slice(0, -end.length)}${detail}${end}`;
};
