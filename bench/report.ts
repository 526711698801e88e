/** What a figure has to keep. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** One measured thing; without a bound it is printed for information. */
export type Figure = {
  readonly what: string;
  readonly figure: number;
  /** `x`, `KB`, `$` … */
  readonly unit: string;
  readonly bound?: Bound;
  /** Where the middle half of the rounds lies. */
  readonly spread?: readonly [low: number, high: number];
};

/** What could not be measured here, and why. */
export type Skipped = { readonly what: string; readonly skipped: string };

export type Line = Figure | Skipped;

export type Section = {
  readonly title: string;
  readonly lines: readonly Line[];
  /** What a reader has to know to believe the figures. */
  readonly notes: readonly string[];
};

/** One row of the budget: measures when it is asked to, and rejects when it measured nothing sound. */
export type Row = {
  readonly name: string;
  readonly measure: () => Promise<readonly Section[]>;
};

/** How many times as much; `spread` as in `Figure`. */
export function ratioLine(
  what: string,
  ratio: { readonly median: number; readonly spread: readonly [low: number, high: number] },
  bound?: Bound,
): Figure {
  const { median: figure, spread } = ratio;
  return { what, figure, unit: 'x', spread, ...(bound !== undefined && { bound }) };
}

export type Verdict = 'met' | 'MISSED' | 'SKIPPED' | 'no bound';

export function verdictOf(line: Line): Verdict {
  if ('skipped' in line) {
    return 'SKIPPED';
  }
  if (line.bound === undefined) {
    return 'no bound';
  }
  return isKept(line.figure, line.bound) ? 'met' : 'MISSED';
}

/** Whether no bound is missed. A skipped line misses none. */
export function areKept(sections: readonly Section[]): boolean {
  return sections.every(({ lines }) => lines.every((line) => verdictOf(line) !== 'MISSED'));
}

const width = 118;
const columns = { what: 62, bound: 12, figure: 28, verdict: 8 } as const;

/** The section as a table of at most 120 columns. */
export function tableOf({ title, lines, notes }: Section): string {
  const head = cells('', 'bound', 'figure', 'verdict');
  const rows = lines.map((line) =>
    'skipped' in line
      ? `  ${line.what}: SKIPPED, ${line.skipped}`
      : cells(
          line.what,
          line.bound === undefined ? '' : boundText(line.bound, line.unit),
          figureText(line),
          line.bound === undefined ? '' : verdictOf(line),
        ),
  );
  const remarks = notes.flatMap((note) => wrapped(note, width - 4));
  return [`${title}\n`, ...[head, ...rows, ...remarks].map((line) => `${line.trimEnd()}\n`)].join(
    '',
  );
}

/** The section as plain data, each line with its verdict. */
export function jsonOf({ title, lines, notes }: Section): unknown {
  return { title, lines: lines.map((line) => ({ ...line, verdict: verdictOf(line) })), notes };
}

function isKept(figure: number, bound: Bound): boolean {
  return 'atMost' in bound ? figure <= bound.atMost : figure >= bound.atLeast;
}

function cells(what: string, bound: string, figure: string, verdict: string): string {
  return `  ${what.padEnd(columns.what)}${bound.padEnd(columns.bound)}${figure.padEnd(columns.figure)}${verdict}`;
}

function boundText(bound: Bound, unit: string): string {
  return 'atMost' in bound
    ? `<= ${numberText(bound.atMost, unit)}`
    : `>= ${numberText(bound.atLeast, unit)}`;
}

function figureText({ figure, unit, spread }: Figure): string {
  const main =
    unit === '$' ? `$${numberText(figure, unit)}` : `${numberText(figure, unit)} ${unit}`;
  return spread === undefined
    ? main
    : `${main}  (${spread.map((one) => numberText(one, unit)).join(' to ')})`;
}

/** Ratios and money with two decimals, what is counted as it is. */
function numberText(value: number, unit: string): string {
  if (unit === 'x' || unit === '$') {
    return value.toFixed(2);
  }
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function wrapped(text: string, limit: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= limit) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
}
