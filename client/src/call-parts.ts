import type { Check } from './check.ts';
import { WechatpayError } from './errors.ts';

/** A number as one part of a path: an empty one, or dots, would be another path. */
export function pathPart(name: string, number: string): string {
  if (/^[.]*$/.test(number) || !isEncodable(number)) {
    throw new WechatpayError('request_invalid', `This is no ${name}; nothing was sent.`, {
      errors: [{ pointer: `/${name}`, detail: 'is not a number of the merchant' }],
    });
  }
  return encodeURIComponent(number);
}

/** Half a surrogate pair is not. */
function isEncodable(text: string): boolean {
  try {
    return encodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

/** `refresh`: WeChat is asked first. */
export function queryOf({ refresh = false }: { readonly refresh?: boolean }): string {
  return refresh ? '?refresh=true' : '';
}

/** A check as the reader of an answer: what does not pass is none. */
export function passing<T>(check: Check<T>): (value: unknown) => T | undefined {
  return (value) => (check(value) ? value : undefined);
}
