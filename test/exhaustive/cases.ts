/** Cases in order: the first whose condition holds says what comes out. */
export type Cases<C extends string, O extends string> = readonly (readonly [C, O])[];

/** What the words before a colon mean. */
export type Conditions<C extends string, G> = Readonly<Record<C, (given: G) => boolean>>;

export function firstThatHolds<G, C extends string, O extends string>(
  conditions: Conditions<C, G>,
  cases: Cases<C, O>,
  given: G,
): readonly [C, O] {
  const found = cases.find(([condition]) => conditions[condition](given));
  if (found === undefined) {
    throw new Error('No case holds.');
  }
  return found;
}

/** The cases as a page shows them; words of several cases' own stand out. */
export function textOf(cases: Cases<string, string>, procedures: object = {}): string {
  return cases
    .map(([when, then]) => {
      const word = then in procedures ? `**${then}**` : then;
      const isElse = when === 'else';
      return isElse ? `${cases.length === 1 ? '' : 'else '}${word}` : `${when}: ${word}`;
    })
    .join('; ');
}

/** A table as a page shows it; a long cell that repeats the one before it says so. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map(([name = '', ...cells]) =>
    rowText([
      name,
      ...cells.map((cell, index) => (isLong(cell) && cell === cells[index - 1] ? theSame : cell)),
    ]),
  );
  return [rowText(head), `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
}

const theSame = 'the same';

function isLong(text: string): boolean {
  return text.length > theSame.length;
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A page with this text as it is now between two marks; ends in an error where the marks are not. */
export function between(
  page: string,
  marks: { readonly begin: string; readonly end: string },
  text: string,
): string {
  const { begin, end } = marks;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) {
    throw new Error(`The page lacks the marks ${begin} and ${end}.`);
  }
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}
