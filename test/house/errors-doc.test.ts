import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { endingReasons } from '#app/ending.ts';
import { errorCodes } from '#core/errors.ts';
import { projectDir } from './layers.ts';

/** The codes that a page explains: each is the first cell of a row, as `code`, with words beside it. */
function explainedIn(page: string): readonly string[] {
  return page
    .split('\n')
    .map((line) => /^\|\s*`([a-z_-]+)`\s*\|\s*[^|\s][^|]*\|/.exec(line)?.[1])
    .filter((code) => code !== undefined);
}

describe('docs/errors.md', () => {
  it('explains each error code and each reason of a message once, and no other', async () => {
    const page = await readFile(join(projectDir, 'docs/errors.md'), 'utf8');
    assert.deepEqual(
      [...explainedIn(page)].sort(),
      [...Object.keys(errorCodes), ...endingReasons].sort(),
    );
  });

  it('would be found wanting without words, or with a code that is only mentioned', () => {
    assert.deepEqual(explainedIn('| `order_unknown` | No such order. | 404 |'), ['order_unknown']);
    assert.deepEqual(explainedIn('| `order_unknown` |  | 404 |'), []);
    assert.deepEqual(explainedIn('See `order_unknown`.\n| code | meaning |\n|---|---|'), []);
  });
});
