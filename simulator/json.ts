export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

type ParsedObject =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly issue: string };

/** Reads UTF-8 bytes as one JSON object; never throws. */
export const parseJsonObject = (bytes: Uint8Array): ParsedObject => {
  if (bytes.length === 0) return { ok: false, issue: 'the body is empty' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text) as JsonValue;
    if (isJsonObject(value)) return { ok: true, value };
    return { ok: false, issue: 'the body is not a JSON object' };
  } catch {
    return { ok: false, issue: 'the body is not JSON in UTF-8' };
  }
};

export const isJsonObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One text for one value whatever the order of its names, so that two requests can be compared. */
export const canonicalText = (value: JsonValue): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
};
