import { controlError } from './control-answer.ts';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 10_000;

export const limitError = controlError(400, `/limit: must be 1 to ${MAX_LIMIT}`);

/** How many a reading asks for; undefined when that is no allowed number. */
export const readLimit = (query: URLSearchParams): number | undefined => {
  const text = query.get('limit') ?? String(DEFAULT_LIMIT);
  const limit = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
};
