import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  onDangerousProperty: (name) => name,
});

/** The fields as fast-xml-parser reads them; undefined when it refuses, or finds more than one level. */
export function oracleFields(text: string): readonly (readonly [string, string])[] | undefined {
  const [root, ...others] = nodesOf(text).filter((node) => !('?xml' in node) && !isBlank(node));
  if (root === undefined || others.length > 0) {
    return undefined;
  }
  const elements = Object.values(root)[0];
  if (!Array.isArray(elements)) {
    return undefined;
  }
  const fields = elements.filter((node) => !isBlank(node)).map(fieldOf);
  return fields.every((field) => field !== undefined) ? fields : undefined;
}

function nodesOf(text: string): readonly Node[] {
  try {
    return parser.parse(text, true);
  } catch {
    return [];
  }
}

function isBlank(node: Node): boolean {
  const text = node['#text'];
  return typeof text === 'string' && text.trim() === '';
}

function fieldOf(node: Node): readonly [string, string] | undefined {
  const [[name = '', children] = [], ...others] = Object.entries(node);
  if (!Array.isArray(children) || others.length > 0) {
    return undefined;
  }
  const texts: readonly unknown[] = children.map((child) => child['#text']);
  return texts.every((text) => typeof text === 'string') ? [name, texts.join('')] : undefined;
}

const names = fc.oneof(
  fc.constantFrom('a', 'sign', 'out_trade_no', 'coupon_fee_10', '_', 'Zeta'),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
);

/** Every character that XML has. */
const legalText = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll(/[^\t\n\r\x20-\ufffd\u{10000}-\u{10ffff}]/gu, '?'));

const hostile = fc.constantFrom(
  '&',
  '<',
  '>',
  '&lt;',
  '&amp;lt;',
  '&#65;',
  '&#x1F375;',
  '&#0;',
  '&x;',
  ']]>',
  '<![CDATA[',
  ']]',
  '\r\n',
  '\r',
  ' ',
  '支付',
  '<!--',
  '-->',
  '<b>',
  '</a>',
  '"',
);

const values = fc.oneof(
  legalText,
  fc.array(hostile, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.array(fc.oneof(hostile, legalText), { maxLength: 4 }).map((parts) => parts.join('')),
);

/** Fields to write. */
export const namesAndValues: fc.Arbitrary<readonly (readonly [string, string])[]> = fc
  .uniqueArray(fc.tuple(names, values), { selector: ([name]) => name, maxLength: 12 })
  .map((fields) => fields.filter(([name]) => name !== '__proto__'));

const blanks = fc.constantFrom('', '', '', ' ', '\n', '\r\n', '\t');

const elements = fc
  .tuple(names, values, fc.nat(19), blanks)
  .map(([name, value, way, blank]) => `${elementOf(name, value, way)}${blank}`);

/** Mostly right, and now and then with one thing wrong. */
function elementOf(name: string, value: string, way: number): string {
  switch (way) {
    case 0:
      return `<${name}/>`;
    case 1:
      return `<${name} a="1">${value}</${name}>`;
    case 2:
      return `<${name}>${value}</${name} >`;
    case 3:
      return `<!--${value}--><${name}>x</${name}>`;
    case 4:
      return `<${name}>${value}</${name}x>`;
    case 5:
      return `<${name}><![CDATA[${value}]]><![CDATA[${value}]]></${name}>`;
    case 6:
      return `<${name}><${name}>${value}</${name}></${name}>`;
    case 7:
    case 8:
    case 9:
    case 10:
      return `<${name}>${value}</${name}>`;
    case 11:
    case 12:
    case 13:
      return `<${name}>${value.replaceAll(/[<>&]/g, '')}</${name}>`;
    default:
      return `<${name}><![CDATA[${value}]]></${name}>`;
  }
}

const heads = fc.constantFrom(
  '',
  '',
  '',
  '',
  '<?xml version="1.0" encoding="UTF-8"?>',
  "<?xml version='1.0'?>\n",
  '<?xml version="1.1"?>',
  '<!DOCTYPE xml>',
  '<!DOCTYPE xml [<!ENTITY x "y">]>',
  '\ufeff',
  '\n',
);

/** Documents out of WeChat's grammar and around it. */
export const xmlTexts: fc.Arbitrary<string> = fc
  .tuple(heads, fc.array(elements, { maxLength: 5 }), blanks, blanks)
  .map(([head, inner, before, after]) => `${head}<xml>${before}${inner.join('')}</xml>${after}`);
