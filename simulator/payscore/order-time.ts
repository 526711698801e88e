import { parseRfc3339 } from '../rfc3339.ts';

const DIGITS = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

/** Unix milliseconds of `yyyyMMddHHmmss` in Beijing; undefined for any other text or no real date. */
export const parseOrderTime = (text: string): number | undefined => {
  const [, year, month, day, hour, minute, second] = DIGITS.exec(text) ?? [];
  return year === undefined
    ? undefined
    : parseRfc3339(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
};

/** The same, and `yyyyMMdd` for the midnight with which a day begins. */
export const parsePaidTime = (text: string): number | undefined =>
  parseOrderTime(text.length === 8 ? `${text}000000` : text);
