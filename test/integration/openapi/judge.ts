import { parseJsonObject } from '../../../local/json.ts';
import { operations, type PageOperation, type PageResponse } from './page.ts';
import { type Checker, closedCheckerOf } from './schemas.ts';

export type Asked = {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly target: string;
};

export type Answered = {
  readonly status: number;
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** What the page says of a request's path and method. */
export type Meant =
  | { readonly type: 'operation'; readonly operation: PageOperation; readonly values: PathValues }
  | { readonly type: 'other-method'; readonly methods: readonly string[] }
  | { readonly type: 'nothing' }
  | { readonly type: 'undecodable' };

export type PathValues = Readonly<Record<string, string>>;

/** Paths are decoded before they are matched, and may end in a slash. */
export function meantBy({ method, target }: Asked): Meant {
  const path = decoded(target.split('?')[0] ?? '');
  if (path === undefined) {
    return { type: 'undecodable' };
  }
  const there = operations.flatMap((operation) => {
    const values = valuesIn(operation.template, path);
    return values === undefined ? [] : [{ operation, values }];
  });
  const found = there.find(({ operation }) => operation.method === method);
  if (found !== undefined) {
    return { type: 'operation', ...found };
  }
  const methods = there.map(({ operation }) => operation.method).sort();
  return methods.length === 0 ? { type: 'nothing' } : { type: 'other-method', methods };
}

/** Everything about an answer that the page does not say; nothing when it keeps to the page. */
export function complaintsAbout(asked: Asked, answered: Answered): readonly string[] {
  const meant = meantBy(asked);
  switch (meant.type) {
    case 'operation':
      return complaintsOf(meant.operation.responses[answered.status], asked, answered);
    case 'other-method': {
      const allow = meant.methods.join(', ');
      return [
        ...complaintsOf(anyResponse(405), asked, answered),
        ...(answered.headers['allow'] === allow ? [] : [`allow is not ${allow}`]),
      ];
    }
    case 'nothing':
      return isOfGateway(asked, answered, { status: 404, message: 'Not Found' })
        ? []
        : [
            ...complaintsOf(anyResponse(404), asked, answered),
            ...(asked.method === 'HEAD' || codeOf(answered) === 'route_unknown'
              ? []
              : ['it is not route_unknown']),
          ];
    case 'undecodable':
      return isOfGateway(asked, answered, { status: 400, message: 'Bad Request' })
        ? []
        : [`${answered.status} ${answered.text} is not "this is no path"`];
  }
}

function complaintsOf(
  response: PageResponse | undefined,
  asked: Asked,
  { status, headers, text }: Answered,
): readonly string[] {
  if (response === undefined) {
    return [`the page has no ${status} here: ${text.slice(0, 200)}`];
  }
  const type = headers['content-type'] ?? '';
  const media = response.content[type];
  if (media === undefined) {
    return [`the page has no ${status} as "${type}"`];
  }
  const isOfApi = type.endsWith('problem+json') || status < 400;
  const missing = isOfApi
    ? response.headers.filter((name) => headers[name.toLowerCase()] === undefined)
    : [];
  const isStored = isOfApi && headers['cache-control'] !== 'no-store';
  const value = asked.method === 'HEAD' ? undefined : parseJsonObject(text);
  const checked = asked.method === 'HEAD' ? [] : checkerFor(media.schema)(value);
  return [
    ...checked,
    ...missing.map((name) => `the header ${name} is missing`),
    ...(isStored ? ['it may be stored'] : []),
    ...(value !== undefined && isOfApi && status >= 400 && value['status'] !== status
      ? [`its status is ${value['status']}`]
      : []),
  ];
}

const checkers = new WeakMap<object, Checker>();

function checkerFor(schema: object): Checker {
  const checker = checkers.get(schema) ?? closedCheckerOf({ ...schema });
  checkers.set(schema, checker);
  return checker;
}

/** What is said of no operation stands beside each of them. */
function anyResponse(status: number): PageResponse | undefined {
  return operations[0]?.responses[status];
}

export function codeOf({ text }: Answered): unknown {
  return parseJsonObject(text)?.['code'];
}

function isOfGateway(
  { method }: Asked,
  { status, headers, text }: Answered,
  wanted: { readonly status: number; readonly message: string },
): boolean {
  const isIt = status === wanted.status && headers['content-type'] === 'application/json';
  const body = method === 'HEAD' ? '' : JSON.stringify({ message: wanted.message });
  return isIt && text === body;
}

function valuesIn(template: string, path: string): PathValues | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const pattern = template.replaceAll(/\{\w+\}/g, '([^/]+)');
  const values = new RegExp(`^${pattern}/?$`).exec(path)?.slice(1);
  return values && Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
