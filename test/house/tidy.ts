import ts from 'typescript';

/** A rule that a file breaks, with the line of the first place. */
export type Complaint = { readonly rule: string; readonly line: number };

export const maxLines = 300;

/** Only what reads data from outside may tell the compiler what it cannot know. */
const castsAllowed = /^lib\/core\/(values\/[a-z0-9-]+|subjects\/order\/order)[.]ts$/;
const pureRooms = /^lib\/(core|app)\//;
const leftovers = new RegExp(String.raw`\b(${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\b`);

/** What the house finds untidy in one file, `path` as `lib/core/timing.ts`. */
export function complaintsOf(path: string, text: string): readonly Complaint[] {
  const lines = text.split('\n');
  const complaints: Complaint[] = [];
  const lineCount = text.endsWith('\n') ? lines.length - 1 : lines.length;
  if (lineCount > maxLines) {
    complaints.push({ rule: `longer than ${maxLines} lines`, line: lineCount });
  }
  const leftover = lines.findIndex((line) => leftovers.test(line));
  if (leftover !== -1) {
    complaints.push({ rule: 'left for later', line: leftover + 1 });
  }
  return [...complaints, ...(pureRooms.test(path) ? impurities(path, text) : [])];
}

function impurities(path: string, text: string): readonly Complaint[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const complaints: Complaint[] = [];
  const complain = (rule: string, node: ts.Node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    complaints.push({ rule, line: line + 1 });
  };
  const visit = (node: ts.Node): void => {
    if (isRandom(node)) {
      complain('chance', node);
    }
    if (path.startsWith('lib/core/') && !castsAllowed.test(path) && isCast(node)) {
      complain('cast', node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return complaints;
}

function isRandom(node: ts.Node): boolean {
  const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  return isAccess && /^Math\s*(\?\.)?[.[]/.test(node.getText()) && /random/.test(node.getText());
}

function isCast(node: ts.Node): boolean {
  const isAssertion = ts.isAsExpression(node) || ts.isTypeAssertionExpression(node);
  return isAssertion && node.type.getText() !== 'const';
}
