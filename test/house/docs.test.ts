import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const pages = [
  'README.md',
  ...globSync('{client,docs,examples,simulator}/**/*.md', { cwd: root }),
].map((name) => ({
  name,
  text: readFileSync(join(root, name), 'utf8'),
}));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const architecture = pages.find(({ name }) => name.endsWith('architecture.md'))?.text ?? '';

describe('the pages of the project', () => {
  it('are all seen', () => assert.ok(pages.length >= 12, `${pages.length}`));

  for (const { name, text } of pages) {
    it(`${name} names only npm scripts that exist`, () => {
      const named = [...text.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map(([, script]) => script);
      assert.deepEqual(
        named.filter((script) => scripts[script ?? ''] === undefined),
        [],
      );
    });

    it(`${name} links only to files and headings that exist`, () => {
      const prose = text.replaceAll(/^```.*?^```$/gms, '');
      const links = [...prose.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
      assert.deepEqual(
        links.filter((link) => !leadsSomewhere(name, link)),
        [],
      );
    });
  }

  it('name every metric that is counted', () => {
    const ports = readFileSync(join(root, 'lib', 'core', 'telemetry.ts'), 'utf8');
    const [, union = ''] = /export type MetricName =([^;]+);/.exec(ports) ?? [];
    const metrics = [...union.matchAll(/'([a-z_]+)'/g)].map(([, metric]) => metric);
    assert.ok(metrics.length > 10);
    for (const metric of metrics) {
      assert.ok(architecture.includes(`\`${metric}\``), metric);
    }
  });
});

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? join(root, from) : join(root, dirname(from), path);
  if (!existsSync(file)) {
    return false;
  }
  const headings = [
    ...(anchor === undefined ? '' : readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm),
  ];
  return anchor === undefined || headings.some(([, heading = '']) => slugOf(heading) === anchor);
}

/** As GitHub makes an anchor of a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
