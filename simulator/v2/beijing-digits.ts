import { parseRfc3339 } from '../rfc3339.ts';

const DIGITS = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

/** Unix milliseconds of `yyyyMMddHHmmss` in Beijing; undefined for any other text or no real time. */
export const parseBeijingDigits = (text: string): number | undefined => {
  const [whole, year, month, day, hour, minute, second] = DIGITS.exec(text) ?? [];
  return whole === undefined
    ? undefined
    : parseRfc3339(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
};
