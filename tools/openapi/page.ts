import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { isObject, type Json } from '#core/values/json.ts';
import { documentOf } from './document.ts';
import { readSources } from './sources.ts';

export const pagePath = join(resolve(import.meta.dirname, '..', '..'), 'docs', 'openapi.yaml');

const head =
  '# Made by `npm run openapi` from the schemas that the API itself reads; not written here.\n';

/** `docs/openapi.yaml` as it is now: the same sources give the same bytes. */
export function openapiText(): string {
  const document = wordsFirst(documentOf(readSources()));
  return (
    head + stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, compat: 'yaml-1.1' })
  );
}

const wordNames = ['title', 'summary', 'description'];
/** What stands there is data, in an order of its own. */
const dataNames = ['value', 'example', 'default'];

/** Whoever reads the file wants to know first what a thing is. */
function wordsFirst(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(wordsFirst);
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([name, part]): [string, Json] => [
    name,
    dataNames.includes(name) ? part : wordsFirst(part),
  ]);
  const isWord = ([name, part]: [string, Json]): boolean =>
    wordNames.includes(name) && typeof part === 'string';
  return Object.fromEntries([
    ...entries.filter(isWord),
    ...entries.filter((entry) => !isWord(entry)),
  ]);
}
