import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openapiText, pagePath } from './page.ts';
import { runRedocly } from './redocly.ts';

/** To look at in a browser; 2.7 MB that need nothing else, too much to keep with the sources. */
const viewPath = join(resolve(import.meta.dirname, '..', '..'), 'dist', 'api.html');

writeFileSync(pagePath, openapiText());
mkdirSync(dirname(viewPath), { recursive: true });
const { isDone, complaints } = runRedocly(
  'build-docs',
  pagePath,
  '--output',
  viewPath,
  '--inlineBundle',
);
if (!isDone) {
  process.stderr.write(complaints);
  process.exitCode = 1;
}
