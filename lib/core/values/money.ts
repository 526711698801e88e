import { fail, ok, type Result } from '../result.ts';
import type { Brand } from './brand.ts';

/** Chinese money in fen, a whole number from 0 to 2^53 - 1. APIv3 speaks fen, bills speak yuan. */
export type Fen = Brand<number, 'Fen'>;

export function isFen(value: unknown): value is Fen {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Reads a number of fen; refuses fractions, negatives and what a double cannot hold exactly. */
export function fen(value: unknown): Result<Fen, 'not-fen'> {
  return isFen(value) ? ok(value) : fail('not-fen');
}

/**
 * Reads yuan as bills write them (`0.01`, `12`, `12.3`, `12.30`): at most two decimals, no sign, no
 * exponent, no grouping. Exact: the text is never turned into a fraction.
 */
export function yuanToFen(text: string): Result<Fen, 'not-yuan'> {
  const match = /^(0|[1-9][0-9]{0,13})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (match === null) {
    return fail('not-yuan');
  }
  const [, whole = '0', decimals = ''] = match;
  const amount = Number(`${whole}${decimals.padEnd(2, '0')}`);
  return isFen(amount) ? ok(amount) : fail('not-yuan');
}

/** Writes fen as yuan with two decimals; the exact inverse of `yuanToFen`. */
export function fenToYuan(amountFen: Fen): string {
  const digits = String(amountFen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
