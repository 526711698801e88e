import assert from 'node:assert/strict';
import { createDecipheriv, createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createNoticeReader } from '#adapters/wechat/v2/notice-reader.ts';
import { readXml } from '#adapters/wechat/v2/xml.ts';
import { accountOf, apiKey, noon } from './account-support.ts';
import { mutantsOf } from './mutants.ts';
import { oracleFields, xmlTexts } from './oracle.ts';
import { elementsOf, payment, refundXml, signedXml, signOf } from './support.ts';

const reader = createNoticeReader();
const account = accountOf();

/**
 * Reads it, whatever it is. What is accepted another reader of XML reads alike, and it is signed or sealed
 * with the key, as this file finds out for itself.
 */
function tryToRead(body: Uint8Array): 'accepted' | 'read' | 'refused' {
  const text = Buffer.from(body).toString('utf8');
  const fields = readXml(body);
  const notice = reader.read(account, { headers: {}, body }, noon);
  if (fields === undefined) {
    assert.ok(!notice.ok, text);
    return 'refused';
  }
  const values = Object.fromEntries(fields);
  assertAsOthersRead([...fields], text);
  if (!notice.ok) {
    return 'read';
  }
  const isSealed = notice.value.event_type.startsWith('REFUND.');
  const isGenuine = isSealed ? opens(values['req_info']) : values['sign'] === signOf(values);
  assert.ok(isGenuine && values['mch_id'] === '1900007291', text);
  return 'accepted';
}

function assertAsOthersRead(ours: readonly (readonly [string, string])[], text: string): void {
  // Its own limits are tighter: it calls some names dangerous, and some texts of references.
  const theirs = oracleFields(text);
  if (theirs !== undefined) {
    const oneLineEnd = ours.map(([name, value]) => [name, value.replaceAll(/\r\n?/g, '\n')]);
    assert.deepEqual(oneLineEnd, theirs, text);
  }
}

function opens(req_info = ''): boolean {
  const key = createHash('md5').update(apiKey).digest('hex');
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  return /^<root>/.test(decipher.update(req_info, 'base64', 'utf8') + decipher.final('utf8'));
}

const inner = elementsOf({ ...payment, sign: signOf(payment) });
const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);

const tokens = [
  '<!DOCTYPE xml>',
  '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
  '<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>',
  `<!DOCTYPE xml [<!ENTITY l0 "lol">${levels.join('')}]>`,
  '<!ENTITY x "y">',
  '&x;',
  '&l9;',
  '&amp;',
  '&#0;',
  '&#x41;',
  '<![CDATA[',
  ']]>',
  ']]]]><![CDATA[>',
  ']]',
  '<!--',
  '-->',
  '<?xml version="1.0"?>',
  '<?x?>',
  '<xml>',
  '</xml>',
  '<sign></sign>',
  '<sign_type>MD5</sign_type>',
  '<req_info>AAAA</req_info>',
  '<__proto__>x</__proto__>',
  '<x/>',
  ' ',
  '\r\n',
  '\ufeff',
  '+ADw-',
  Buffer.from([0x00]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc0, 0xbc]),
  Buffer.from([0xed, 0xa0, 0xbc]),
];

const genuine = [
  signedXml(payment),
  `<?xml version="1.0" encoding="UTF-8"?>\n${signedXml({ ...payment, attach: ']] & <' })}`,
  refundXml(),
];

/** What a reader of another encoding, or one that guesses, would take for a document. */
const encodings: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le').swap16(),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text.replaceAll('<', '+ADw-').replaceAll('>', '+AD4-')),
  (text) => Buffer.from(text, 'latin1'),
];

const hostileParts = fc.oneof(
  fc.constantFrom(...tokens.filter((token) => typeof token === 'string')),
  fc.constantFrom(inner, '<a>', '</a>', '<a>1</a>', 'x'),
);

const grammar = fc
  .tuple(
    fc.constantFrom(...encodings),
    fc.oneof(
      xmlTexts,
      fc.array(hostileParts, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.array(hostileParts, { maxLength: 4 }).map((parts) => `<xml>${parts.join('')}</xml>`),
      fc
        .tuple(hostileParts, fc.boolean())
        .map(([part, isFirst]) =>
          isFirst ? `<xml>${part}${inner}</xml>` : `<xml>${inner}${part}</xml>`,
        ),
    ),
  )
  .map(([encode, text]) => encode(text));

suite('whatever is posted as XML', () => {
  const ways = [
    ['random bytes', fc.uint8Array({ maxLength: 120 }), 15_000, 0],
    ['a genuine notice, changed', mutantsOf(genuine, tokens), 25_000, 10],
    ['documents made to hurt', grammar, 20_000, 10],
  ] as const;
  for (const [what, bodies, numRuns, atLeast] of ways) {
    test(`is read without a throw, and believed only when it is genuine: ${what}`, () => {
      const counts = { accepted: 0, read: 0, refused: 0 };
      const property = fc.property<[Uint8Array]>(bodies, (body) => {
        counts[tryToRead(body)] += 1;
      });
      fc.assert(property, { numRuns });
      assert.equal(counts.accepted + counts.read + counts.refused, numRuns);
      // Else the fuzzing would only knock at a door that is shut.
      assert.ok(counts.accepted >= atLeast && counts.refused > 0, JSON.stringify(counts));
    });
  }

  test('is read in time in proportion to it, whatever it holds', () => {
    const parts = ['<a>', '<![CDATA[', ']', ']]', '&', '&amp;', '&#', ' ', '<', '<a/>', 'a', '<a'];
    for (const part of parts) {
      for (const head of ['', '<xml>', '<xml><a>', '<xml><a><![CDATA[', '<?xml version="1.0"']) {
        const body = Buffer.from(`${head}${part.repeat(65_536)}`).subarray(0, 65_536);
        assert.notEqual(tryToRead(body), 'accepted');
      }
    }
  });
});
