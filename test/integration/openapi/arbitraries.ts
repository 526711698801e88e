import fc from 'fast-check';
import { isObject, type JsonObject, listOf } from '../../../local/json.ts';
import { followed } from './page.ts';

const minuteMs = 60_000;
const mostItems = 3;
const mostPlain = 40;

/** Values that keep to a schema of the page. */
export function valuesOf(schema: JsonObject): fc.Arbitrary<unknown> {
  const { oneOf, anyOf, const: only, enum: some, type } = followed(schema);
  const variants = oneOf ?? anyOf;
  if (variants !== undefined) {
    return fc.oneof(...listOf(variants, 'variants').map((each) => valuesOf(followed(each))));
  }
  if (only !== undefined) {
    return fc.constant(only);
  }
  if (some !== undefined) {
    return fc.constantFrom(...listOf(some, 'enum'));
  }
  switch (type) {
    case 'object':
      return objectsOf(followed(schema));
    case 'array':
      return fc.array(valuesOf(followed(followed(schema)['items'])), {
        minLength: Number(followed(schema)['minItems'] ?? 0),
        maxLength: mostItems,
      });
    case 'integer':
      return integersOf(followed(schema));
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textsOf(followed(schema));
    default:
      throw new Error(`Nothing is made of ${JSON.stringify(schema).slice(0, 100)}`);
  }
}

function objectsOf({ properties, required }: JsonObject): fc.Arbitrary<JsonObject> {
  const fields = Object.entries(isObject(properties) ? properties : {});
  const model = Object.fromEntries(fields.map(([name, part]) => [name, valuesOf(followed(part))]));
  return fc.record(model, { requiredKeys: listOf(required ?? [], 'required').map(String) });
}

function integersOf({ minimum, maximum }: JsonObject): fc.Arbitrary<number> {
  const [min, max] = [Number(minimum), Number(maximum)];
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
}

function textsOf({ pattern, format, minLength, maxLength }: JsonObject): fc.Arbitrary<string> {
  switch (format) {
    case 'date-time':
      return fc
        .integer({ min: 5 * minuteMs, max: 6 * 24 * 60 * minuteMs })
        .map((aheadMs) => new Date(Date.now() + aheadMs).toISOString());
    case 'ipv4':
      return fc.ipV4();
    case 'ipv6':
      return fc.ipV6();
    default: {
      const most = Math.min(Number(maxLength ?? mostPlain), mostPlain);
      const bounded = String(pattern).replace(/\*\$$/, `{${minLength ?? 0},${most}}$`);
      const usual = fc.stringMatching(new RegExp(bounded));
      return maxLength === undefined
        ? usual
        : fc.oneof(usual, fc.constantFrom('x'.repeat(Number(maxLength)), '茶'));
    }
  }
}

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce((inner) => [inner], 'x' as unknown);

/** What no field expects, and some take all the same. */
const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', 0, -0, -1, 1, 1.5, 1e21, '8800', '1e3', [], {}, [
    [],
  ]),
  fc.constantFrom<unknown>(2 ** 31 - 1, 2 ** 31, 2 ** 53, -(2 ** 31), 0.1, Number.MIN_VALUE),
  fc.constantFrom<unknown>(
    '🍵',
    'a\ud83c',
    '\udf75b',
    'a\u0000b',
    'a\nb',
    '\u0085',
    '\ufffd',
    '𠮷',
  ),
  fc.constantFrom<unknown>(
    'CNY',
    'USD',
    'NATIVE',
    'JSAPI',
    'APP',
    'H5',
    'MICROPAY',
    'MWEB',
    '134567890123456789',
    '160000000000000000',
    '1.2.3',
    'fe80::1%0',
  ),
  fc.constantFrom<unknown>('2026-02-30T12:00:00Z', '2099-01-01T00:00:00Z', '2020-01-01T00:00:00Z'),
  fc.integer({ min: 0, max: 600 }).map((length) => 'x'.repeat(length)),
  fc.constantFrom('x'.repeat(60_000), 'x'.repeat(70_000), '茶'.repeat(22_000)),
  fc.integer({ min: 0, max: 300 }).map((length) => '茶'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer({ min: 1, max: 200 }).map(nested),
  fc.jsonValue(),
);

const oddNames = fc.constantFrom(
  'extra',
  '__proto__',
  'constructor',
  'toString',
  '',
  'a/b~c',
  'Amount',
);

type Change = {
  readonly at: number;
  readonly value: unknown;
  readonly name: string;
  readonly how: How;
};
type How = 'replace' | 'remove' | 'add';

const changes: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  value: oddValues,
  name: oddNames,
  how: fc.constantFrom<How>('replace', 'replace', 'remove', 'add'),
});

/** Values of a schema with something changed in them, which may still be right. */
export function brokenOf(schema: JsonObject): fc.Arbitrary<unknown> {
  return fc
    .tuple(valuesOf(schema), fc.array(changes, { minLength: 1, maxLength: 3 }))
    .map(([value, list]) => list.reduce(changed, value));
}

function changed(value: unknown, change: Change): unknown {
  const places = placesIn(value);
  return changedAt(value, places[change.at % places.length] ?? [], change);
}

/** Where something stands in a value, as the names that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...below.flatMap(([name, part]) => placesIn(part, [...path, name]))];
}

function changedAt(value: unknown, [name, ...below]: readonly string[], change: Change): unknown {
  if (name === undefined) {
    return change.how === 'add' && isObject(value)
      ? withField(value, change.name, change.value)
      : change.value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      String(index) === name ? changedAt(item, below, change) : item,
    );
  }
  const holder = isObject(value) ? value : {};
  if (change.how === 'remove' && below.length === 0) {
    const { [name]: _, ...rest } = holder;
    return rest;
  }
  return withField(holder, name, changedAt(holder[name], below, change));
}

/** Assigning would not add a field named `__proto__`. */
function withField(holder: JsonObject, name: string, value: unknown): JsonObject {
  const copy = { ...holder };
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true });
  return copy;
}

const limitBytes = 65_536;

/** The text of a body: mostly the JSON of a value, sometimes spoilt, sometimes just at the limit. */
export function textsFrom(values: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const json = values.map((value) => JSON.stringify(value) ?? '');
  const padded = fc
    .tuple(json, fc.constantFrom(limitBytes - 1, limitBytes, limitBytes + 1, 3 * limitBytes))
    .map(([text, bytes]) => text + ' '.repeat(Math.max(0, bytes - Buffer.byteLength(text))));
  const spoilt = fc
    .tuple(json, fc.constantFrom(...spoilers))
    .map(([text, spoil]) => spoil(Buffer.from(text)));
  return fc.oneof(
    { weight: 8, arbitrary: json.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: padded.map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: spoilt },
  );
}

const spoilers: readonly ((json: Buffer) => Buffer)[] = [
  (json) => json.subarray(0, -1),
  (json) => Buffer.concat([json, Buffer.from(',')]),
  (json) => Buffer.concat([Buffer.from('\ufeff'), json]),
  (json) => Buffer.concat([Buffer.from([0xff, 0xfe]), json]),
  (json) => Buffer.concat([json.subarray(0, -1), Buffer.from([0xc3]), json.subarray(-1)]),
  (json) => Buffer.from(json.toString('utf8').replace(/"/, "'")),
  (json) => Buffer.from(json.toString('utf8').replace(/:/, ': NaN, "x":')),
  (json) => Buffer.from(json.toString('utf8').replace(/^\{/, '{"amount":null,')),
  (json) => Buffer.from(json.toString('utf8').replace(/8|1/, '1e400')),
  (json) => Buffer.from(json.toString('utf16le')),
  () => Buffer.from(''),
  () => Buffer.from('null'),
  () => Buffer.from('['.repeat(60_000)),
  () => Buffer.from('{"a":'.repeat(12_000)),
  () => Buffer.from(`${'['.repeat(30_000)}${']'.repeat(30_000)}`),
  () => Buffer.from('a=1&b=2'),
  () => Buffer.from('<xml/>'),
];
