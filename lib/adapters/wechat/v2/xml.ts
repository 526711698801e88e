import { isUtf8 } from 'node:buffer';

/** The fields of one APIv2 message by name, in their order; every value is text, exactly as it was sent. */
export type Fields = ReadonlyMap<string, string>;

/** `xml` of a message, `root` of what is sealed in one. */
type Root = 'xml' | 'root';

const tags: Readonly<Record<Root, readonly [opening: string, closing: string]>> = {
  xml: ['<xml>', '</xml>'],
  root: ['<root>', '</root>'],
};

/** A notice of one payment has a kilobyte; the rest is for its coupons. */
export const maxXmlBytes = 65_536;
const maxFields = 1_000;
const maxNameLength = 64;

const declaration =
  /^<\?xml version=(["'])1\.0\1(?: encoding=(["'])[Uu][Tt][Ff]-8\2)?(?: standalone=(["'])(?:yes|no)\3)? ?\?>/;
const reference = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,8})|#x([0-9A-Fa-f]{1,8}));/g;
const cdataBegin = '<![CDATA[';
const cdataEnd = ']]>';

/**
 * Reads the flat XML of APIv2: UTF-8, at most 64 KB, one root with elements that hold either text or one
 * CDATA section. Undefined for everything else: a document type, any entity but the five that XML knows
 * and numbers of characters, comments, instructions, attributes, namespaces, elements inside elements, a
 * name that comes twice, and a byte order mark. Nothing is trimmed or guessed, and no line end is changed,
 * since the signature covers values as they are. Takes time in proportion to the body, whatever it holds.
 */
export function readXml(body: Uint8Array, root: Root = 'xml'): Fields | undefined {
  if (body.byteLength > maxXmlBytes || !isUtf8(body)) {
    return undefined;
  }
  const { buffer, byteOffset, byteLength } = body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(buffer, byteOffset, byteLength);
  return readDocument(bytes.toString('utf8'), root);
}

/**
 * Writes fields as the body of a request, values escaped. Names are element names and come once; values
 * hold only characters that XML has, which whoever takes them in has checked.
 */
export function writeXml(fields: Iterable<readonly [string, string]>): string {
  const elements = Array.from(fields, ([name, value]) => `<${name}>${escapeText(value)}</${name}>`);
  return `<xml>${elements.join('')}</xml>`;
}

function readDocument(text: string, root: Root): Fields | undefined {
  const [opening, closing] = tags[root];
  const begin = blankEnd(text, declarationEnd(text));
  if (!text.startsWith(opening, begin)) {
    return undefined;
  }
  const fields = new Map<string, string>();
  let at = blankEnd(text, begin + opening.length);
  while (text.charCodeAt(at + 1) !== slash) {
    const end = readElement(text, at, fields);
    if (end === undefined || fields.size > maxFields) {
      return undefined;
    }
    at = blankEnd(text, end);
  }
  const isWhole =
    text.startsWith(closing, at) && blankEnd(text, at + closing.length) === text.length;
  return isWhole ? fields : undefined;
}

function declarationEnd(text: string): number {
  return text.startsWith('<?') ? (declaration.exec(text)?.[0].length ?? 0) : 0;
}

/** Adds the element that begins here to the fields, and answers where it ends. */
function readElement(text: string, at: number, fields: Map<string, string>): number | undefined {
  const nameEnd = endOfName(text, at + 1);
  if (text.charCodeAt(at) !== lessThan || nameEnd === undefined) {
    return undefined;
  }
  const name = text.slice(at + 1, nameEnd);
  const sizeBefore = fields.size;
  const last =
    text.charCodeAt(nameEnd) === slash
      ? addEmpty(nameEnd, name, fields)
      : addValue(text, nameEnd, name, fields);
  // A name that came before does not make them more.
  const isNew = fields.size > sizeBefore;
  return isNew && last !== undefined && text.charCodeAt(last) === greaterThan
    ? last + 1
    : undefined;
}

/** `<name/>`: where its last character must be. */
function addEmpty(nameEnd: number, name: string, fields: Map<string, string>): number {
  fields.set(name, '');
  return nameEnd + 1;
}

/** Everything else: where the last character of its closing tag must be. */
function addValue(
  text: string,
  nameEnd: number,
  name: string,
  fields: Map<string, string>,
): number | undefined {
  const begin = nameEnd + 1;
  const isCdata = text.startsWith(cdataBegin, begin);
  const valueAt = isCdata ? begin + cdataBegin.length : begin;
  const plainEnd = isCdata ? valueAt : endOfPlain(text, valueAt);
  const valueEnd = isCdata ? endOfCdata(text, valueAt) : endOfLegal(text, lessThan, plainEnd);
  const tagAt = isCdata ? valueEnd + cdataEnd.length : valueEnd;
  if (
    text.charCodeAt(nameEnd) !== greaterThan ||
    valueEnd === -1 ||
    text.charCodeAt(tagAt) !== lessThan ||
    text.charCodeAt(tagAt + 1) !== slash ||
    !text.startsWith(name, tagAt + 2)
  ) {
    return undefined;
  }
  const raw = text.slice(valueAt, valueEnd);
  const isPlain = isCdata || valueEnd === plainEnd;
  const value = isPlain ? raw : unescapeText(raw);
  if (value === undefined) {
    return undefined;
  }
  fields.set(name, value);
  return tagAt + 2 + name.length;
}

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const bracket = 0x5d;
const ampersand = 0x26;

/** Where a name of `A-Z a-z 0-9 _`, not led by a digit, ends; undefined if none begins here. */
function endOfName(text: string, begin: number): number | undefined {
  let at = begin;
  while (isNameCode(text.charCodeAt(at))) {
    at += 1;
  }
  const length = at - begin;
  return length === 0 || length > maxNameLength || isDigitCode(text.charCodeAt(begin))
    ? undefined
    : at;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    (code >= 0x41 && code <= 0x5a) ||
    isDigitCode(code)
  );
}

function isDigitCode(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Where the white space that begins here ends. */
function blankEnd(text: string, begin: number): number {
  let at = begin;
  while (isBlankCode(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function isBlankCode(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function endOfCdata(text: string, begin: number): number {
  let at = endOfLegal(text, bracket, begin);
  while (at !== -1 && !text.startsWith(cdataEnd, at)) {
    at = endOfLegal(text, bracket, at + 1);
  }
  return at;
}

/**
 * Where this character first is; -1 if it is nowhere, or only after a character that XML does not have.
 * Looking for both at once saves a second walk through the text.
 */
function endOfLegal(text: string, stop: number, begin: number): number {
  for (let at = begin; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === stop) {
      return at;
    }
    if (!isLegalCode(code)) {
      return -1;
    }
  }
  return -1;
}

/** Where the first character is that means something in text, or that XML does not have. */
function endOfPlain(text: string, begin: number): number {
  let at = begin;
  while (isPlainCode(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function isPlainCode(code: number): boolean {
  return isLegalCode(code) && code !== lessThan && code !== ampersand && code !== bracket;
}

/** Whether XML has this character; halves of a surrogate pair pass. */
function isLegalCode(code: number): boolean {
  return code >= 0x20 ? code !== 0xfffe && code !== 0xffff : isBlankCode(code);
}

function escapeText(value: string): string {
  // A reader of XML takes a bare carriage return for a line feed.
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Text with its references resolved, once; undefined if one of them is not known or not a character. */
function unescapeText(text: string): string | undefined {
  if (text.includes(cdataEnd)) {
    return undefined;
  }
  if (!text.includes('&')) {
    return text;
  }
  if (text.replaceAll(reference, '').includes('&')) {
    return undefined;
  }
  const value = text.replaceAll(
    reference,
    (_, name: string | undefined, decimal: string | undefined, hex: string | undefined) =>
      name === undefined ? characterOf(decimal, hex) : (namedCharacters[name] ?? noCharacter),
  );
  return value.includes(noCharacter) ? undefined : value;
}

const namedCharacters: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** Stands for what is no character: no text that was read so far holds it. */
const noCharacter = '\0';

function characterOf(decimal = '', hex = ''): string {
  const code = decimal === '' ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isLegalCode(code) && !isSurrogate && code <= 0x10ffff
    ? String.fromCodePoint(code)
    : noCharacter;
}
