import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { isObject, type JsonObject, objectOf } from '../../../local/json.ts';

export const pagePath = join(resolve(import.meta.dirname, '../../..'), 'docs/openapi.yaml');

/** `docs/openapi.yaml` as any reader of it sees it. */
export const page: JsonObject = objectOf(parse(readFileSync(pagePath, 'utf8')), 'the page');

/** An operation of the page, its references followed. */
export type PageOperation = {
  readonly id: string;
  readonly method: string;
  readonly template: string;
  readonly scope: string;
  readonly parameters: readonly JsonObject[];
  readonly body: JsonObject | undefined;
  readonly requestExamples: Readonly<Record<string, JsonObject>>;
  readonly responses: Readonly<Record<string, PageResponse>>;
};

export type PageResponse = {
  readonly headers: readonly string[];
  /** By media type. */
  readonly content: Readonly<
    Record<
      string,
      { readonly schema: JsonObject; readonly examples: Readonly<Record<string, unknown>> }
    >
  >;
};

export const operations: readonly PageOperation[] = Object.entries(
  objectOf(page['paths'], 'paths'),
).flatMap(([template, methods]) =>
  Object.entries(objectOf(methods, template)).map(([method, operation]) =>
    operationOf(template, method, objectOf(operation, method)),
  ),
);

export function operationNamed(id: string): PageOperation {
  const operation = operations.find((each) => each.id === id);
  if (operation === undefined) {
    throw new Error(`The page has no operation ${id}.`);
  }
  return operation;
}

/** The schema of the body of each webhook, by the type of its event. */
export const eventSchemas: ReadonlyMap<string, JsonObject> = new Map(
  Object.entries(objectOf(page['webhooks'], 'webhooks')).map(([type, webhook]) => {
    const body = objectOf(objectOf(objectOf(webhook, type)['post'], 'post')['requestBody'], 'body');
    return [type, mediaIn(body)['application/json']?.schema ?? {}];
  }),
);

function operationOf(template: string, method: string, operation: JsonObject): PageOperation {
  const body = operation['requestBody'];
  const media = isObject(body) ? mediaIn(body)['application/json'] : undefined;
  const parameters = operation['parameters'];
  return {
    id: String(operation['operationId']),
    method: method.toUpperCase(),
    template,
    scope: scopeOf(operation),
    parameters: Array.isArray(parameters) ? parameters.map(followed) : [],
    body: media?.schema,
    requestExamples: Object.fromEntries(
      Object.entries(media?.examples ?? {}).map(([name, value]) => [name, objectOf(value, name)]),
    ),
    responses: Object.fromEntries(
      Object.entries(objectOf(operation['responses'], 'responses')).map(([status, response]) => [
        status,
        responseOf(followed(response)),
      ]),
    ),
  };
}

function scopeOf(operation: JsonObject): string {
  const security = operation['security'];
  const [first] = Array.isArray(security) ? security : [];
  const scopes = isObject(first) ? first['bearer'] : undefined;
  return Array.isArray(scopes) ? scopes.join(' ') : '';
}

function responseOf(response: JsonObject): PageResponse {
  const { headers } = response;
  return {
    headers: isObject(headers) ? Object.keys(headers) : [],
    content: mediaIn(response),
  };
}

function mediaIn(holder: JsonObject): PageResponse['content'] {
  return Object.fromEntries(
    Object.entries(objectOf(holder['content'], 'content')).map(([type, given]) => {
      const media = objectOf(given, type);
      return [type, { schema: objectOf(media['schema'], 'schema'), examples: examplesIn(media) }];
    }),
  );
}

/** Those with a name by it, one without as `example`. */
function examplesIn(media: JsonObject): Readonly<Record<string, unknown>> {
  const { example, examples } = media;
  return {
    ...(example !== undefined && { example }),
    ...Object.fromEntries(
      Object.entries(isObject(examples) ? examples : {}).map(([name, one]) => [
        name,
        objectOf(one, name)['value'],
      ]),
    ),
  };
}

/** What a reference leads to; everything else as it is. */
export function followed(value: unknown): JsonObject {
  const holder = objectOf(value, 'a part of the page');
  const ref = holder['$ref'];
  if (typeof ref !== 'string') {
    return holder;
  }
  const found = ref
    .split('/')
    .slice(1)
    .reduce((at: unknown, name) => (isObject(at) ? at[name] : undefined), page);
  return objectOf(found, ref);
}
