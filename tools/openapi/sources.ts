import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseObject } from '#core/values/json.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** What the page takes from others: the words of `docs/errors.md` and `docs/events.md`, and the version. */
export type Sources = {
  /** By code: what it means, and what to do. */
  readonly problems: ReadonlyMap<string, string>;
  /** By type: when it is sent, and what to do. */
  readonly events: ReadonlyMap<string, string>;
  readonly version: string;
};

export function readSources(): Sources {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const manifest = parseObject(read('package.json'));
  const version = manifest.ok ? manifest.value['version'] : undefined;
  if (typeof version !== 'string') {
    throw new Error('package.json names no version.');
  }
  return {
    problems: new Map(
      rowsOf(read('docs/errors.md')).flatMap(([code = '', meaning, retried, , advice]) =>
        retried === undefined || advice === undefined
          ? []
          : [
              [
                code,
                `${meaning} The same request can succeed later: ${retried.split(';')[0]}. ${advice}`,
              ],
            ],
      ),
    ),
    events: new Map([
      ...rowsOf(read('docs/events.md')).flatMap(([type = '', when, advice, ...more]) =>
        more.length > 0 ? [] : [[type, `${sentence(when)} Then: ${advice}.`] as const],
      ),
      ...noticeWords(read('docs/events.md')),
    ]),
    version,
  };
}

/** The rows of the page's tables whose first cell is a `code`: their cells, the first without its marks. */
function rowsOf(page: string): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => /^\| `[a-z._-]+` \|/.test(line))
    .map((line) => {
      const [, first = '', ...rest] = line.split('|').map((cell) => cell.trim());
      return [first.replaceAll('`', ''), ...rest.slice(0, -1)];
    });
}

/** It has no table of its own: a line of its own stands under its heading. */
function noticeWords(page: string): readonly (readonly [string, string])[] {
  return [...page.matchAll(/^`(notice\.[a-z]+)`: (.+)$/gm)].map(
    ([, type = '', text = '']) => [type, text] as const,
  );
}

function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
