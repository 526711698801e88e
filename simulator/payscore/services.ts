import { randomInt } from 'node:crypto';

/** A PayScore service that WeChat Pay opened for a merchant, with the longest plan it allows. */
export type Service = {
  /** Digits, at most 32. */
  readonly id: string;
  readonly maxDays: number;
  /** At most 100, so that what is kept of a sign plan has a bound. */
  readonly maxDeductions: number;
};

const MAX_DEDUCTIONS = 100;

/** A service under a number of its own, 32 digits as in the documents. */
export const newService = (): Service => ({
  id: `0000400000000016${randomInt(10 ** 9, 10 ** 10)}000001`,
  maxDays: 365,
  maxDeductions: MAX_DEDUCTIONS,
});

/** Says what is wrong with the services of a merchant, or undefined. */
export const servicesIssue = (services: readonly Service[]): string | undefined => {
  const ids = services.map(({ id }) => id);
  if (!ids.every((id) => /^[0-9]{1,32}$/.test(id))) return 'the id of a service must be digits';
  if (new Set(ids).size !== ids.length) return 'two services have the same id';
  if (!services.every(({ maxDays }) => isCount(maxDays))) return 'maxDays must be at least 1';
  return services.every(({ maxDeductions: most }) => isCount(most) && most <= MAX_DEDUCTIONS)
    ? undefined
    : `maxDeductions must be 1 to ${MAX_DEDUCTIONS}`;
};

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
