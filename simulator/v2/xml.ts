/** The fields of one flat document, in the order in which they came. */
export type Fields = ReadonlyMap<string, string>;

const OPENING = /^\s*(?:<\?xml\s[^<>]*\?>\s*)?<xml>/;
const CLOSING = /^<\/xml>\s*$/;
const START_TAG = /<([A-Za-z_][A-Za-z0-9_.-]*)\s*(\/?)>/y;
const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';

/**
 * Reads a document of APIv2: root `xml`, below it elements of text or CDATA, in UTF-8. Values stay as they are, untrimmed.
 * Undefined for anything else: no attributes, no nesting, no doubled names, no DOCTYPE, no comments, no entities but the five built in.
 */
export const readXml = (body: Uint8Array): Fields | undefined => {
  const text = decodeUtf8(body);
  const opening = text === undefined ? undefined : OPENING.exec(text)?.[0];
  if (text === undefined || opening === undefined) return undefined;
  const fields = new Map<string, string>();
  let at = skipBlanks(text, opening.length);
  while (!text.startsWith('</', at)) {
    const element = readElement(text, at);
    if (element === undefined || fields.has(element.name)) return undefined;
    fields.set(element.name, element.value);
    at = skipBlanks(text, element.end);
  }
  return CLOSING.test(text.slice(at)) ? fields : undefined;
};

/** Not a character of XML 1.0; a lone surrogate can't be there after decoding. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_XML_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u;

const decodeUtf8 = (body: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return NO_XML_CHARACTER.test(text) ? undefined : text.replaceAll(/\r\n?/g, '\n');
  } catch {
    return undefined;
  }
};

const skipBlanks = (text: string, from: number): number => {
  let at = from;
  while (' \t\n'.includes(text[at] ?? 'end')) at += 1;
  return at;
};

type Element = { readonly name: string; readonly value: string; readonly end: number };

const readElement = (text: string, from: number): Element | undefined => {
  START_TAG.lastIndex = from;
  const [tag, name, slash] = START_TAG.exec(text) ?? [];
  if (tag === undefined || name === undefined) return undefined;
  const endTag = `</${name}>`;
  let at = from + tag.length;
  if (slash === '/') return { name, value: '', end: at };
  let value = '';
  for (;;) {
    const next = text.indexOf('<', at);
    const plain = next < 0 ? undefined : unescapeText(text.slice(at, next));
    if (plain === undefined) return undefined;
    value += plain;
    if (text.startsWith(endTag, next)) return { name, value, end: next + endTag.length };
    const end = text.startsWith(CDATA_START, next) ? text.indexOf(CDATA_END, next) : -1;
    if (end < 0) return undefined;
    value += text.slice(next + CDATA_START.length, end);
    at = end + CDATA_END.length;
  }
};

const BUILT_IN: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const REFERENCE = /^&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));/;

const unescapeText = (text: string): string | undefined => {
  if (text.includes(CDATA_END)) return undefined;
  const [first = '', ...rest] = text.split('&');
  let value = first;
  for (const part of rest) {
    const [whole, name, decimal, hex] = REFERENCE.exec(`&${part}`) ?? [];
    if (whole === undefined) return undefined;
    const character =
      name === undefined
        ? characterOf(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal))
        : BUILT_IN[name];
    if (character === undefined) return undefined;
    value += character + part.slice(whole.length - 1);
  }
  return value;
};

const characterOf = (codePoint: number): string | undefined => {
  if (codePoint > 0x10_ff_ff || (codePoint >= 0xd8_00 && codePoint <= 0xdf_ff)) return undefined;
  const character = String.fromCodePoint(codePoint);
  return NO_XML_CHARACTER.test(character) ? undefined : character;
};

const DIGITS = /^[0-9]+$/;

/** Writes such a document: digits plain, all else as CDATA. Reading it gives the same texts, but for `xmlText`. */
export const writeXml = (
  fields: Iterable<readonly [name: string, value: string]>,
  root = 'xml',
): string => {
  const elements = Array.from(fields, ([name, value]) => `<${name}>${asContent(value)}</${name}>`);
  return `<${root}>${elements.join('\n')}</${root}>`;
};

const asContent = (value: string): string => {
  if (DIGITS.test(value)) return value;
  const text = xmlText(value)
    .replaceAll(CDATA_END, `]]${CDATA_END}${CDATA_START}>`)
    // A reader turns a bare CR into LF, so that it has to stand outside as a reference.
    .replaceAll('\r', `${CDATA_END}&#13;${CDATA_START}`);
  return `${CDATA_START}${text}${CDATA_END}`;
};

/** The text as XML 1.0 can hold it: what it can't is U+FFFD. Sign this, not what it was made of. */
export const xmlText = (text: string): string =>
  text.toWellFormed().replaceAll(new RegExp(NO_XML_CHARACTER.source, 'gu'), '\ufffd');
