import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventTypes } from '#core/events.ts';
import { closeReasons, reviewReasons } from '#core/subjects/order/order.ts';
import { serviceReviewReasons } from '#core/subjects/service-order/service-order.ts';
import type { Json, JsonObject } from '#core/values/json.ts';
import { isObject } from '#core/values/json.ts';
import { samplesOf } from './event-samples.ts';
import { projectDir } from './layers.ts';

/** A field as the page has it, for one type of event. */
type Field = { readonly name: string; readonly type: string; readonly isAlways: boolean };

const page = await readFile(join(projectDir, 'docs/events.md'), 'utf8');

describe('docs/events.md', () => {
  it('says when each type of event is sent, and of no other', () => {
    const told = [
      ...page.matchAll(
        /^(?:\| )?`((?:order|refund|plan|sign-plan|service-order|notice)\.[a-z_]+)`(?: \||:)/gm,
      ),
    ];
    assert.deepEqual(told.map(([, type]) => type).sort(), [...eventTypes].sort());
  });

  it('describes the envelope', () => {
    const [, table = ''] = /## The envelope\n([\s\S]*?)\n## /.exec(page) ?? [];
    const fields = rowsOf(table).map(([name, type]) => `${name} ${type}`);
    for (const [event] of eventTypes.map(samplesOf)) {
      const made = Object.entries(event ?? {}).map(
        ([name, value]) => `\`${name}\` ${typeOf(value)}`,
      );
      assert.deepEqual(fields, made);
    }
  });

  for (const type of eventTypes) {
    it(`describes each field of ${type}, and no other`, () => {
      const fields = fieldsOf(page, type);
      const samples = samplesOf(type).map((event) => flat(event['data'] ?? null));
      const made = new Map(samples.flatMap((sample) => [...sample]));
      const described = new Map(fields.map((field) => [field.name, field.type]));
      assert.deepEqual([...described].sort(), [...made].sort());
      for (const { name, isAlways } of fields) {
        assert.equal(
          samples.every((sample) => sample.has(name)),
          isAlways,
          name,
        );
      }
    });
  }

  it('names each reason why an order is closed or in review', () => {
    const [, , , , meaning = ''] = rowsOf(page).find(([name]) => name === '`reason`') ?? [];
    const [closed = '', review = ''] = meaning.split('; review: ');
    // These two have events of their own.
    const told = reviewReasons.filter((reason) => reason !== 'late' && reason !== 'duplicate');
    for (const reason of closeReasons) {
      assert.ok(closed.includes(`\`${reason}\``), reason);
    }
    for (const reason of [...told, 'contradiction']) {
      assert.ok(review.includes(`\`${reason}\``), reason);
    }
  });

  it('names each reason why a service order is in review', () => {
    const meanings = rowsOf(page).filter(([name]) => name === '`reason`');
    const review = meanings.find(([, , where]) => where === '`service-order.review`')?.[4] ?? '';
    for (const reason of serviceReviewReasons) {
      assert.ok(review.includes(`\`${reason}\``), reason);
    }
  });

  it('would be found wanting without a field, or with one too many', () => {
    const block =
      '<!-- fields: a b -->\n| field | type | in | always | meaning |\n|---|---|---|---|---|\n';
    const rows = '| `x` | text | all but `b` | yes | an x |\n| `y` | text | `b` | no |  |\n';
    assert.deepEqual(fieldsOf(block + rows, 'a'), [{ name: 'x', type: 'text', isAlways: true }]);
    assert.deepEqual(fieldsOf(block + rows, 'b'), []);
  });
});

/** The fields that the page has for a type: rows with words beside them, in the table that names the type. */
function fieldsOf(text: string, type: string): readonly Field[] {
  const blocks = text.matchAll(/<!-- fields: ([^>]+) -->\n([\s\S]*?)(?=\n\n|$)/g);
  const table = [...blocks].find(([, types = '']) => types.split(' ').includes(type))?.[2] ?? '';
  return rowsOf(table)
    .filter(([, , where = '', , meaning = '']) => meaning !== '' && isIn(where, type))
    .map(([name = '', kind = '', , always]) => ({
      name: name.replaceAll('`', ''),
      type: kind,
      isAlways: always === 'yes',
    }));
}

function isIn(where: string, type: string): boolean {
  const isNamed = where.includes(`\`${type}\``);
  return where === 'all' || (where.startsWith('all but ') ? !isNamed : isNamed);
}

function rowsOf(table: string): readonly (readonly string[])[] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Each value by its path, as its type. */
function flat(value: Json, path = ''): ReadonlyMap<string, string> {
  if (!isObject(value)) {
    return new Map([[path, typeOf(value)]]);
  }
  const inner = (name: string): string => (path === '' ? name : `${path}.${name}`);
  return new Map(
    Object.entries<Json>(value as JsonObject).flatMap(([name, part]) => [
      ...flat(part, inner(name)),
    ]),
  );
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) {
    return 'list';
  }
  return typeof value === 'string' ? 'text' : typeof value;
}
