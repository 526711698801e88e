import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/mutation-survivors.md';
const shownCharacters = 240;

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/**
 * Runs the mutants of stryker.config.json and compares those that live with `docs/mutation-survivors.md`:
 * each must be argued there, and none that died may still be. Fails on a difference and, as Stryker does,
 * below the threshold of the configuration.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      /** Only these files, comma-separated; the rest of the page is then not compared. */
      files: { type: 'string' },
      /** Runs only what the last run with this option does not answer already: while writing tests. */
      incremental: { type: 'boolean', default: false },
    },
  });
  const { files, incremental } = values;
  const mutants = await new Stryker({
    incremental,
    ...(files !== undefined && { mutate: files.split(',') }),
  }).runMutationTest();
  const living = await Promise.all(mutants.filter(lives).map(describe));
  const tested = new Set(mutants.map(nameOf));
  const argued = argumentsIn(await readFile(join(root, page), 'utf8')).filter(
    (line) => files === undefined || tested.has(line.slice(0, line.indexOf(': '))),
  );
  const isComplete = [
    report('live and are not argued:', without(living, argued)),
    report('are argued, but died or are gone:', without(argued, living)),
    report('could not be run:', await Promise.all(mutants.filter(isBroken).map(describe))),
  ].every(Boolean);
  if (!isComplete) {
    process.exitCode = 1;
  }
}

function lives({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

/** Neither killed nor alive; leaving it out would flatter the score. */
function isBroken({ status }: Mutant): boolean {
  return !['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status);
}

/** `lib/core/timing.ts: a < b => a <= b`: without a line number, which would move with every change. */
async function describe(mutant: Mutant): Promise<string> {
  const { start, end } = mutant.location;
  const lines = (await readFile(join(root, nameOf(mutant)), 'utf8')).split('\n');
  const original = lines
    .slice(start.line - 1, end.line)
    .map((line, index, all) => (index === all.length - 1 ? line.slice(0, end.column - 1) : line))
    .map((line, index) => (index === 0 ? line.slice(start.column - 1) : line))
    .join(' ');
  return `${nameOf(mutant)}: ${shorten(original)} => ${shorten(mutant.replacement ?? '')}`;
}

function nameOf({ fileName }: Mutant): string {
  return fileName.startsWith(root) ? fileName.slice(root.length + 1) : fileName;
}

function shorten(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters)}…`;
}

/** The lines of the page's code blocks: one mutant each, written twice where two are alike. */
function argumentsIn(text: string): readonly string[] {
  return [...text.matchAll(/^```text\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line !== ''),
  );
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const place = left.indexOf(line);
    if (place !== -1) {
      left.splice(place, 1);
    }
    return place === -1;
  });
}

/** Prints what is there, and answers whether there was nothing. */
function report(what: string, lines: readonly string[]): boolean {
  if (lines.length > 0) {
    process.stdout.write(`\nThese mutants ${what}\n${lines.join('\n')}\n`);
  }
  return lines.length === 0;
}

await main();
