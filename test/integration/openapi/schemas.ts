import { z } from 'zod';
import { isObject, type JsonObject } from '../../../local/json.ts';
import { followed } from './page.ts';

/** Says what is wrong with a value, nothing when it keeps to its schema. */
export type Checker = (value: unknown) => readonly string[];

const annotations = ['title', 'description', 'discriminator', 'x-max-bytes', 'examples'];
/** The keywords that `z.fromJSONSchema` reads as JSON Schema means them, by what a schema is. */
const readable: Readonly<Record<string, readonly string[]>> = {
  $ref: ['$ref'],
  oneOf: ['oneOf'],
  anyOf: ['anyOf'],
  const: ['type', 'const'],
  enum: ['type', 'enum'],
  string: ['type', 'minLength', 'maxLength', 'pattern', 'format'],
  integer: ['type', 'minimum', 'maximum'],
  boolean: ['type'],
  array: ['type', 'items', 'minItems', 'maxItems'],
  object: ['type', 'properties', 'required', 'additionalProperties'],
};
const formats = ['date-time', 'ipv4', 'ipv6'];

/** Checks what the API reads: as the schema says. */
export function checkerOf(schema: JsonObject): Checker {
  return checkerWith(schema, (each) => each);
}

/** Checks what the API writes: a field that the page does not name is wrong, too. */
export function closedCheckerOf(schema: JsonObject): Checker {
  return checkerWith(schema, (each) =>
    each['properties'] === undefined ? each : { ...each, additionalProperties: false },
  );
}

function checkerWith(schema: JsonObject, change: (schema: JsonObject) => JsonObject): Checker {
  const definitions: Record<string, JsonObject> = {};
  const root = portable(schema, change, definitions);
  const read = z.fromJSONSchema({ ...root, $defs: definitions }, { registry: z.registry() });
  return (value) => {
    const { error } = read.safeParse(value);
    const tooLong = bytesOver(schema, value);
    return [...(error === undefined ? [] : [z.prettifyError(error)]), ...tooLong];
  };
}

/** With its references among `$defs`; throws at what `z.fromJSONSchema` would read as less than it says. */
function portable(
  schema: JsonObject,
  change: (schema: JsonObject) => JsonObject,
  definitions: Record<string, JsonObject>,
): JsonObject {
  assertReadable(schema);
  const within = (part: unknown): unknown =>
    isObject(part) ? portable(part, change, definitions) : part;
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const name = ref.split('/').at(-1) ?? '';
    if (definitions[name] === undefined) {
      definitions[name] = {};
      definitions[name] = portable(followed(schema), change, definitions);
    }
    return { $ref: `#/$defs/${name}` };
  }
  const { properties, items, oneOf, anyOf } = schema;
  return change({
    ...schema,
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, within(part)]),
      ),
    }),
    ...(items !== undefined && { items: within(items) }),
    ...(Array.isArray(oneOf) && { oneOf: oneOf.map(within) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(within) }),
  });
}

export function assertReadable(schema: JsonObject): void {
  const { type, format } = schema;
  const kind =
    ['$ref', 'oneOf', 'anyOf', 'const', 'enum'].find((keyword) => keyword in schema) ??
    String(type);
  const known = [...(readable[kind] ?? []), ...annotations];
  const unknown = Object.keys(schema).filter((keyword) => !known.includes(keyword));
  const isFormatKnown = format === undefined || formats.includes(String(format));
  if (readable[kind] === undefined || unknown.length > 0 || !isFormatKnown) {
    throw new Error(`No checker reads ${JSON.stringify(schema).slice(0, 200)}: ${unknown}`);
  }
}

/** JSON Schema has no word for bytes. */
function bytesOver(schema: JsonObject, value: unknown): readonly string[] {
  const own = followed(schema);
  const limit = own['x-max-bytes'];
  const bytes = Buffer.byteLength(
    typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  );
  const isOver = typeof limit === 'number' && bytes > limit;
  const { properties, oneOf } = own;
  const below =
    isObject(properties) && isObject(value)
      ? Object.entries(properties).flatMap(([name, part]) =>
          isObject(part) && Object.hasOwn(value, name) ? bytesOver(part, value[name]) : [],
        )
      : [];
  const [variant] = Array.isArray(oneOf) ? oneOf.filter((one) => fits(one, value)) : [];
  return [
    ...(isOver ? [`${bytes} bytes are more than ${limit}`] : []),
    ...below,
    ...(isObject(variant) ? bytesOver(variant, value) : []),
  ];
}

/** Whether a value is of this variant, as far as the fields that name it tell. */
function fits(schema: unknown, value: unknown): boolean {
  const { properties } = followed(schema);
  return (
    isObject(value) &&
    isObject(properties) &&
    Object.entries(properties).every(
      ([name, part]) => !isObject(part) || !('const' in part) || part['const'] === value[name],
    )
  );
}
